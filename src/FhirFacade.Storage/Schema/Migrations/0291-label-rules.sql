-- ValueSets that clients store add to the rules by which resources are labelled. One row, once there are any: whatever changes such a ValueSet changes the revision in the same transaction.
create table label_rules (
  one boolean primary key default true check (one),
  revision bigint not null,
  changed timestamptz not null
);

create function change_label_rules() returns void language sql as $$
  insert into label_rules as r (revision, changed) values (1, clock_timestamp()) on conflict (one) do update set revision = r.revision + 1, changed = clock_timestamp()
$$;

-- useContext says with the code focus which labels it stands for.
create function is_label_value_set(doc json) returns boolean language sql immutable parallel safe
  return coalesce(doc ->> 'status' = 'active' and jsonb_path_exists(doc::jsonb,
    '$.useContext[*] ? (@.code.code == "focus").valueCodeableConcept.coding[*] ? (@.system == "http://terminology.hl7.org/CodeSystem/v3-ActCode")'), false);

create function note_label_value_set() returns trigger language plpgsql as $$
begin
  if (tg_op <> 'INSERT' and is_label_value_set(old.doc)) or (tg_op <> 'DELETE' and is_label_value_set(new.doc)) then
    perform change_label_rules();
  end if;
  return null;
end
$$;

-- Called when all tables are there.
create function watch_label_value_sets() returns void language plpgsql as $$
begin
  if not exists (select from pg_trigger where tgname = 'note_label_value_set') then
    create trigger note_label_value_set after insert or update of doc or delete on r.valueset for each row execute function note_label_value_set();
    -- Those that were stored before.
    if exists (select from r.valueset where is_label_value_set(doc)) then
      perform change_label_rules();
    end if;
  end if;
end
$$;
