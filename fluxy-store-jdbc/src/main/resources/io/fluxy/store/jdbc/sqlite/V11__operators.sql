-- Fluxy's schema, version 11: what moderators and operators do.

-- How users stand with the moderators of a room; 0 for not at all, 9223372036854775807 for good.
-- In fluxy_log: kind 20 sanction, user_id by whom, body whom, extra sanction, untilMs, reason.
create table if not exists fluxy_sanction (
  room_key integer not null,
  user_id text not null,
  muted_until integer not null,
  banned_until integer not null,
  primary key (room_key, user_id)
) strict, without rowid;

-- What users complain about; message_id is the one on the wire.
create table if not exists fluxy_report (
  report_id text not null primary key,
  project_id text not null,
  room_id text not null,
  user_id text not null,
  message_id integer,
  reason text not null,
  created_at integer not null
) strict;

create index if not exists fluxy_report_project on fluxy_report (project_id, created_at);

-- What operators have done; metadata is a JSON object.
create table if not exists fluxy_audit (
  audit_id text not null primary key,
  project_id text not null,
  actor text not null,
  actor_roles text not null,
  action text not null,
  target_type text not null,
  target_id text not null,
  trace_id text not null,
  metadata text not null,
  created_at integer not null
) strict;

create index if not exists fluxy_audit_project on fluxy_audit (project_id, created_at);
