package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Reads a room from its beginning to its end, a stretch of seqs at a time, as its reader may see
 * it: each stretch is asked of the room like a page of history, so who is removed halfway gets no
 * further. For one thread at a time.
 */
final class RoomReading {
  private static final int STRETCH = 200; // seqs, and so messages at most

  private final Rooms rooms;
  private final Identity who;
  private final RoomId id;
  private final long endSeq;
  private long nextSeq;

  /**
   * @param fromSeq the first seq to read
   * @param endSeq the seq before which to stop
   */
  RoomReading(Rooms rooms, Identity who, RoomId id, long fromSeq, long endSeq) {
    this.rooms = rooms;
    this.who = who;
    this.id = id;
    this.nextSeq = fromSeq;
    this.endSeq = endSeq;
  }

  RoomId room() {
    return id;
  }

  boolean isOver() {
    return nextSeq >= endSeq;
  }

  /** The messages of the next stretch, oldest first; may be none though more follow. */
  CompletionStage<List<Message>> next() {
    long from = nextSeq;
    long end = Math.min(endSeq, from + STRETCH);
    nextSeq = end;
    return rooms
        .look(who, id, room -> room.page(who.user(), end, STRETCH))
        .thenApply(page -> oldestFirst(page, from));
  }

  private static List<Message> oldestFirst(List<StoredMessage> page, long from) {
    List<Message> messages = new ArrayList<>();
    for (int i = page.size() - 1; i >= 0; i--) {
      if (page.get(i).message().seq() >= from) {
        messages.add(page.get(i).message());
      }
    }
    return messages;
  }
}
