package io.fluxy.hook;

import io.fluxy.chat.Event;
import io.fluxy.store.RoomRecord;
import io.fluxy.time.Scheduler;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An engine's listeners, each with what it has not heard yet. Safe for use by many threads. */
public final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final int TOLD_AT_ONCE = 256; // then others on the same thread get their chance

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
    private final Listener<? super E> listener;
    private final Scheduler thread;
    private final int eventsMax;
    private final ConcurrentLinkedQueue<Happened<E>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();

    private record Happened<E extends Event.Durable>(RoomRecord room, E event) {}

    /**
     * A lane.
     *
     * @param thread where the listener is called; nobody else should need it, for it may block
     */
    public Lane(Class<E> kind, Listener<? super E> listener, Scheduler thread, int eventsMax) {
      this.kind = kind;
      this.listener = listener;
      this.thread = thread;
      this.eventsMax = eventsMax;
    }

    private void offer(RoomRecord room, Event.Durable event) {
      if (!kind.isInstance(event)) {
        return;
      } else if (waiting.incrementAndGet() > eventsMax) {
        waiting.decrementAndGet();
        if (missed.getAndIncrement() == 0) {
          LOG.warn("{} is too slow: more than {} events wait, and it misses some", this, eventsMax);
        }
        return;
      }
      queue.add(new Happened<>(room, kind.cast(event)));
      wake();
    }

    private void wake() {
      if (running.compareAndSet(false, true)) {
        thread.run(this::tell);
      }
    }

    private void tell() {
      Happened<E> next;
      for (int told = 0; told < TOLD_AT_ONCE && (next = queue.poll()) != null; told++) {
        waiting.decrementAndGet();
        heard.incrementAndGet();
        try {
          listener.happened(next.room(), next.event());
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
          failed.incrementAndGet();
          LOG.warn("{} threw at seq {} of {}", this, next.event().seq(), next.room().id(), e);
        }
      }
      running.set(false);
      if (!queue.isEmpty()) { // one may have slipped in after the last look
        wake();
      }
    }

    private Counts counts() {
      return new Counts(heard.get(), failed.get(), missed.get(), waiting.get());
    }

    @Override
    public String toString() {
      return "listener " + listener.getClass().getName();
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
