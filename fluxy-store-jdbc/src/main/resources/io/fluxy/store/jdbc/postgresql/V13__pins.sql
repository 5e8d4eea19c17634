-- The message of a room that is pinned, by its seq, since when and by whom; null if none is.
--
-- kind        user_id   target_seq
-- 24 pinned   by whom   the message, or null for none
alter table fluxy_room add column if not exists pinned_seq bigint;
alter table fluxy_room add column if not exists pinned_at bigint;
alter table fluxy_room add column if not exists pinned_by text collate "C";
