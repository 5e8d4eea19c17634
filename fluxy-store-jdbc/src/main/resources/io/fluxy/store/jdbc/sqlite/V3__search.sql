-- The words of messages, for search. Filled behind the log, when somebody searches: fluxy_search_mark
-- says up to which seq of a room. Nothing but a copy: all three may be emptied at any time.
create table if not exists fluxy_search_mark (
  room_key integer not null primary key,
  seq integer not null
) strict;

-- Which message a row of fluxy_search is about; ids rise with the time of the message.
create table if not exists fluxy_search_row (
  id integer not null primary key,
  room_key integer not null,
  seq integer not null,
  unique (room_key, seq)
) strict;

-- scope holds one word for the project and one for the room.
create virtual table if not exists fluxy_search using fts5 (
  words, scope, tokenize = 'unicode61 remove_diacritics 2'
);

-- What is removed is gone from the index, too.
insert into fluxy_search (fluxy_search, rank) values ('secure-delete', 1);
