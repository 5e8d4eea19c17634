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
 * Drops who sends the head of a request byte by byte. Every byte starts Jetty's idle timeout anew, so that alone never
 * catches them. One look at all connections every few seconds, rather than a timer for each.
 */
final class SlowHeads extends AbstractLifeCycle {
  private static final long LOOK_MS = 2_500;
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long BYTES_PER_SECOND_MIN = 1_024;

  /**
   * What was seen of a connection.
   *
   * @param requests complete heads
   * @param bytes all that came
   * @param begun whether bytes of a further head, or of a body, have come since {@code since}, on top of {@code bytesThen}
   * @param tooSlow whether they come too slowly to go on
   */
  private record Seen(
      long requests, long bytes, boolean begun, boolean tooSlow, long since, long bytesThen) {}

  private final ServerConnector connector;
  private Map<EndPoint, Seen> seen = new HashMap<>();
  private volatile Scheduler.@Nullable Task next;

  SlowHeads(ServerConnector connector) {
    this.connector = connector;
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
    next = connector.getScheduler().schedule(this::look, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = NanoTime.now();
    Map<EndPoint, Seen> known = new HashMap<>();
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      Connection connection = endPoint.getConnection();
      if (connection != null && !(connection instanceof SocketConnection)) {
        Seen it = look(seen.get(endPoint), connection, now);
        if (it.tooSlow) {
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

  /** Bytes that come once, such as a body, are nothing; it takes a second time, after the deadline, to be slow. */
  private static Seen look(@Nullable Seen last, Connection connection, long now) {
    long requests = connection.getMessagesIn();
    long bytes = connection.getBytesIn();
    if (last == null || last.requests != requests) {
      return new Seen(requests, bytes, requests == 0, false, now, bytes);
    }
    boolean more = bytes > last.bytes || requests == 0;
    if (!last.begun && !more) {
      return last;
    }
    if (!last.begun) {
      return new Seen(requests, bytes, true, false, now, last.bytes);
    }
    boolean late = now - last.since > DEADLINE_NANOS;
    long secondsGone = TimeUnit.NANOSECONDS.toSeconds(now - last.since);
    boolean slow = bytes - last.bytesThen < secondsGone * BYTES_PER_SECOND_MIN;
    return new Seen(requests, bytes, true, more && late && slow, last.since, last.bytesThen);
  }
}
