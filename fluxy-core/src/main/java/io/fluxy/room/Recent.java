package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.wire.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last stretch of the log as it was told, frames included, for members that could not hear it
 * at the time.
 */
final class Recent {
  private final int eventsMax;
  private final Deque<Told> told = new ArrayDeque<>();
  private int events;

  /** A delivery of numbered events, all of them consecutive. */
  record Told(long firstSeq, long lastSeq, Delivery delivery) {
    /** One event that is not for everyone; null if all of it is for everyone. */
    @Nullable Event restricted() {
      Event first = delivery.events().get(0);
      return first.readers() == null ? null : first;
    }
  }

  Recent(int eventsMax) {
    this.eventsMax = eventsMax;
  }

  void add(Delivery delivery, Event.Durable first, Event.Durable last) {
    told.addLast(new Told(first.seq(), last.seq(), delivery));
    events += delivery.events().size();
    while (events > eventsMax && told.size() > 1) {
      events -= told.removeFirst().delivery().events().size();
    }
  }

  /**
   * A stretch of the log, at most so many events of it.
   *
   * @return null if it is not in memory, or if something was deleted since: then the log knows best
   *     what may still be told
   */
  @Nullable List<Event.Durable> events(long afterSeq, long upToSeq, int max) {
    List<Event.Durable> events = new ArrayList<>();
    long reached = afterSeq;
    for (Told each : told) {
      for (Event event : each.delivery().events()) {
        Event.Durable durable = (Event.Durable) event;
        if (durable instanceof Event.Deleted) {
          return null;
        } else if (durable.seq() == reached + 1 && reached < upToSeq && events.size() < max) {
          events.add(durable);
          reached++;
        }
      }
    }
    return reached == upToSeq || events.size() == max ? events : null;
  }

  /** Forgets all of it. */
  void clear() {
    told.clear();
    events = 0;
  }

  /** What was told next after a seq; null if that is no longer, or not as a whole, in memory. */
  @Nullable Told after(long seq) {
    for (Told each : told) {
      if (each.lastSeq() > seq) {
        return each.firstSeq() == seq + 1 ? each : null;
      }
    }
    return null;
  }
}
