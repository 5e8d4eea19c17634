package io.fluxy.store;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;

/**
 * A room in the directory.
 *
 * @param number unique in the project, from 1, never used again; part of every message id of the
 *     room
 * @param createdAtMs UTC milliseconds since 1970
 */
public record RoomRecord(RoomId id, long number, RoomType type, String name, long createdAtMs) {
  /** The same room under another name or of another type. */
  public RoomRecord changed(String newName, RoomType newType) {
    return new RoomRecord(id, number, newType, newName, createdAtMs);
  }
}
