-- The column ref_hash of a resource, by its name: as Search/Index/Terms.cs makes it. Earlier versions have no such column.
create function resource_hash(type text, id text) returns bigint language sql immutable parallel safe
  return (select get_byte(h, 0)::bigint | (get_byte(h, 1)::bigint << 8) | (get_byte(h, 2)::bigint << 16) | (get_byte(h, 3)::bigint << 24)
      | (get_byte(h, 4)::bigint << 32) | (get_byte(h, 5)::bigint << 40) | (get_byte(h, 6)::bigint << 48) | (get_byte(h, 7)::bigint << 56)
    from sha256('r'::bytea || set_byte('\x00000000'::bytea, 0, octet_length(type)) || convert_to(type, 'UTF8') || '\xffffffff'::bytea
      || set_byte('\x00000000'::bytea, 0, octet_length(id)) || convert_to(id, 'UTF8')) h);
