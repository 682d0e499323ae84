-- Of two events at the same time the one whose message came in later counts, also when a message is processed again: the journal row is the second
-- part of an event's time. In feed_times it stands behind a point (18f2a.1c:status); times without one are those of row 0.
alter table feed_move alter column moved_at set default 0;
update feed_move set moved_at = 0 where moved_at is null;
alter table feed_move alter column moved_at set not null;
alter table feed_move add column moved_by bigint not null default 0;
-- True if both ids are of one thing, which has another number now: then what is said of the former is said of the latter.
alter table feed_move add column is_rename boolean not null default false;
update feed_move set is_rename = true where type = 'Encounter';
create index feed_move_to on feed_move (to_id) where type = 'Account.subject';
-- Types such as Encounter.subject: from_id and to_id are visit/patient, and say whose the visit was and is.

-- The latest snapshot of each kind of a patient's resources: what an earlier message brings later, the snapshot has removed already.
create table feed_snapshot (
  type text collate "C" not null,
  patient text collate "C" not null,
  -- Of which visit; empty for all of the patient's.
  encounter text collate "C" not null,
  taken_at bigint not null,
  taken_by bigint not null,
  -- What the snapshot says of those that it does not carry.
  content json not null,
  primary key (type, patient, encounter)
);
