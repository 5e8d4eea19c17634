package io.fluxy.connection;

import io.fluxy.time.Scheduler;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many of something a minute, per key. Windows are fixed minutes of the wall clock (FluxyChat
 * contract 8), so a key costs one counter. Counts live as long as their minute, not as long as a
 * connection: coming back does not help.
 *
 * <p>Safe for use by many threads.
 */
public final class RateLimit {
  private static final long MINUTE_MS = 60_000;
  private static final int KEYS_MAX = 200_000;

  private final Scheduler scheduler;
  private final long windowMs;
  private volatile Window window = new Window(-1);

  /** One minute and what it has seen. */
  private static final class Window {
    private final long minute;
    private final ConcurrentMap<Object, AtomicInteger> counts = new ConcurrentHashMap<>();

    Window(long minute) {
      this.minute = minute;
    }
  }

  public RateLimit(Scheduler scheduler) {
    this(scheduler, MINUTE_MS);
  }

  /** With windows of another length. */
  public RateLimit(Scheduler scheduler, long windowMs) {
    this.scheduler = scheduler;
    this.windowMs = windowMs;
  }

  /**
   * Counts one more, if the minute has room for it.
   *
   * @param key what is limited, such as a record of project, room and user; never anything a frame
   *     says
   * @return empty if it is within the limit, otherwise the seconds until it makes sense to come
   *     back, 1 to 60
   */
  public Optional<Integer> take(Object key, int perMinute) {
    long now = scheduler.nowMs();
    Window current = current(now / windowMs);
    AtomicInteger count = current.counts.get(key);
    if (count == null) {
      if (current.counts.size() >= KEYS_MAX) {
        return Optional.of(secondsLeft(now));
      }
      count = current.counts.computeIfAbsent(key, k -> new AtomicInteger());
    }
    if (count.get() >= perMinute) { // so that a flood does not wrap the counter
      return Optional.of(secondsLeft(now));
    }
    return count.incrementAndGet() <= perMinute ? Optional.empty() : Optional.of(secondsLeft(now));
  }

  /** What {@link #take} would answer, and nothing is counted. */
  public Optional<Integer> look(Object key, int perMinute) {
    long now = scheduler.nowMs();
    AtomicInteger count = current(now / windowMs).counts.get(key);
    return count == null || count.get() < perMinute
        ? Optional.empty()
        : Optional.of(secondsLeft(now));
  }

  private synchronized Window next(long minute) {
    if (window.minute != minute) {
      window = new Window(minute);
    }
    return window;
  }

  private Window current(long minute) {
    Window now = window;
    return now.minute == minute ? now : next(minute);
  }

  private int secondsLeft(long nowMs) {
    return (int) ((windowMs - nowMs % windowMs + 999) / 1000);
  }
}
