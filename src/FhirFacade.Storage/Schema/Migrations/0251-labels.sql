-- By which rules the resources of each type carry their labels, and how far the job is that labels them anew where the rules have changed.
create table label_type (
  type text collate "C" primary key,
  -- Of the rules; see SensitivityRules.Fingerprint.
  rules bigint not null,
  -- Current versions first, by rid, then history, by id and version.
  after_rid bigint not null default 0,
  is_history boolean not null default false,
  after_id text collate "C" not null default '',
  after_version int not null default 0,
  finished boolean not null default false
);
