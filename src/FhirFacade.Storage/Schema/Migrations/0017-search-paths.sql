-- What searches need beside the tables of 0001: tuples of composite parameters, postings of codes by date, and the texts
-- that stand behind terms.

-- Coded texts (displays) and uris repeat a million times; here each is once, under the term that the rows carry. What a search
-- finds here are terms; whose rows have them is for the grant to open. Rows stay when the last resource with the text goes.
create table index_text (
  term bigint primary key,
  param int not null,
  value text collate "C" not null
);
create index index_text_param on index_text (param, value);

-- The parts of one tuple share its number; key is the hash of the parts that are no ranges.
create function extend_resource_table_2(resource_type text) returns void language plpgsql as $$
declare
  t text := lower(resource_type);
begin
  execute format('alter table r.%I add column if not exists tuple int, add column if not exists key bigint', t || '_range');
  if t in ('observation', 'condition', 'diagnosticreport', 'procedure', 'medicationrequest', 'servicerequest') then
    execute format('create table if not exists r.%I (
      term bigint not null,
      date_lo timestamptz not null,
      rid bigint not null,
      primary key (term, date_lo, rid))', t || '_posting');
    execute format('create index if not exists %I on r.%I (rid)', t || '_posting_rid', t || '_posting');
  end if;
end
$$;

alter function create_resource_table(text) rename to create_resource_table_1;
create function create_resource_table(resource_type text) returns void language plpgsql as $$
begin
  perform create_resource_table_1(resource_type);
  perform extend_resource_table_2(resource_type);
end
$$;

select extend_resource_table_2(tablename::text) from pg_tables where schemaname = 'r' and tablename !~ '_(range|text|posting)$';
