package io.fluxy.simulation;

import io.fluxy.time.VirtualScheduler;

/** What happened in a run, as one hash; and as text, if somebody wants to read it. */
final class Trace {
  private final VirtualScheduler time;
  private final boolean aloud;
  private long hash = 1;

  Trace(VirtualScheduler time, boolean aloud) {
    this.time = time;
    this.aloud = aloud;
  }

  /** Notes what happened to whom. The arguments must be the same in every run of the seed. */
  void note(String what, Object who, Object detail) {
    hash = 31 * hash + time.ticksMs();
    hash = 31 * hash + what.hashCode();
    hash = 31 * hash + who.toString().hashCode();
    hash = 31 * hash + detail.toString().hashCode();
    hash ^= hash >>> 29;
    if (aloud) {
      System.out.printf("%,9d ms  %-14s %-22s %s%n", time.ticksMs(), what, who, detail);
    }
  }

  boolean isAloud() {
    return aloud;
  }

  long hash() {
    return hash;
  }
}
