package io.fluxy.time;

/** A scheduler with threads of its own, which somebody has to stop. */
public interface RunningScheduler extends Scheduler, AutoCloseable {
  /** Stops the threads; what has not begun is forgotten. */
  @Override
  void close();
}
