package io.fluxy.store;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import org.jspecify.annotations.Nullable;

/**
 * A room in the directory.
 *
 * @param number unique in the project, from 1, never used again; part of every message id of the
 *     room
 * @param createdAtMs UTC milliseconds since 1970
 * @param pin the message that is pinned; null if none is
 */
public record RoomRecord(
    RoomId id, long number, RoomType type, String name, long createdAtMs, @Nullable Pin pin) {
  /**
   * A message that stands out in its room until it is deleted or another one does.
   *
   * @param atMs when it was pinned, UTC milliseconds since 1970
   * @param by the user who did it
   */
  public record Pin(long messageId, long atMs, String by) {}

  /** A room where nothing is pinned. */
  public RoomRecord(RoomId id, long number, RoomType type, String name, long createdAtMs) {
    this(id, number, type, name, createdAtMs, null);
  }

  /** The same room under another name or of another type. */
  public RoomRecord changed(String newName, RoomType newType) {
    return new RoomRecord(id, number, newType, newName, createdAtMs, pin);
  }

  /** The same room with what an event makes of its pin: one that is deleted is pinned no more. */
  public RoomRecord pinnedAfter(Event.Durable event) {
    if (event instanceof Event.Pinned pinned) {
      Long messageId = pinned.messageId();
      return with(messageId == null ? null : new Pin(messageId, pinned.atMs(), pinned.by()));
    }
    return pin != null && deletes(event, pin.messageId()) ? with(null) : this;
  }

  private RoomRecord with(@Nullable Pin newPin) {
    return new RoomRecord(id, number, type, name, createdAtMs, newPin);
  }

  private static boolean deletes(Event.Durable event, long messageId) {
    if (event instanceof Event.Purged purged) {
      long seq = Message.seqOf(messageId);
      return purged.isOfAll() // what has a label is never pinned
          && purged.userId() == null
          && seq > purged.afterSeq()
          && seq < purged.beforeSeq();
    }
    return event instanceof Event.Deleted deleted && deleted.messageId() == messageId;
  }
}
