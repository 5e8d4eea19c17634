package io.fluxy.protocol.pushflo;

import io.fluxy.time.Scheduler;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * What sockets that were cut off were subscribed to, and how far they had certainly received it,
 * until somebody comes back who proves to be the same (contract 6.1). Oldest first.
 *
 * <p>Safe for use by many threads.
 */
final class Orphans {
  private final Scheduler scheduler;
  private final long lifeMs;
  private final int channelsMax;
  private final ArrayDeque<Orphan> all = new ArrayDeque<>(); // guarded by this
  private int channels; // of all of them

  /**
   * The subscriptions of a socket that is gone.
   *
   * @param owner what proves that somebody is the same
   * @param channels up to where each has been received; -1 for where it stands
   */
  record Orphan(String owner, Map<String, Long> channels, long untilTicksMs) {}

  Orphans(Scheduler scheduler, PushFloLimits limits) {
    this.scheduler = scheduler;
    this.lifeMs = limits.restoreSeconds() * 1_000L;
    this.channelsMax = limits.restoredChannelsMax();
  }

  Orphan of(String owner, Map<String, Long> left) {
    return new Orphan(owner, Map.copyOf(left), scheduler.ticksMs() + lifeMs);
  }

  synchronized void add(Orphan orphan) {
    all.add(orphan);
    channels += orphan.channels().size();
    while (!all.isEmpty()
        && (channels > channelsMax || all.peek().untilTicksMs() <= scheduler.ticksMs())) {
      channels -= all.remove().channels().size();
    }
  }

  /** The oldest of somebody's, which is then no orphan any more. */
  synchronized Optional<Orphan> take(String owner) {
    for (Iterator<Orphan> each = all.iterator(); each.hasNext(); ) {
      Orphan orphan = each.next();
      if (orphan.owner().equals(owner)) {
        each.remove();
        channels -= orphan.channels().size();
        if (orphan.untilTicksMs() > scheduler.ticksMs()) {
          return Optional.of(orphan);
        }
      }
    }
    return Optional.empty();
  }
}
