-- Whom staff and relatives reach, one row a patient and resource that says so, so that a statement finds it by one look into an index. The rows follow the resources by
-- triggers: whatever writes a resource, in whatever way, writes them in the same transaction. References are kept as text: a hash decides nobody's rights.
create table reach (
  -- The resource that says so, such as CareTeam/1.
  source text collate "C" not null,
  -- Practitioner/1 and RelatedPerson/1 reach the patient; so do those who have a role in Organization/1, where a site lets them.
  who text collate "C" not null,
  patient bigint not null,
  -- The last day, as far as it is known ('2024', '2024-05'); '9999' if there is no end.
  until text collate "C" not null,
  primary key (source, who)
);
create index reach_who on reach (who, patient, until);

-- The organisations that practitioners have a role in.
create table reach_role (
  source text collate "C" primary key,
  who text collate "C" not null,
  organization text collate "C" not null
);
create index reach_role_who on reach_role (who);

-- Whom a resource lets reach its patient, and until when.
create function reach_of(type text, id text, doc json) returns table (who text, until text) language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan as $$
begin
  if type = 'CareTeam' and coalesce(doc ->> 'status', 'active') in ('active', 'suspended') then
    return query
      select p -> 'member' ->> 'reference', max(coalesce(nullif(left(p -> 'period' ->> 'end', 10), ''), '9999') collate "C")
      from json_array_elements(doc -> 'participant') p where starts_with(p -> 'member' ->> 'reference', 'Practitioner/') group by 1;
  elsif type = 'Encounter' and doc ->> 'status' not in ('cancelled', 'entered-in-error') then
    return query
      select distinct p -> 'individual' ->> 'reference', '9999' from json_array_elements(doc -> 'participant') p where starts_with(p -> 'individual' ->> 'reference', 'Practitioner/')
      union all select doc -> 'serviceProvider' ->> 'reference', '9999' where starts_with(doc -> 'serviceProvider' ->> 'reference', 'Organization/');
  elsif type = 'Patient' then
    return query
      select distinct g ->> 'reference', '9999' from json_array_elements(doc -> 'generalPractitioner') g where starts_with(g ->> 'reference', 'Practitioner/')
      union all select doc -> 'managingOrganization' ->> 'reference', '9999' where starts_with(doc -> 'managingOrganization' ->> 'reference', 'Organization/');
  elsif type = 'RelatedPerson' and doc ->> 'active' is distinct from 'false' then
    return query select 'RelatedPerson/' || id, '9999';
  end if;
end
$$;

-- A resource that belongs to no patient, or to several, lets nobody reach any.
create function reach_follow() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  type text := tg_argv[0];
begin
  if tg_op <> 'INSERT' then
    delete from reach r where r.source = type || '/' || old.id
      and (tg_op = 'DELETE' or new.patient is null or new.id <> old.id or not exists (select from reach_of(type, new.id, new.doc) n where n.who = r.who));
  end if;
  if tg_op <> 'DELETE' and new.patient is not null then
    insert into reach (source, who, patient, until) select type || '/' || new.id, n.who, new.patient, n.until from reach_of(type, new.id, new.doc) n order by n.who
    on conflict (source, who) do update set patient = excluded.patient, until = excluded.until where (reach.patient, reach.until) is distinct from (excluded.patient, excluded.until);
  end if;
  return null;
end
$$;

create function reach_role_follow() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if tg_op <> 'INSERT' then
    delete from reach_role where source = 'PractitionerRole/' || old.id;
  end if;
  if tg_op <> 'DELETE' and new.doc ->> 'active' is distinct from 'false'
      and starts_with(new.doc -> 'practitioner' ->> 'reference', 'Practitioner/') and starts_with(new.doc -> 'organization' ->> 'reference', 'Organization/') then
    insert into reach_role (source, who, organization) values ('PractitionerRole/' || new.id, new.doc -> 'practitioner' ->> 'reference', new.doc -> 'organization' ->> 'reference');
  end if;
  return null;
end
$$;

create function extend_resource_table_270(resource_type text) returns void language plpgsql as $$
declare
  t text := lower(resource_type);
  type text;
begin
  select name into type from unnest(array['CareTeam', 'Encounter', 'Patient', 'RelatedPerson', 'PractitionerRole']) name where lower(name) = t;
  if type is null then
    return;
  end if;
  if type = 'PractitionerRole' then
    execute format('create or replace trigger reach_role_follow after insert or delete or update of id, doc on r.%I for each row execute function reach_role_follow()', t);
    execute format('insert into reach_role select ''PractitionerRole/'' || t.id, t.doc -> ''practitioner'' ->> ''reference'', t.doc -> ''organization'' ->> ''reference'' from r.%I t
      where t.doc ->> ''active'' is distinct from ''false'' and starts_with(t.doc -> ''practitioner'' ->> ''reference'', ''Practitioner/'')
        and starts_with(t.doc -> ''organization'' ->> ''reference'', ''Organization/'') on conflict do nothing', t);
  else
    -- Creating a trigger keeps writers out until this transaction ends: none of the rows that are there is missed.
    execute format('create or replace trigger reach_follow after insert or delete or update of id, patient, doc on r.%I for each row execute function reach_follow(%L)', t, type);
    execute format('insert into reach (source, who, patient, until) select %1$L || ''/'' || t.id, n.who, t.patient, n.until from r.%2$I t cross join lateral reach_of(%1$L, t.id, t.doc) n
      where t.patient is not null on conflict do nothing', type, t);
  end if;
end
$$;

create or replace function create_resource_table(resource_type text) returns void language plpgsql as $$
begin
  perform create_resource_table_1(resource_type);
  perform extend_resource_table_2(resource_type);
  perform extend_resource_table_200(resource_type);
  perform extend_resource_table_270(resource_type);
  if resource_type = 'SearchParameter' then
    perform watch_search_parameters();
  end if;
end
$$;

select extend_resource_table_270(tablename::text) from pg_tables where schemaname = 'r' and tablename in ('careteam', 'encounter', 'patient', 'relatedperson', 'practitionerrole');
analyze reach, reach_role;
