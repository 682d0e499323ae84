-- What the consents of patients say, compiled: a row a provision, written in the transaction that writes the Consent. Statements ask these rows and nothing else,
-- so that a consent holds from the moment at which it is committed, for whoever asks next.

-- Which build's reading of consents the rows are; another one makes them anew.
create table consent_reading (one boolean primary key default true check (one), number int not null);

-- An array that is null is no condition. '?' among its values is one that is not understood: then nobody can say for certain whom or what it does not cover.
create table consent_rule (
  consent text collate "C" not null,
  -- 0 is the root. A provision comes after the one that it is an exception to.
  node int not null,
  parent int not null,
  patient bigint not null,
  -- The column ref_hash of the patient's row: rows that belong to nobody are found to name the patient by it.
  patient_ref bigint not null,
  denies boolean not null,
  -- Never certain to hold.
  opaque boolean not null,
  valid_from timestamptz,
  valid_to timestamptz,
  actors text[],
  -- 1 collect, 2 access, 4 correct, 8 not understood.
  actions int,
  purposes text[],
  wider_purposes text[],
  types text[],
  -- Terms of the search parameter type (for documents) and of _profile.
  document_terms bigint[],
  profile_terms bigint[],
  codes jsonb,
  data jsonb,
  labels jsonb,
  data_from timestamptz,
  data_to timestamptz,
  primary key (consent, node)
);
create index consent_rule_patient on consent_rule (patient, consent, node);
create index consent_rule_patient_ref on consent_rule (patient_ref) where node = 0;

-- When earlier versions were about: like the columns of the current ones. Null where that was not kept.
alter table history add column date_lo timestamptz, add column date_hi timestamptz;

-- Whether a resource refers to another: 2 for certain, 1 by an address that may be another server's, 0 not. Of a deletion nobody knows.
create function consent_refers(doc jsonb, target text) returns int language sql immutable parallel safe
  return case when doc is null then 1 else coalesce((
    select max(case when r = target or starts_with(r, target || '/_history/') then 2 when right(r, length(target) + 1) = '/' || target or strpos(r, '/' || target || '/_history/') > 0 then 1 else 0 end)
    from (select x #>> '{}' as r from jsonb_path_query(doc, '$.**.reference') x) refs), 0) end;

-- Whether the resource that a provision names and the row have to do with each other in the way that it says: 2, 1 or 0 as above.
create function consent_data(entry jsonb, row_type text, row_id text, row_doc json) returns int language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan as $$
declare
  target text := entry ->> 'reference';
  named json;
begin
  if row_type || '/' || row_id = target and entry ->> 'meaning' <> 'authoredby' then
    return 2;
  end if;
  case entry ->> 'meaning'
    when 'dependents' then
      return consent_refers(row_doc::jsonb, target);
    when 'related' then
      if to_regclass('r.' || quote_ident(lower(split_part(target, '/', 1)))) is not null then
        execute format('select doc from r.%I where id = $1', lower(split_part(target, '/', 1))) into named using split_part(target, '/', 2);
      end if;
      return case when named is null then 0 else consent_refers(named::jsonb, row_type || '/' || row_id) end;
    when 'authoredby' then
      if row_doc is null then
        return 1;
      end if;
      return greatest(
        (select coalesce(max(consent_refers(part, target)), 0) from unnest(array[(row_doc -> 'author')::jsonb, (row_doc -> 'recorder')::jsonb, (row_doc -> 'requester')::jsonb]) part where part is not null),
        (select coalesce(max(least(consent_refers(value, target), 1)), 0) from jsonb_each(row_doc::jsonb) where key in (
          'asserter', 'performer', 'enterer', 'informationSource', 'source', 'participant', 'responsible', 'attester', 'authenticator', 'sender', 'agent', 'provider', 'prescriber',
          'interpreter', 'resultsInterpreter', 'verification', 'contributor', 'author', 'recorder', 'requester')));
    else
      return 0;
  end case;
end
$$;

-- How far the security labels of a provision are on a row: 2 all, 1 some or perhaps, 0 none.
create function consent_labels(labels jsonb, terms bigint[]) returns int language plpgsql immutable parallel safe set plan_cache_mode = force_generic_plan as $$
declare
  label jsonb;
  met int := 0;
  unknown int := 0;
  wanted bigint[];
  levels bigint[];
begin
  for label in select * from jsonb_array_elements(labels) loop
    if label ? 'unknown' then
      unknown := unknown + 1;
      continue;
    end if;
    wanted := array(select jsonb_array_elements_text(label -> 'any')::bigint);
    levels := array(select jsonb_array_elements_text(label -> 'none')::bigint);
    if not terms && levels and (label -> 'any' is null or terms && wanted
        or (label ? 'bare' and not terms && array(select jsonb_array_elements_text(label -> 'bare')::bigint))) then
      met := met + 1;
    end if;
  end loop;
  return case when met = jsonb_array_length(labels) then 2 when met + unknown > 0 then 1 else 0 end;
end
$$;

-- Whether the consents of a patient leave a row open. Each provision holds for certain (2), perhaps (1) or not (0). What a denial may cover is closed unless a provision
-- within it permits it for certain; any consent that closes a row closes it. opt_in: some consent has to permit it.
create function consent_permits(
  of_patient bigint, row_type text, row_id text, row_terms bigint[], row_lo timestamptz, row_hi timestamptz, row_doc json,
  who text[], what_for text[], what int, opt_in boolean
) returns boolean language plpgsql stable parallel safe cost 1000 set plan_cache_mode = force_generic_plan as $$
declare
  n record;
  v int;
  path int[];
  denials int[] := '{}';
  permitted boolean := not opt_in;
begin
  for n in select c.* from consent_rule c where c.patient = of_patient order by c.consent, c.node loop
    if n.node = 0 then
      if denials <> '{}' then
        return false;
      end if;
      path := '{}';
    elsif path[n.parent + 1] = 0 then
      path := path || 0;
      continue;
    end if;
    v := case when n.opaque then 1 else 2 end;
    if now() < n.valid_from or now() >= n.valid_to then
      v := 0;
    end if;
    if v > 0 and n.actors is not null then
      v := least(v, case when n.actors && who then 2 when '?' = any(n.actors) then 1 else 0 end);
    end if;
    if v > 0 and n.actions is not null then
      -- One request may be several actions: a permission has to name all of them.
      v := least(v, case when n.actions & what = what then 2 when n.actions & (what | 8) <> 0 then 1 else 0 end);
    end if;
    if v > 0 and n.purposes is not null then
      v := least(v, case when what_for <@ n.purposes then 2 when what_for is null or '?' = any(n.purposes) or what_for && (n.purposes || n.wider_purposes) then 1 else 0 end);
    end if;
    if v > 0 and n.types is not null then
      v := least(v, case when row_type = any(n.types) or row_terms && n.profile_terms
        or (row_type in ('Composition', 'DocumentReference', 'DocumentManifest') and row_terms && n.document_terms) then 2 when '?' = any(n.types) then 1 else 0 end);
    end if;
    if v > 0 and (n.data_from is not null or n.data_to is not null) then
      v := least(v, case
        when row_lo is null or (row_lo = '-infinity' and row_hi is null) then 1
        when coalesce(row_lo >= n.data_from, true) and coalesce(coalesce(row_hi, 'infinity') <= n.data_to, true) then 2
        when coalesce(coalesce(row_hi, 'infinity') > n.data_from, true) and coalesce(row_lo < n.data_to, true) then 1
        else 0 end);
    end if;
    if v > 0 and n.labels is not null then
      v := least(v, consent_labels(n.labels, row_terms));
    end if;
    if v > 0 and n.codes is not null then
      v := least(v, case
        when row_doc is null then 1
        when exists (select from jsonb_array_elements(n.codes) c where c ? 'code' and case when c ? 'system'
          then jsonb_path_exists(row_doc::jsonb, '$.** ? (@.code == $code && @.system == $system)', c) else jsonb_path_exists(row_doc::jsonb, '$.** ? (@.code == $code)', c) end) then 2
        when exists (select from jsonb_array_elements(n.codes) c where not c ? 'code') then 1
        else 0 end);
    end if;
    if v > 0 and n.data is not null then
      v := least(v, (select max(case when d ? 'reference' then consent_data(d, row_type, row_id, row_doc) else 1 end) from jsonb_array_elements(n.data) d));
    end if;
    if n.node > 0 then
      if v = 2 then
        denials := array_remove(denials, n.parent);
      end if;
      v := least(v, path[n.parent + 1]);
    elsif v = 2 then
      permitted := true;
    end if;
    path := path || v;
    if n.denies and v > 0 then
      denials := denials || n.node;
    end if;
  end loop;
  return permitted and denials = '{}';
end
$$;

-- Everybody whom the one who asks stands for, where a consent names them: the person, their roles, the organisations of these and what those are part of, their care
-- teams and groups, and the app, as the Device that has its name.
create function consent_actors(who text, app text, practitioner_term bigint, participant_term bigint, member_term bigint, identifier_term bigint) returns text[]
language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan as $$
begin
  return array(
    with recursive role as (
      select 'PractitionerRole/' || r.id as role, r.doc -> 'organization' ->> 'reference' as organization from r.practitionerrole r
      where r.terms && array[practitioner_term] and r.doc -> 'practitioner' ->> 'reference' = who and r.doc ->> 'active' is distinct from 'false'
        and coalesce(nullif(left(r.doc -> 'period' ->> 'end', 10), ''), '9999') >= to_char(now(), 'YYYY-MM-DD')),
    organization as (
      select organization as ref, 1 as depth from role where organization is not null
      union
      select o.doc -> 'partOf' ->> 'reference', s.depth + 1 from organization s join r.organization o on 'Organization/' || o.id = s.ref
      where s.depth < 10 and o.doc -> 'partOf' ->> 'reference' is not null)
    select who where who is not null
    union select role from role
    union select ref from organization
    union select 'CareTeam/' || t.id from r.careteam t
      where t.terms && array[participant_term] and coalesce(t.doc ->> 'status', 'active') in ('active', 'suspended')
        and exists (select from json_array_elements(t.doc -> 'participant') p where p -> 'member' ->> 'reference' = who
          and coalesce(nullif(left(p -> 'period' ->> 'end', 10), ''), '9999') >= to_char(now(), 'YYYY-MM-DD'))
    union select 'Group/' || g.id from r."group" g
      where g.terms && array[member_term] and g.doc ->> 'active' is distinct from 'false'
        and exists (select from json_array_elements(g.doc -> 'member') m where m -> 'entity' ->> 'reference' = who and m ->> 'inactive' is distinct from 'true')
    union select 'Device/' || app where app <> ''
    union select 'Device/' || d.id from r.device d
      where app <> '' and d.terms && array[identifier_term] and exists (select from json_array_elements(d.doc -> 'identifier') i where i ->> 'value' = app));
end
$$;
