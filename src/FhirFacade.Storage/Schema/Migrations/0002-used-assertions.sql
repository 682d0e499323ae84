-- Client assertions that have been used for a token: none is taken twice, by any instance of the server, across restarts.
create table used_assertion (
  client_id text collate "C" not null,
  -- SHA-256 of the jti, which is the client's to choose.
  jti bytea not null,
  expires_at timestamptz not null,
  primary key (client_id, jti)
);
create index used_assertion_expires on used_assertion (expires_at);
