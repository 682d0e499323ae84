-- The authorisation server: who may sign in, which apps there are, and what was allowed to whom. Secrets are kept as SHA-256 of long
-- random values, passwords as the framework's hash, and what has to be read again (keys, second factors) is sealed by the server's own key.

create table smart_account (
  id uuid primary key default gen_random_uuid(),
  -- In lower case.
  user_name text collate "C" not null unique,
  display_name text not null,
  password_hash text not null,
  -- The resource that is this person: Practitioner/1, Patient/2 ...
  fhir_user text collate "C",
  -- The secret of the second factor, sealed; and the last time step whose code was used.
  second_factor bytea,
  last_step bigint not null default 0,
  failures int not null default 0,
  locked_until timestamptz,
  disabled boolean not null default false,
  -- Signs in only where the demo switch is on.
  demo boolean not null default false,
  created_at timestamptz not null default now()
);

create table smart_client (
  id text collate "C" primary key,
  name text not null,
  kind text collate "C" not null check (kind in ('public', 'symmetric', 'asymmetric')),
  scope text not null,
  redirect_uris text[] not null,
  launch_url text,
  secret_hash bytea,
  jwks text,
  jwks_url text,
  -- Who made it: the command line, or the client itself by dynamic registration.
  origin text collate "C" not null check (origin in ('command', 'registration')),
  disabled boolean not null default false,
  created_at timestamptz not null default now(),
  check ((kind = 'symmetric') = (secret_hash is not null)),
  check ((kind = 'asymmetric') = (jwks is not null or jwks_url is not null))
);

create table smart_session (
  -- SHA-256 of what the browser's cookie holds.
  id bytea primary key,
  account uuid not null references smart_account on delete cascade,
  signed_in_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index smart_session_account on smart_session (account);
create index smart_session_expires on smart_session (expires_at);

-- What one person allowed one app to do at one time. Codes, refresh tokens and access tokens all come from such a row and end with it.
create table smart_authorization (
  id uuid primary key default gen_random_uuid(),
  client_id text collate "C" not null,
  account uuid not null references smart_account on delete cascade,
  -- The session without which it is nothing (online_access); null if it outlives the session (offline_access).
  session bytea,
  -- What was on the consent page, and what of it was allowed.
  offered text not null,
  scope text not null,
  -- Patient, encounter and the rest of the launch context, as the token response says it.
  context json not null,
  nonce text,
  signed_in_at timestamptz not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index smart_authorization_account on smart_authorization (account, client_id, created_at desc);
create index smart_authorization_session on smart_authorization (session) where session is not null;
create index smart_authorization_expires on smart_authorization (expires_at);

create table smart_code (
  hash bytea primary key,
  authorization_id uuid not null references smart_authorization on delete cascade,
  redirect_uri text not null,
  challenge text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index smart_code_authorization on smart_code (authorization_id);

create table smart_refresh_token (
  hash bytea primary key,
  authorization_id uuid not null references smart_authorization on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index smart_refresh_token_authorization on smart_refresh_token (authorization_id);

-- What a system that shows a record hands to an app that it opens (EHR launch); good once.
create table smart_launch (
  hash bytea primary key,
  client_id text collate "C" not null,
  -- Only this person may take it up; null: whoever signs in.
  fhir_user text collate "C",
  context json not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index smart_launch_expires on smart_launch (expires_at);

-- Access tokens that end before their time: by their own id, by the authorisation they come from, by client or by person.
create table smart_revocation (
  key text collate "C" primary key,
  revoked_at timestamptz not null,
  -- From then on every token of that key has expired by itself.
  expires_at timestamptz not null
);

create table smart_signing_key (
  kid text collate "C" primary key,
  algorithm text collate "C" not null check (algorithm in ('ES384', 'RS256')),
  -- The public half, as it is published.
  jwk text not null,
  -- The private half (PKCS #8), sealed.
  sealed bytea not null,
  created_at timestamptz not null default now(),
  -- No longer signs; is believed until then.
  retired_until timestamptz
);
