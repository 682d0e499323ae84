-- Who may see more than usual in an emergency, and each time that somebody did: who, why, for how long, and who has looked into it.

alter table smart_account add column break_glass boolean not null default false;

create table break_glass (
  id uuid primary key default gen_random_uuid(),
  account uuid not null references smart_account on delete restrict,
  client_id text collate "C" not null,
  -- What every access token that comes of it carries; it ends with it.
  authorization_id uuid not null,
  -- In the person's own words. Kept here alone: not in a log, not in the audit trail.
  reason text not null,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  reviewed_at timestamptz,
  reviewed_by text,
  review_note text
);
create index break_glass_authorization on break_glass (authorization_id, expires_at);
create index break_glass_open on break_glass (started_at) where reviewed_at is null;
