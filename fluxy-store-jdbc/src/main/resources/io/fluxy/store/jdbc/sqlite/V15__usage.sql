-- Fluxy's schema, version 15: what projects use up.

-- month_key such as 2026-11, in UTC; metric in a word.
create table if not exists fluxy_usage (
  project_id text not null,
  month_key text not null,
  metric text not null,
  used integer not null,
  primary key (project_id, month_key, metric)
) strict, without rowid;
