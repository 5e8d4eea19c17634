package io.fluxy.store;

import io.fluxy.chat.RoomId;

/** Another writer was faster: the log already has a seq that was offered. Nothing was saved. */
public final class SeqTakenException extends StoreException {
  private static final long serialVersionUID = 1;

  public SeqTakenException(RoomId room, long offered) {
    super(room + ": seq " + offered + " offered, but the log already has it");
  }
}
