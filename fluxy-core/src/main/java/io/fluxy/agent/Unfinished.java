package io.fluxy.agent;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages that people, not agents, are writing bit by bit: what they ask is known when they are
 * whole. One that was begun before this process, or beyond the bound, asks nobody.
 */
final class Unfinished {
  private final int max;
  private final Map<Place, String> authors = new ConcurrentHashMap<>();

  private record Place(RoomId room, long messageId) {}

  Unfinished(int max) {
    this.max = max;
  }

  /** Takes an event into account; says whether it is the edit that makes a message whole. */
  boolean isWholeWith(RoomId room, Event.Durable event) {
    if (event instanceof Event.Posted posted) {
      Event.Stream stream = posted.stream();
      if (stream != null && stream.runId().isEmpty() && authors.size() < max) {
        authors.put(new Place(room, posted.message().id()), posted.message().userId());
      }
    } else if (authors.isEmpty()) {
      return false;
    } else if (event instanceof Event.Edited edited) {
      return authors.remove(new Place(room, edited.messageId())) != null;
    } else if (event instanceof Event.Deleted deleted) {
      authors.remove(new Place(room, deleted.messageId()));
    } else if (event instanceof Event.RoomDeleted) {
      forget(room, null);
    } else if (event instanceof Event.Purged purged) {
      forget(room, purged.userId());
    }
    return false;
  }

  private void forget(RoomId room, @Nullable String author) {
    authors
        .entrySet()
        .removeIf(
            each ->
                each.getKey().room().equals(room)
                    && (author == null || author.equals(each.getValue())));
  }

  int size() {
    return authors.size();
  }
}
