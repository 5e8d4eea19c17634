package io.fluxy.protocol.pushflo;

import io.fluxy.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were found to be no good, by their hashes: clients come back with them for ever
 * (contract 2.7), and then neither a signature is checked nor a store asked.
 *
 * <p>Safe for use by many threads.
 */
final class Rejections {
  private final Scheduler scheduler;
  private final long lifeMs;
  private final Map<String, Known> known; // guarded by this

  private record Known(Rejected rejected, long untilTicksMs) {}

  Rejections(Scheduler scheduler, PushFloLimits limits) {
    this.scheduler = scheduler;
    this.lifeMs = limits.rejectedSeconds() * 1_000L;
    this.known =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > limits.rejectedMax();
          }
        };
  }

  synchronized @Nullable Rejected find(String hash) {
    Known found = known.get(hash);
    if (found != null && found.untilTicksMs() <= scheduler.ticksMs()) {
      known.remove(hash);
      return null;
    }
    return found == null ? null : found.rejected();
  }

  synchronized void add(String hash, Rejected rejected) {
    known.put(hash, new Known(rejected, scheduler.ticksMs() + lifeMs));
  }
}
