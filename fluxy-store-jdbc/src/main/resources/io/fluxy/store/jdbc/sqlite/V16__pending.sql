-- Posts that hosts have written in transactions of their own. The room takes them once the transaction is committed: then the
-- message is in fluxy_log under client_id, and the row goes. A post that the room refuses for good stays here for thirty days,
-- with the time and the reason.
--
-- place rises with what one process writes; draft is JSON: roles, content, parentId, attachments, readers, expiresAt,
-- expiresAfter.
create table if not exists fluxy_pending (
  pending_id text not null primary key,
  room_key integer not null,
  user_id text not null,
  client_id text not null,
  draft text not null,
  created_at integer not null,
  place integer not null,
  refused_at integer,
  reason text
) strict, without rowid;

create index if not exists fluxy_pending_place on fluxy_pending (refused_at, place);
