-- Fluxy's schema, version 14: files that users have uploaded; their bytes are elsewhere.

-- room_id is the room's id in its project; seq the message that shows the file, 0 as long as none does. doomed is 1
-- once nobody may have it any more: then its bytes are removed, and after them its row. The extra of a post names its
-- files: attachments[].fileId.
create table if not exists fluxy_attachment (
  project_id text not null,
  attachment_id text not null,
  room_id text not null,
  user_id text not null,
  name text not null,
  content_type text not null,
  size_bytes integer not null,
  created_at integer not null,
  seq integer not null,
  doomed integer not null,
  primary key (project_id, attachment_id)
) strict, without rowid;

create index if not exists fluxy_attachment_user on fluxy_attachment (project_id, user_id, size_bytes);

create index if not exists fluxy_attachment_room on fluxy_attachment (project_id, room_id, seq);

create index if not exists fluxy_attachment_end on fluxy_attachment (doomed, seq, created_at);
