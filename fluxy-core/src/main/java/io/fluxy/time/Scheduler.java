package io.fluxy.time;

/**
 * Time, threads and chance. The engine takes them from nowhere else, so a hand-driven scheduler
 * runs all of it on one thread, in an order that a seed decides.
 *
 * <p>Safe for use by many threads.
 */
public interface Scheduler {
  /** The wall clock: UTC milliseconds since 1970. May jump either way. */
  long nowMs();

  /** Milliseconds that only ever go forward, from an arbitrary start. */
  long ticksMs();

  /**
   * Runs a task soon, on another thread or later on this one, never inside this call. Tasks must
   * not block. What they throw is logged and goes no further.
   */
  void run(Runnable task);

  /**
   * Runs a task soon, like {@link #run}; but what a thread asks for within {@link #gather}, that
   * thread runs itself. For short tasks: handing one to another thread can cost more than it.
   */
  default void runNear(Runnable task) {
    run(task);
  }

  /** Runs this at once, and then what it has asked for by {@link #runNear}. */
  default void gather(Runnable asking) {
    asking.run();
  }

  /** Runs a task once, after a delay by {@link #ticksMs()}. */
  Timer after(long delayMs, Runnable task);

  /** Sixty-four bits that nobody can guess. */
  long random();

  /** A task that waits for its time. */
  interface Timer {
    /** Forgets the task, unless it has begun. */
    void cancel();
  }

  /**
   * The production scheduler: system clocks, a pool of {@code threads} daemon threads, a secure
   * source of chance.
   *
   * @param threads at least 1; as many as cores is right, since tasks do not block
   */
  static RunningScheduler start(int threads) {
    return new ThreadScheduler(threads);
  }
}
