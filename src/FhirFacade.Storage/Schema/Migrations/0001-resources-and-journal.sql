-- Resources: the current version of each in a table a type (schema r), earlier versions and deletions in history.
-- Journal: every message as it came, and what became of it.

create schema r;

-- The logical id of a patient as a number: exact, so that it may decide who sees a row. Rows are never removed or changed.
create table patient_key (
  key bigint generated always as identity primary key,
  id text collate "C" not null unique
);

-- What can be seen of a version that is no longer current. A deletion is a row without a document, which keeps the access
-- columns of the version that it ended: who could see that version may see that it is gone.
create table history (
  type text collate "C" not null,
  id text collate "C" not null,
  version int not null,
  last_updated timestamptz not null,
  patient bigint,
  terms bigint[] not null,
  deleted boolean not null,
  method text collate "C" not null,
  source bigint,
  doc json,
  primary key (type, id, version),
  check (deleted = (doc is null))
);
create index history_by_time on history (type, last_updated, id, version);

-- Creates the table of a resource type, its side tables and indexes; does nothing where they are already there.
-- The side tables have no foreign key: their rows are written and removed with the resource's, in the same statement.
create function create_resource_table(resource_type text) returns void language plpgsql as $$
declare
  t text := lower(resource_type);
begin
  if to_regclass('r.' || quote_ident(t)) is not null then
    return;
  end if;
  execute format('create table r.%I (
    rid bigint generated always as identity primary key,
    id text collate "C" not null unique,
    version int not null,
    last_updated timestamptz not null,
    ref_hash bigint not null,
    patient bigint,
    date_lo timestamptz not null,
    date_hi timestamptz,
    terms bigint[] not null,
    present int[] not null,
    content_hash bytea not null,
    method text collate "C" not null,
    source bigint,
    doc json not null)', t);
  execute format('create index %I on r.%I (patient, date_lo desc, rid desc) where patient is not null', t || '_patient', t);
  execute format('create index %I on r.%I (date_lo, rid)', t || '_date', t);
  -- Few periods are long. A search for a day finds the others by their start; Search/Emit/DateSql says the same condition.
  execute format('create index %I on r.%I (date_hi) where case when isfinite(date_lo) and isfinite(date_hi) then date_hi - date_lo > interval ''31 days'' else date_hi is not null end', t || '_long_date', t);
  -- Reverse chains arrive at a row by the hash of its reference.
  execute format('create index %I on r.%I (ref_hash)', t || '_reference', t);
  execute format('create index %I on r.%I (last_updated, rid)', t || '_last_updated', t);
  execute format('create index %I on r.%I using gin (terms) with (fastupdate = on, gin_pending_list_limit = 512)', t || '_terms', t);
  execute format('alter table r.%I alter column terms set statistics 1000', t);
  -- A sample sees too few patients twice to tell how many there are, and would keep the planner from their index.
  execute format('alter table r.%I alter column patient set (n_distinct = -0.01)', t);
  execute format('create table r.%I (
    rid bigint not null,
    param int not null,
    lo double precision not null,
    hi double precision not null,
    unit bigint,
    unit_code bigint,
    unit_name bigint)', t || '_range');
  execute format('create index %I on r.%I (param, lo, rid)', t || '_range_lo', t || '_range');
  execute format('create index %I on r.%I (param, hi, rid)', t || '_range_hi', t || '_range');
  execute format('create index %I on r.%I (rid)', t || '_range_rid', t || '_range');
  execute format('create table r.%I (
    rid bigint not null,
    param int not null,
    value text collate "C" not null)', t || '_text');
  execute format('create index %I on r.%I (param, value, rid)', t || '_text_value', t || '_text');
  execute format('create index %I on r.%I (rid)', t || '_text_rid', t || '_text');
end
$$;

create table journal (
  id bigint generated always as identity primary key,
  sender text collate "C" not null,
  control_id text collate "C" not null,
  message_type text collate "C" not null,
  correlation_id text collate "C" not null,
  received_at timestamptz not null,
  -- SHA-256 of the bytes as received.
  hash bytea not null,
  -- The message as received; null for a duplicate, whose bytes are those of the row that it repeats.
  bytes bytea,
  state text collate "C" not null check (state in ('received', 'stored', 'failed', 'duplicate')),
  -- Messages that share a lane are processed in the order of their ids.
  lanes smallint[] not null,
  duplicate_of bigint,
  attempts int not null default 0,
  finished_at timestamptz,
  -- Why it failed: where in the message, which rule, the code of HL7 table 0357. Never the value.
  error_location text,
  error_rule text,
  error_code int,
  -- Populated fields that no mapping used, and warnings as [severity, code, location, rule].
  unmapped text[],
  warnings json,
  check ((state = 'duplicate') = (duplicate_of is not null)),
  check ((state = 'duplicate') = (bytes is null))
);
create unique index journal_identity on journal (sender, control_id, hash) where duplicate_of is null;
create index journal_received on journal (id) where state = 'received';
create index journal_failed on journal (id) where state = 'failed';
create index journal_duplicate on journal (id) where state = 'duplicate';

-- A worker holds the row of each lane whose messages it processes.
create table lane (lane smallint primary key);
insert into lane select generate_series(0, 63);

do $$
begin
  alter table journal alter column bytes set compression lz4;
exception when feature_not_supported then
  null; -- a server without lz4 compresses with its own method
end
$$;
