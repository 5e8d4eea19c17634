package io.fluxy.protocol.pushflo;

import io.fluxy.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Publishes that have no answer yet, or were told to try again: the stock SDK sends these once
 * more, byte for byte, and says nothing that would tell a repetition from a second message
 * (contract 6.3). Until there is an answer, the same bytes are the same message.
 *
 * <p>Safe for use by many threads.
 */
final class Retries {
  private final Scheduler scheduler;
  private final long windowMs;
  private final Map<String, Attempt> open; // guarded by this

  private record Attempt(String sendId, long untilTicksMs) {}

  Retries(Scheduler scheduler, PushFloLimits limits) {
    this.scheduler = scheduler;
    this.windowMs = limits.dedupMs();
    this.open =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Attempt> eldest) {
            return size() > limits.dedupMax();
          }
        };
  }

  boolean areRecognised() {
    return windowMs > 0;
  }

  /** What to call the send of these bytes, so that sending them again does nothing new. */
  synchronized String sendId(String hash) {
    long now = scheduler.ticksMs();
    Attempt known = open.get(hash);
    if (known != null && known.untilTicksMs() > now) {
      return known.sendId();
    }
    String sendId =
        "retry-" + Long.toHexString(scheduler.random()) + Long.toHexString(scheduler.random());
    open.remove(hash);
    open.put(hash, new Attempt(sendId, now + windowMs));
    return sendId;
  }

  /** There is an answer: the same bytes are another message from now on. */
  synchronized void answered(String hash) {
    open.remove(hash);
  }
}
