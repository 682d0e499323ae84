-- A block of the audit trail holds its events itself, many in one compressed value. What came before (audit_event) stays as it is and goes on being read.

alter table audit_block
  add column data bytea,
  -- Four bytes an event: where the block was changed, they tell which event was.
  add column marks bytea,
  -- What the block is found by: patient_key.key of the patients, and numbers below zero for users and applications.
  add column keys bigint[],
  add column failures int,
  add column first_at timestamptz,
  add column last_at timestamptz;
-- It is compressed already.
alter table audit_block alter column data set storage external;
create index audit_block_keys on audit_block using gin (keys) with (fastupdate = on, gin_pending_list_limit = 1024);
create index audit_block_time on audit_block using brin (last_at);

-- Retention: the blocks up to one of them were taken out. Its hash stays, so that what follows can still be proven to follow.
create table audit_removal (
  through bigint primary key,
  hash bytea not null,
  events bigint not null,
  at timestamptz not null default now()
);
create trigger audit_removal_stays before update or delete or truncate on audit_removal for each statement execute function audit_is_append_only();

-- Only what is told here goes: never the last block, never one that does not have the hash that is told, and nothing that is younger than 30 days, so that
-- nobody covers a trace that is fresh.
create function audit_removal_is_true() returns trigger language plpgsql as $$
begin
  if not exists (select from audit_block where id = new.through and hash = new.hash) or not exists (select from audit_block where id > new.through)
    or exists (select from audit_block where id <= new.through and coalesce(last_at, written_at) > now() - interval '30 days') then
    raise exception 'the audit trail has no such block, or it is not old enough to be removed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger audit_removal_is_true before insert on audit_removal for each row execute function audit_removal_is_true();

create function audit_keeps_its_time() returns trigger language plpgsql as $$
begin
  if not exists (select from audit_removal where through >= case tg_table_name when 'audit_block' then (to_jsonb(old) ->> 'id')::bigint else (to_jsonb(old) ->> 'block')::bigint end) then
    raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
drop trigger audit_block_stays on audit_block;
drop trigger audit_event_stays on audit_event;
create trigger audit_block_stays before update or truncate on audit_block for each statement execute function audit_is_append_only();
create trigger audit_event_stays before update or truncate on audit_event for each statement execute function audit_is_append_only();
create trigger audit_block_keeps before delete on audit_block for each row execute function audit_keeps_its_time();
create trigger audit_event_keeps before delete on audit_event for each row execute function audit_keeps_its_time();
