-- Fluxy's schema, version 17: what answers what, and whom messages mention. Both follow from the log.

-- An answer: seq is the answer's place in its room's log, readers as there; parent_user_id has written what it answers.
-- A row goes when its answer is deleted.
create table if not exists fluxy_reply (
  room_key integer not null,
  parent_seq integer not null,
  seq integer not null,
  project_id text not null,
  user_id text not null,
  parent_user_id text not null,
  at_ms integer not null,
  readers text,
  primary key (room_key, parent_seq, seq)
) strict, without rowid;

create index if not exists fluxy_reply_message on fluxy_reply (room_key, seq);

create index if not exists fluxy_reply_user on fluxy_reply (project_id, user_id, at_ms);

create index if not exists fluxy_reply_author on fluxy_reply (project_id, parent_user_id, at_ms);

-- A message that mentions somebody; a row goes when the message is deleted, or its author's data. Messages from before this
-- version have no rows here.
create table if not exists fluxy_mention (
  room_key integer not null,
  seq integer not null,
  user_id text not null,
  project_id text not null,
  at_ms integer not null,
  primary key (room_key, seq, user_id)
) strict, without rowid;

create index if not exists fluxy_mention_user on fluxy_mention (project_id, user_id, at_ms);

insert into fluxy_reply (room_key, parent_seq, seq, project_id, user_id, parent_user_id, at_ms, readers)
  select l.room_key, l.target_seq, l.seq, r.project_id, l.user_id, p.user_id, l.at_ms, l.readers
  from fluxy_log l
  join fluxy_room r on r.room_key = l.room_key
  join fluxy_log p on p.room_key = l.room_key and p.seq = l.target_seq
  where l.kind = 1 and l.target_seq is not null and l.deleted_at is null
    and not exists (select 1 from fluxy_reply e where e.room_key = l.room_key and e.parent_seq = l.target_seq and e.seq = l.seq);
