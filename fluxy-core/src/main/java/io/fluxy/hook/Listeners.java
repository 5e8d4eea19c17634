package io.fluxy.hook;

import io.fluxy.chat.Event;
import io.fluxy.store.RoomRecord;
import io.fluxy.time.Scheduler;
import java.util.List;

/** An engine's listeners, each with what it has not heard yet. Safe for use by many threads. */
public final class Listeners {
  private final List<Lane<?>> lanes;

  /**
   * How a listener fares.
   *
   * @param heard events it was told, those it threw at included
   * @param failed how often it threw
   * @param missed events that found its queue full
   * @param waiting events in its queue now
   */
  public record Counts(long heard, long failed, long missed, int waiting) {}

  private Listeners(List<Lane<?>> lanes) {
    this.lanes = lanes;
  }

  /** One listener's queue and thread. */
  public static final class Lane<E extends Event.Durable> {
    private final Class<E> kind;
    private final HostQueue<Happened<E>> lane;

    /** An event of a room; shown without what it says. */
    private record Happened<E extends Event.Durable>(RoomRecord room, E event) {
      @Override
      public String toString() {
        return "seq " + event.seq() + " of " + room.id();
      }
    }

    /**
     * A lane.
     *
     * @param thread where the listener is called; nobody else should need it, for it may block
     */
    public Lane(Class<E> kind, Listener<? super E> listener, Scheduler thread, int eventsMax) {
      this.kind = kind;
      this.lane =
          new HostQueue<>(
              "listener " + listener.getClass().getName(),
              next -> listener.happened(next.room(), next.event()),
              thread,
              eventsMax);
    }

    private void offer(RoomRecord room, Event.Durable event) {
      if (kind.isInstance(event)) {
        lane.offer(new Happened<>(room, kind.cast(event)));
      }
    }

    private Counts counts() {
      return lane.counts();
    }
  }

  public static Listeners of(List<Lane<?>> lanes) {
    return new Listeners(List.copyOf(lanes));
  }

  /** Puts an event into the queues of those who want it. Returns at once. */
  public void happened(RoomRecord room, Event.Durable event) {
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).offer(room, event);
    }
  }

  /** How each of them fares, in the order they were added. */
  public List<Counts> counts() {
    return lanes.stream().map(Lane::counts).toList();
  }
}
