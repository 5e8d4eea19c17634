-- The agents of projects; body is all else that is said of one, a JSON object.
create table if not exists fluxy_agent (
  project_id text collate "C" not null,
  agent_id text collate "C" not null,
  handle text collate "C" not null,
  name text not null,
  body text not null,
  created_at bigint not null,
  primary key (project_id, agent_id),
  unique (project_id, handle)
);

-- How agents' runs stand, as the logs of their rooms said last; body is the run, a JSON object.
create table if not exists fluxy_run (
  room_key bigint not null,
  run_id text collate "C" not null,
  agent_id text collate "C" not null,
  status text collate "C" not null,
  at_ms bigint not null,
  body text not null,
  primary key (room_key, run_id)
);

create index if not exists fluxy_run_agent on fluxy_run (agent_id, at_ms);
