-- ValueSets that clients store add to the rules by which resources are labelled. One row: whatever changes such a ValueSet changes the revision in the same transaction.
create table label_rules (
  one boolean primary key default true check (one),
  revision bigint not null default 0,
  changed timestamptz not null default '-infinity'
);
insert into label_rules default values;

-- useContext says with the code focus which labels it stands for.
create function is_label_value_set(doc json) returns boolean language sql immutable parallel safe
  return coalesce(doc ->> 'status' = 'active' and jsonb_path_exists(doc::jsonb,
    '$.useContext[*] ? (@.code.code == "focus").valueCodeableConcept.coding[*] ? (@.system == "http://terminology.hl7.org/CodeSystem/v3-ActCode")'), false);

create function note_label_value_set() returns trigger language plpgsql as $$
begin
  if (tg_op <> 'INSERT' and is_label_value_set(old.doc)) or (tg_op <> 'DELETE' and is_label_value_set(new.doc)) then
    update label_rules set revision = revision + 1, changed = clock_timestamp();
  end if;
  return null;
end
$$;
create trigger label_value_set after insert or update of doc or delete on r.valueset for each row execute function note_label_value_set();
