-- The words of messages, for search. Filled behind the log, when somebody searches: fluxy_search_mark
-- says up to which seq of a room. Nothing but a copy: both may be emptied at any time.
create table if not exists fluxy_search_mark (
  room_key bigint not null primary key,
  seq bigint not null
);

create table if not exists fluxy_search (
  room_key bigint not null,
  seq bigint not null,
  at_ms bigint not null,
  words tsvector not null,
  primary key (room_key, seq)
);

create index if not exists fluxy_search_words on fluxy_search using gin (words);
