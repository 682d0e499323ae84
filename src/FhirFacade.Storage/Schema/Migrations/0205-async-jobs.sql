-- Requests that were asked to be answered later (R4 async.html), and their answers until they expire.
create table async_job (
  -- 128 random bits, hexadecimal.
  id text collate "C" primary key,
  client_id text collate "C" not null,
  subject text collate "C" not null,
  -- What the token of the request said: pairs of name and value.
  claims jsonb not null,
  method text collate "C" not null,
  -- Path and query under the server's root, and the whole address as the client wrote it.
  target text not null,
  request text not null,
  headers jsonb not null,
  body bytea,
  state text collate "C" not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  progress text not null default '',
  -- Of a failure: the status and the OperationOutcome.
  status int,
  outcome bytea,
  created_at timestamptz not null,
  -- The last sign of life of whoever works on it.
  beat_at timestamptz,
  expires_at timestamptz
);
create index async_job_open on async_job (created_at) where state in ('waiting', 'running');
create index async_job_client on async_job (client_id) where state in ('waiting', 'running');
create index async_job_expires on async_job (expires_at) where expires_at is not null;

-- A page of an answer: a Bundle.
create table async_page (
  job text collate "C" not null references async_job on delete cascade,
  ordinal int not null,
  doc bytea not null,
  primary key (job, ordinal)
);
