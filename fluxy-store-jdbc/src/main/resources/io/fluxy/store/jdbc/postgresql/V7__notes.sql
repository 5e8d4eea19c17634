-- What users keep in rooms: small notes, of which the last one counts.
--
-- kind           seq        body
-- 1 draft        0          JSON: content, replyToId
-- 2 preferences  0          JSON: notifyEnabled, preferences
-- 3 receipt      message    how far the message has come
create table if not exists fluxy_note (
  room_key bigint not null,
  kind smallint not null,
  seq bigint not null,
  user_id text collate "C" not null,
  body text not null,
  at_ms bigint not null,
  primary key (room_key, kind, seq, user_id)
);
