-- Fluxy's schema, version 11: what moderators and operators do.

-- How users stand with the moderators of a room; 0 for not at all, 9223372036854775807 for good.
-- In fluxy_log: kind 20 sanction, user_id by whom, body whom, extra sanction, untilMs, reason.
create table if not exists fluxy_sanction (
  room_key bigint not null,
  user_id varchar not null,
  muted_until bigint not null,
  banned_until bigint not null,
  primary key (room_key, user_id)
);

-- What users complain about; message_id is the one on the wire.
create table if not exists fluxy_report (
  report_id varchar not null primary key,
  project_id varchar not null,
  room_id varchar not null,
  user_id varchar not null,
  message_id bigint,
  reason varchar not null,
  created_at bigint not null
);

create index if not exists fluxy_report_project on fluxy_report (project_id, created_at);

-- What operators have done; metadata is a JSON object.
create table if not exists fluxy_audit (
  audit_id varchar not null primary key,
  project_id varchar not null,
  actor varchar not null,
  actor_roles varchar not null,
  action varchar not null,
  target_type varchar not null,
  target_id varchar not null,
  trace_id varchar not null,
  metadata varchar not null,
  created_at bigint not null
);

create index if not exists fluxy_audit_project on fluxy_audit (project_id, created_at);
