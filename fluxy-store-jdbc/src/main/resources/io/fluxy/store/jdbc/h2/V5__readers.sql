-- Who may read a message and hear what happens to it: user ids with commas between them, then a colon
-- and a role if everyone in that role may too. Null for everyone in the room. On posts, and on every event about one.
alter table fluxy_log add column if not exists readers varchar;
