-- The message of a room that is pinned, by its seq, since when and by whom; null if none is.
--
-- kind        user_id   target_seq
-- 24 pinned   by whom   the message, or null for none
alter table fluxy_room add column pinned_seq integer;
alter table fluxy_room add column pinned_at integer;
alter table fluxy_room add column pinned_by text;
