-- Patients that have become one, visits that have another number: who still refers to the former means the latter.
create table feed_move (
  type text collate "C" not null,
  from_id text collate "C" not null,
  to_id text collate "C" not null,
  -- Milliseconds since 1970 of the event; null if it is not known.
  moved_at bigint,
  primary key (type, from_id)
);
