-- The audit trail: who did what, when, to whose data. Events are written in blocks, one a commit; each block's hash covers its events and the hash of the
-- block before, so that what is changed, taken out or put in later shows.

create table audit_block (
  id bigint primary key,
  written_at timestamptz not null default now(),
  events int not null,
  -- SHA-256 of the events, and of the hash before together with it.
  digest bytea not null,
  hash bytea not null
);

create table audit_event (
  block bigint not null,
  number int not null,
  at timestamptz not null,
  action text collate "C" not null check (action in ('C', 'R', 'U', 'D', 'E')),
  kind text collate "C" not null,
  status int not null,
  subject text collate "C" not null,
  client text collate "C" not null,
  address text collate "C" not null,
  purpose text collate "C" not null,
  correlation text collate "C" not null,
  -- What was asked for: a path, and the names of parameters. Never their values.
  target text collate "C" not null,
  -- Versions that were shown or made, with blanks between them; and whose they are.
  entities text collate "C" not null,
  patients text[] collate "C" not null,
  primary key (block, number)
);
create index audit_event_patients on audit_event using gin (patients) with (fastupdate = on, gin_pending_list_limit = 1024);
create index audit_event_time on audit_event using brin (at);

-- Nothing of it is ever changed, whoever asks: not by this application, whatever its code does.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_block_stays before update or delete or truncate on audit_block for each statement execute function audit_is_append_only();
create trigger audit_event_stays before update or delete or truncate on audit_event for each statement execute function audit_is_append_only();
