package io.fluxy.time;

/** A scheduler with threads of its own, which somebody has to stop. */
public interface RunningScheduler extends Scheduler, AutoCloseable {
  /**
   * Waits until nothing is left to run, not counting timers: neither what was asked for, nor what
   * that asks for in turn.
   *
   * @param mostMs how long at most
   * @return whether nothing was left
   */
  boolean finish(long mostMs);

  /** Stops the threads; what has not begun is forgotten. */
  @Override
  void close();
}
