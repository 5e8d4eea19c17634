-- Fluxy's schema, version 1. Public: read it, join it; write only through Fluxy.
-- Times are UTC milliseconds since 1970. A message's id on the wire is fluxy_room.number << 27 | seq.

create table if not exists fluxy_project (
  project_id varchar not null primary key,
  name varchar not null,
  created_at bigint not null,
  jwt_secret varchar not null
);

-- API keys; hash is the lower-case hex of SHA-256 over the key, place the order they are listed in.
create table if not exists fluxy_api_key (
  hash varchar not null primary key,
  project_id varchar not null,
  prefix varchar not null,
  created_at bigint not null,
  place smallint not null
);

create index if not exists fluxy_api_key_project on fluxy_api_key (project_id);

-- room_key names a room in the other tables; number is the project's own count, part of message ids.
create table if not exists fluxy_room (
  room_key bigint not null primary key,
  project_id varchar not null,
  room_id varchar not null,
  number bigint not null,
  type varchar not null,
  name varchar not null,
  created_at bigint not null,
  unique (project_id, room_id),
  unique (project_id, number)
);

-- Every room's log. The primary key decides who comes first when two writers offer the same seq.
--
-- kind        user_id   target_seq  body          extra (JSON)
-- 1 posted    author    parent      content       mentions, attachments
-- 2 edited    editor    message     new content
-- 3 deleted   deleter   message
-- 4 erased    deleter   message                   (deleted, and its text is out of the store)
-- 5 reacted   reactor   message     emoji
-- 6 unreacted reactor   message     emoji
-- 7 joined    by whom               new member    role
-- 8 left      by whom               who
-- 9 tool      of whom               JSON          phase, runId, agentId, toolCallId, name
-- 10 run      of whom               JSON          runId, agentId, status
--
-- revised, revised_at, deleted_at and version of a post say how the message stands now.
create table if not exists fluxy_log (
  room_key bigint not null,
  seq bigint not null,
  kind smallint not null,
  at_ms bigint not null,
  user_id varchar not null,
  target_seq bigint,
  client_id varchar,
  body varchar,
  extra varchar,
  version integer not null,
  revised varchar,
  revised_at bigint,
  deleted_at bigint,
  primary key (room_key, seq),
  unique (room_key, user_id, client_id)
);

-- Who has put what on a message, as it stands now; seq is the event that did it.
create table if not exists fluxy_reaction (
  room_key bigint not null,
  target_seq bigint not null,
  emoji varchar not null,
  user_id varchar not null,
  seq bigint not null,
  primary key (room_key, target_seq, emoji, user_id)
);

create table if not exists fluxy_member (
  room_key bigint not null,
  user_id varchar not null,
  role varchar not null,
  joined_at bigint not null,
  primary key (room_key, user_id)
);

create index if not exists fluxy_member_user on fluxy_member (user_id);

-- Up to where a user has read.
create table if not exists fluxy_read (
  room_key bigint not null,
  user_id varchar not null,
  seq bigint not null,
  primary key (room_key, user_id)
);
