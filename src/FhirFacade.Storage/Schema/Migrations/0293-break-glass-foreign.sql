-- Emergencies of people whom a foreign issuer vouches for: they have no account here.
alter table break_glass alter column account drop not null, add column issuer text collate "C", add column subject text collate "C", add column fhir_user text collate "C",
  add constraint break_glass_whose check (account is not null or (issuer is not null and subject is not null));
