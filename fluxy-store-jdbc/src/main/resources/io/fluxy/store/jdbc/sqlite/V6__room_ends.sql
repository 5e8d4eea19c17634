-- When a room was deleted. Its row stays, without its name, so that its id and number are never used again; of its log, the
-- last row stays (kind 22), so that nobody who has not heard of the end can write behind it.
--
-- kind        user_id   target_seq  body          extra (JSON)
-- 21 changed  by whom               new name      new type
-- 22 ended    by whom
alter table fluxy_room add column deleted_at integer;
