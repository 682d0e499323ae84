-- Search parameters that a site adds by SearchParameter resources, and the jobs that index stored resources by them.

-- One row. Whatever changes an active SearchParameter changes the generation in the same transaction; whoever writes resources reads it after
-- writing, so that none is kept that was indexed by other parameters. The revision changes also when a parameter may be searched by.
create table index_generation (
  one boolean primary key default true check (one),
  generation bigint not null,
  before bigint not null,
  changed_by xid8 not null,
  revision bigint not null
);

-- The parameters by which all resources are indexed (complete), or will be when the job is done. Gone as soon as the parameter changes.
create table index_parameter (
  id text collate "C" primary key,
  job bigint not null,
  complete boolean not null
);

-- By which of the parameters that are built in (or come with a package) all resources of a type are indexed: a hash of their definitions.
create table index_type (
  type text collate "C" primary key,
  definitions bigint not null
);

create table reindex_job (
  id bigint generated always as identity primary key,
  state text collate "C" not null default 'waiting' check (state in ('waiting', 'running', 'completed', 'cancelled')),
  reason text collate "C" not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- Nothing is read before every transaction below this one has ended: they may have written by earlier parameters.
  barrier xid8,
  -- The pace of all servers together.
  not_before timestamptz not null default now()
);
create index reindex_job_unfinished on reindex_job (id) where state in ('waiting', 'running');

create table reindex_type (
  job bigint not null references reindex_job,
  type text collate "C" not null,
  definitions bigint not null,
  -- The row that was last looked at, and the last one that there was when the job began; later ones are indexed as they should be.
  rid bigint not null default 0,
  last_rid bigint,
  rows_done bigint not null default 0,
  rows_changed bigint not null default 0,
  finished boolean not null default false,
  primary key (job, type)
);

create function search_parameter_facts(doc json) returns jsonb language sql immutable as $$
  select case when doc ->> 'status' = 'active' then jsonb_build_array(
    doc -> 'url', doc -> 'code', doc -> 'base', doc -> 'type', doc -> 'expression', doc -> 'target', doc -> 'component') end
$$;

create function note_search_parameter() returns trigger language plpgsql as $$
declare
  earlier jsonb := case when tg_op <> 'INSERT' then search_parameter_facts(old.doc) end;
  later jsonb := case when tg_op <> 'DELETE' then search_parameter_facts(new.doc) end;
begin
  if earlier is distinct from later then
    delete from index_parameter where id = coalesce(old.id, new.id);
    insert into index_generation as g (generation, before, changed_by, revision) values (1, 0, pg_current_xact_id(), 1)
    on conflict (one) do update set
      before = case when g.changed_by = pg_current_xact_id() then g.before else g.generation end,
      generation = g.generation + 1, changed_by = pg_current_xact_id(), revision = g.revision + 1;
  end if;
  return null;
end
$$;

create function watch_search_parameters() returns void language plpgsql as $$
begin
  if to_regclass('r.searchparameter') is not null and not exists (select from pg_trigger where tgname = 'note_search_parameter') then
    create trigger note_search_parameter after insert or update of doc or delete on r.searchparameter for each row execute function note_search_parameter();
    -- Those that were stored before.
    if exists (select from r.searchparameter where search_parameter_facts(doc) is not null) then
      insert into index_generation (generation, before, changed_by, revision) values (1, 0, pg_current_xact_id(), 1) on conflict do nothing;
    end if;
  end if;
end
$$;

create or replace function create_resource_table(resource_type text) returns void language plpgsql as $$
begin
  perform create_resource_table_1(resource_type);
  perform extend_resource_table_2(resource_type);
  perform extend_resource_table_200(resource_type);
  if resource_type = 'SearchParameter' then
    perform watch_search_parameters();
  end if;
end
$$;

select watch_search_parameters();
