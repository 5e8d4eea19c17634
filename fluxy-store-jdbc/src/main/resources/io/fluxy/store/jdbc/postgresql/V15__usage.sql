-- Fluxy's schema, version 15: what projects use up.

-- month_key such as 2026-11, in UTC; metric in a word.
create table if not exists fluxy_usage (
  project_id text collate "C" not null,
  month_key text collate "C" not null,
  metric text collate "C" not null,
  used bigint not null,
  primary key (project_id, month_key, metric)
);
