package io.fluxy.protocol.pushflo;

import io.fluxy.time.Scheduler;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * How far a client has received, without its help: a ping among the messages carries a mark, and
 * the pong that repeats it proves that all before has arrived (contract 6.2). One mark is under way
 * at a time, and one a while.
 *
 * <p>Safe for use by many threads. Calls nobody inside its lock.
 */
final class Cursor {
  private static final long LOST_MS = 10_000;

  private final Scheduler scheduler;
  private final int pauseMs;
  private final Consumer<byte[]> send;
  private final Runnable received;

  // Guarded by this.
  private long mark;
  private boolean underWay;
  private boolean moved; // since the last mark
  private boolean due; // a timer is running
  private long markedAtMs;

  /**
   * @param send sends a mark behind all that was sent so far
   * @param received hears that the last mark has arrived
   */
  Cursor(Scheduler scheduler, int pauseMs, Consumer<byte[]> send, Runnable received) {
    this.scheduler = scheduler;
    this.pauseMs = pauseMs;
    this.send = send;
    this.received = received;
    this.markedAtMs = scheduler.ticksMs() - pauseMs;
  }

  /** Something was sent. */
  void moved() {
    synchronized (this) {
      moved = true;
    }
    go();
  }

  private void go() {
    long now = scheduler.ticksMs();
    long waitMs;
    byte[] next = null;
    synchronized (this) {
      if (!moved || due || (underWay && now - markedAtMs < LOST_MS)) {
        return;
      }
      waitMs = markedAtMs + pauseMs - now;
      if (waitMs > 0) {
        due = true;
      } else {
        moved = false;
        underWay = true;
        markedAtMs = now;
        next = ByteBuffer.allocate(Long.BYTES).putLong(++mark).array();
      }
    }
    if (next == null) {
      scheduler.after(waitMs, this::due);
    } else {
      send.accept(next);
    }
  }

  private void due() {
    synchronized (this) {
      due = false;
    }
    go();
  }

  /** A pong came; only one that repeats the last mark says anything. */
  void answered(ByteBuffer payload) {
    synchronized (this) {
      if (!underWay
          || payload.remaining() != Long.BYTES
          || payload.getLong(payload.position()) != mark) {
        return;
      }
      underWay = false;
    }
    received.run();
    go();
  }
}
