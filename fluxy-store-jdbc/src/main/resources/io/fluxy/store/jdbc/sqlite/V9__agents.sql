-- The agents of projects; body is all else that is said of one, a JSON object.
create table if not exists fluxy_agent (
  project_id text not null,
  agent_id text not null,
  handle text not null,
  name text not null,
  body text not null,
  created_at integer not null,
  primary key (project_id, agent_id),
  unique (project_id, handle)
) strict, without rowid;

-- How agents' runs stand, as the logs of their rooms said last; body is the run, a JSON object.
create table if not exists fluxy_run (
  room_key integer not null,
  run_id text not null,
  agent_id text not null,
  status text not null,
  at_ms integer not null,
  body text not null,
  primary key (room_key, run_id)
) strict, without rowid;

create index if not exists fluxy_run_agent on fluxy_run (agent_id, at_ms);
