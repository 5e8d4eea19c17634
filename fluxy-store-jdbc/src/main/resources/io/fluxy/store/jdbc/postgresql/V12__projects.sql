-- Fluxy's schema, version 12: what changes about projects.

-- A project's plan, and the secret before the present one, whose tokens are good until previous_until.
create table if not exists fluxy_project_state (
  project_id text collate "C" not null primary key,
  plan text,
  previous_secret text,
  previous_until bigint not null
);

-- API keys that end; others have no row here.
create table if not exists fluxy_api_key_end (
  hash text collate "C" not null primary key,
  project_id text collate "C" not null,
  valid_until bigint not null
);

create index if not exists fluxy_api_key_end_project on fluxy_api_key_end (project_id);
