package io.fluxy.store;

import io.fluxy.chat.RoomId;

/**
 * A post's client message id is already in the log for its user, under a seq the room knows of.
 * Nothing was saved.
 */
public final class ClientIdTakenException extends StoreException {
  private static final long serialVersionUID = 1;

  public ClientIdTakenException(RoomId room) {
    super(room + ": a client message id that was offered is already in the log");
  }
}
