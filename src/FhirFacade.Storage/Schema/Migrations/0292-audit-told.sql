-- What the events of a block are about and what was done, as a filter (Bloom): searches by these read the blocks that may have such events. Null in blocks from before: those are always read.
alter table audit_block add column told bytea;
alter table audit_block alter column told set storage external;

-- Whether a block may tell of what has these two numbers; see AuditFilter.
create function audit_tells(told bytea, one bigint, two bigint) returns boolean language sql immutable parallel safe
  return told is null or (
    get_bit(told, one % (length(told) * 8::bigint)) = 1 and get_bit(told, (one + two) % (length(told) * 8::bigint)) = 1
    and get_bit(told, (one + 2 * two) % (length(told) * 8::bigint)) = 1 and get_bit(told, (one + 3 * two) % (length(told) * 8::bigint)) = 1);
