package io.fluxy.protocol.pushflo;

import io.fluxy.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Publishes whose answer may not have reached their publisher: the stock SDK sends these once more,
 * byte for byte, and says nothing that would tell a repetition from a second message (contract
 * 6.3). The same bytes are the same message as long as there is no answer, and for a while after
 * one that was lost on its way, that came late, or that told to try again. After any other answer
 * they are another message.
 *
 * <p>Safe for use by many threads.
 */
final class Retries {
  private final Scheduler scheduler;
  private final long windowMs;
  private final long lateMs;
  private final Map<String, Send> sends; // by hash; guarded by this

  Retries(Scheduler scheduler, PushFloLimits limits) {
    this.scheduler = scheduler;
    this.windowMs = limits.dedupMs();
    this.lateMs = limits.dedupLateMs();
    this.sends =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Send> eldest) {
            return size() > limits.dedupMax();
          }
        };
  }

  boolean areRecognised() {
    return windowMs > 0;
  }

  /** What a publisher sends, however often it does. */
  private static final class Send {
    private final String hash;
    private final String id;
    private int unanswered; // attempts; guarded by the retries
    private long untilTicksMs;

    Send(String hash, String id) {
      this.hash = hash;
      this.id = id;
    }
  }

  /** One request to publish these bytes begins. */
  synchronized Attempt begin(String hash) {
    long now = scheduler.ticksMs();
    Send send = sends.get(hash);
    if (send == null || (send.unanswered == 0 && send.untilTicksMs <= now)) {
      String id =
          "retry-" + Long.toHexString(scheduler.random()) + Long.toHexString(scheduler.random());
      send = new Send(hash, id);
      sends.remove(hash);
      sends.put(hash, send);
    }
    send.unanswered++;
    return new Attempt(send, now);
  }

  /** One request of a send. */
  final class Attempt {
    private final Send send;
    private final long sinceTicksMs;

    private Attempt(Send send, long sinceTicksMs) {
      this.send = send;
      this.sinceTicksMs = sinceTicksMs;
    }

    /** What to call the message, so that sending it again does nothing new. */
    String sendId() {
      return send.id;
    }

    /** There is an answer, and no reason yet to believe that it gets lost. */
    void answered() {
      synchronized (Retries.this) {
        send.unanswered--;
        if (scheduler.ticksMs() - sinceTicksMs > lateMs) {
          remember();
        } else {
          sends.remove(send.hash, send);
        }
      }
    }

    /** The publisher is told to try again. */
    void failed() {
      synchronized (Retries.this) {
        send.unanswered--;
        remember();
      }
    }

    /** The answer has not been written whole. */
    void lost() {
      synchronized (Retries.this) {
        remember();
      }
    }

    private void remember() {
      send.untilTicksMs = scheduler.ticksMs() + windowMs;
      sends.putIfAbsent(send.hash, send);
    }
  }
}
