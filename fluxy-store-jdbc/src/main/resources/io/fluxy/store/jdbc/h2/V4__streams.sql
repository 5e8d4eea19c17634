-- Fluxy's schema, version 4: messages that are being written bit by bit.

-- One row while a message is being written; its text so far is in fluxy_log.revised. beat moves on at every checkpoint: while it
-- does, somebody is writing. run_id names the agent's run that writes it; empty if it is no agent's.
create table if not exists fluxy_stream (
  room_key bigint not null,
  seq bigint not null,
  run_id varchar not null,
  beat bigint not null,
  primary key (room_key, seq)
);
