package io.fluxy.transport.jetty;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Drops who sends the head of a request byte by byte. Every byte starts Jetty's idle timeout anew,
 * so that alone never catches them. One look at all connections now and then, rather than a timer
 * for each: it takes up to one and a half times the deadline.
 */
final class SlowHeads extends AbstractLifeCycle {
  private static final long BYTES_PER_SECOND_MIN = 1_024;

  /** How a connection sends since its last complete head. */
  private enum Pace {
    QUIET,
    SENDING,
    LATE,
    TOO_LATE
  }

  /**
   * What was seen of a connection.
   *
   * @param requests complete heads
   * @param bytes all that came
   * @param since when it began to send, on top of {@code bytesThen}
   */
  private record Seen(long requests, long bytes, Pace pace, long since, long bytesThen) {}

  private final ServerConnector connector;
  private final long deadlineMs;
  private Map<EndPoint, Seen> seen = new HashMap<>();
  private volatile Scheduler.@Nullable Task next;

  SlowHeads(ServerConnector connector, long deadlineMs) {
    this.connector = connector;
    this.deadlineMs = deadlineMs;
  }

  @Override
  protected void doStart() {
    lookLater();
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
  }

  private void lookLater() {
    next = connector.getScheduler().schedule(this::look, deadlineMs / 4, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = NanoTime.now();
    Map<EndPoint, Seen> known = new HashMap<>();
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      Connection connection = endPoint.getConnection();
      if (connection != null && !(connection instanceof SocketConnection)) {
        Seen it = look(seen.get(endPoint), connection, now);
        if (it.pace == Pace.TOO_LATE) {
          endPoint.close();
        } else {
          known.put(endPoint, it);
        }
      }
    }
    seen = known;
    if (isRunning()) {
      lookLater();
    }
  }

  /**
   * A few bytes without a new request may be a body. Who sends more of them after the deadline is
   * late, unless it was the beginning of a request that the next look finds complete.
   */
  private Seen look(@Nullable Seen last, Connection connection, long now) {
    long requests = connection.getMessagesIn();
    long bytes = connection.getBytesIn();
    if (last == null || last.requests != requests) {
      Pace pace = requests == 0 ? Pace.SENDING : Pace.QUIET; // a new one has to say something
      return new Seen(requests, bytes, pace, now, bytes);
    }
    boolean more = bytes > last.bytes || requests == 0;
    return switch (last.pace) {
      case QUIET -> more ? new Seen(requests, bytes, Pace.SENDING, now, last.bytes) : last;
      case SENDING -> {
        Pace pace = more && isLate(last, bytes, now) ? Pace.LATE : Pace.SENDING;
        yield new Seen(requests, bytes, pace, last.since, last.bytesThen);
      }
      case LATE, TOO_LATE -> new Seen(requests, bytes, Pace.TOO_LATE, last.since, last.bytesThen);
    };
  }

  private boolean isLate(Seen last, long bytes, long now) {
    long ms = TimeUnit.NANOSECONDS.toMillis(now - last.since);
    return ms >= deadlineMs && bytes - last.bytesThen < ms * BYTES_PER_SECOND_MIN / 1_000;
  }
}
