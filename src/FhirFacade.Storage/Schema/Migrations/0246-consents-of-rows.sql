-- Whether consents leave a row open, whoever it belongs to. One call in a statement, since what stands in a statement is planned with it every time.
-- own: the patient who asks. constants: what makes the terms of the row's type by which it names patients.
create function consent_open(
  of_patient bigint, own text, constants bigint[], row_type text, row_id text, row_terms bigint[], row_lo timestamptz, row_hi timestamptz, row_doc json,
  who text[], what_for text[], what int, opt_in boolean
) returns boolean language plpgsql stable parallel safe cost 1000 set plan_cache_mode = force_generic_plan as $$
declare
  own_key bigint := (select key from patient_key where id = own);
begin
  if of_patient is not null then
    return of_patient is not distinct from own_key or consent_permits(of_patient, row_type, row_id, row_terms, row_lo, row_hi, row_doc, who, what_for, what, opt_in);
  end if;
  -- A row that belongs to nobody may name patients all the same; each of them has a say.
  if exists (
    select from unnest(row_terms) term cross join unnest(constants) constant join consent_rule named on named.node = 0 and named.patient_ref = term # constant
    where named.patient is distinct from own_key
      and not consent_permits(named.patient, row_type, row_id, row_terms, row_lo, row_hi, row_doc, who, what_for, what, false)) then
    return false;
  end if;
  return not opt_in or not exists (
    select from unnest(row_terms) term cross join unnest(constants) constant join r.patient named on named.ref_hash = term # constant join patient_key k on k.id = named.id
    where k.key is distinct from own_key
      and not consent_permits(k.key, row_type, row_id, row_terms, row_lo, row_hi, row_doc, who, what_for, what, true));
end
$$;
