package io.fluxy.room;

import io.fluxy.chat.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Events whose append failed without saying whether they were kept. Found in the log later, they
 * are this room's own and not another writer's. For the room's turn only.
 */
final class Doubtful {
  private static final int EVENTS_MAX = 2_048;

  private final Deque<Event.Durable> events = new ArrayDeque<>(0);

  void add(List<Event.Durable> unsure) {
    events.addAll(unsure);
    while (events.size() > EVENTS_MAX) {
      events.removeFirst();
    }
  }

  /** Their fate is known. */
  void remove(List<Event.Durable> sure) {
    events.removeAll(sure);
  }

  /** Whether an event of the log is ours; nothing older is in doubt after this. */
  boolean isOurs(Event.Durable event) {
    if (events.isEmpty()) {
      return false;
    }
    boolean ours = events.contains(event);
    events.removeIf(unsure -> unsure.seq() <= event.seq());
    return ours;
  }
}
