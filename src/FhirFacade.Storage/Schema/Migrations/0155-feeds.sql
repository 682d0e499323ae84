-- Where a message came in, and the feed profile (name@version) with which it was last translated.
alter table journal
  add column listener text collate "C" not null default '',
  add column feed text collate "C";

-- The fields that the elements of a version came from. Versions of one kind share their shape: pairs of element and field, the segment written
-- as its number in the list of the version's segments.
create table lineage_shape (
  -- Hash of the elements.
  id bigint primary key,
  elements text not null
);
create table lineage (
  type text collate "C" not null,
  id text collate "C" not null,
  version int not null,
  shape bigint not null,
  segments text collate "C" not null,
  primary key (type, id, version)
);
