-- Posts that hosts have written in transactions of their own. The room takes them once the transaction is committed: then the
-- message is in fluxy_log under client_id, and the row goes. A post that the room refuses for good stays here for thirty days,
-- with the time and the reason.
--
-- place rises with what one process writes; draft is JSON: roles, content, parentId, attachments, readers, expiresAt,
-- expiresAfter.
create table if not exists fluxy_pending (
  pending_id varchar not null primary key,
  room_key bigint not null,
  user_id varchar not null,
  client_id varchar not null,
  draft varchar not null,
  created_at bigint not null,
  place bigint not null,
  refused_at bigint,
  reason varchar
);

create index if not exists fluxy_pending_place on fluxy_pending (refused_at, place);
