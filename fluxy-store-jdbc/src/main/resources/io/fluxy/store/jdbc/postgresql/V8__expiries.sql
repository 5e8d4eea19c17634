-- Messages that go by themselves, in the order in which they go; a row goes with its message. The extra of a post has the
-- time, too: expiresAt.
--
-- kind        user_id   target_seq
-- 23 expired  author    message     (deleted, and its text is out of the store)
create table if not exists fluxy_expiry (
  expires_at bigint not null,
  room_key bigint not null,
  seq bigint not null,
  primary key (expires_at, room_key, seq)
);

create index if not exists fluxy_expiry_message on fluxy_expiry (room_key, seq);
