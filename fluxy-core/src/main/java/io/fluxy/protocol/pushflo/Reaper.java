package io.fluxy.protocol.pushflo;

import io.fluxy.time.Scheduler;
import java.util.function.BooleanSupplier;

/**
 * Ends a socket that nobody uses: one without a subscription for a while (contract 2.7).
 *
 * <p>Safe for use by many threads.
 */
final class Reaper {
  private final Scheduler scheduler;
  private final long idleMs;
  private final BooleanSupplier unused;
  private final Runnable end;

  // Guarded by this.
  private boolean due; // a timer is running
  private long idleSinceMs;

  /**
   * @param idleMs how long it may be idle; 0 for ever
   * @param unused whether it is open, and without a subscription; called inside a lock
   * @param end ends it
   */
  Reaper(Scheduler scheduler, long idleMs, BooleanSupplier unused, Runnable end) {
    this.scheduler = scheduler;
    this.idleMs = idleMs;
    this.unused = unused;
    this.end = end;
  }

  /** Its last subscription is over, or it has none yet. */
  void idle() {
    synchronized (this) {
      idleSinceMs = scheduler.ticksMs();
      if (due || idleMs == 0 || !unused.getAsBoolean()) {
        return;
      }
      due = true;
    }
    scheduler.after(idleMs, this::reap);
  }

  private void reap() {
    long leftMs;
    synchronized (this) {
      due = false;
      if (!unused.getAsBoolean()) {
        return;
      }
      leftMs = idleSinceMs + idleMs - scheduler.ticksMs();
      due = leftMs > 0;
    }
    if (leftMs > 0) {
      scheduler.after(leftMs, this::reap);
    } else {
      end.run();
    }
  }
}
