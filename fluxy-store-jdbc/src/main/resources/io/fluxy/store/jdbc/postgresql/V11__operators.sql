-- Fluxy's schema, version 11: what moderators and operators do.

-- How users stand with the moderators of a room; 0 for not at all, 9223372036854775807 for good.
-- In fluxy_log: kind 20 sanction, user_id by whom, body whom, extra sanction, untilMs, reason.
create table if not exists fluxy_sanction (
  room_key bigint not null,
  user_id text collate "C" not null,
  muted_until bigint not null,
  banned_until bigint not null,
  primary key (room_key, user_id)
);

-- What users complain about; message_id is the one on the wire.
create table if not exists fluxy_report (
  report_id text collate "C" not null primary key,
  project_id text collate "C" not null,
  room_id text collate "C" not null,
  user_id text collate "C" not null,
  message_id bigint,
  reason text not null,
  created_at bigint not null
);

create index if not exists fluxy_report_project on fluxy_report (project_id, created_at);

-- What operators have done; metadata is a JSON object.
create table if not exists fluxy_audit (
  audit_id text collate "C" not null primary key,
  project_id text collate "C" not null,
  actor text collate "C" not null,
  actor_roles text collate "C" not null,
  action text collate "C" not null,
  target_type text collate "C" not null,
  target_id text collate "C" not null,
  trace_id text collate "C" not null,
  metadata text not null,
  created_at bigint not null
);

create index if not exists fluxy_audit_project on fluxy_audit (project_id, created_at);
