package io.fluxy.protocol.pusher;

import io.fluxy.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The last event of each cache channel of an app, as publishers sent it (contract 2.6). Kept in
 * memory, also for channels that nobody is subscribed to. What is put here goes into the room's
 * mailbox under the same lock, and so does a subscriber's join: whoever joins gets the last event
 * from here or from the room, and never twice or not at all.
 *
 * <p>Safe for use by many threads.
 */
final class Cache {
  private final Scheduler scheduler;
  private final long lifeMs;
  private final Map<String, Last> last; // guarded by this

  /**
   * An event.
   *
   * @param data as JSON
   */
  record Last(String name, String data, long untilTicksMs) {}

  Cache(Scheduler scheduler, int lifeSeconds, int channelsMax) {
    this.scheduler = scheduler;
    this.lifeMs = lifeSeconds * 1_000L;
    this.last =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Last> eldest) {
            return size() > channelsMax;
          }
        };
  }

  /** Remembers an event, and tells it by {@code telling}, which must not block. */
  synchronized <T> T put(String channel, String name, String data, Supplier<T> telling) {
    last.put(channel, new Last(name, data, scheduler.ticksMs() + lifeMs));
    return telling.get();
  }

  /** Lets somebody join, which must not block, who is to be told the last event. */
  synchronized <T> T join(String channel, Function<Optional<Last>, T> joining) {
    return joining.apply(find(channel));
  }

  synchronized Optional<Last> find(String channel) {
    Last known = last.get(channel);
    if (known != null && known.untilTicksMs() <= scheduler.ticksMs()) {
      last.remove(channel);
      return Optional.empty();
    }
    return Optional.ofNullable(known);
  }

  /** For how many more seconds an event is told. */
  long secondsLeft(Last known) {
    return Math.max(1, (known.untilTicksMs() - scheduler.ticksMs() + 999) / 1_000);
  }
}
