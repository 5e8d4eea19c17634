-- Fluxy's schema, version 10: webhooks, and the outbox of what they are still to be told.

-- event_types is a list with commas. Whoever delivers holds the lease; leased_until 0 if nobody does.
create table if not exists fluxy_webhook (
  webhook_id text not null primary key,
  project_id text not null,
  url text not null,
  secret text,
  event_types text not null,
  created_at integer not null,
  leased_by text not null,
  leased_until integer not null
) strict, without rowid;

-- lane: a room's id, or empty; deliveries of one webhook and lane are made in order. seq: the event in the
-- room's log that it tells of; 0 if payload (JSON) says it all. status: 0 pending, 1 delivered, 2 failed.
create table if not exists fluxy_delivery (
  delivery_id text not null primary key,
  project_id text not null,
  webhook_id text not null,
  event_type text not null,
  lane text not null,
  seq integer not null,
  payload text,
  status integer not null,
  attempts integer not null,
  next_attempt_at integer not null,
  last_http_status integer not null,
  last_error text,
  delivered_at integer,
  created_at integer not null,
  updated_at integer not null
) strict;

create index if not exists fluxy_delivery_lane on fluxy_delivery (webhook_id, status, lane, created_at, seq);

create index if not exists fluxy_delivery_project on fluxy_delivery (project_id, created_at);
