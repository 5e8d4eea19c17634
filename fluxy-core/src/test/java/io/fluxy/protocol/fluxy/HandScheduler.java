package io.fluxy.protocol.fluxy;

import io.fluxy.time.Scheduler;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Time in the test's hand: one thread, and nothing happens until the test says so. */
final class HandScheduler implements Scheduler {
  static final long START_MS = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
  private static final int TASKS_MAX = 1_000_000;

  private final Deque<Runnable> soon = new ArrayDeque<>();
  private final PriorityQueue<Waiting> later =
      new PriorityQueue<>(
          Comparator.comparingLong(Waiting::atMs).thenComparingLong(Waiting::number));
  private final SplittableRandom chance;
  private long ticksMs;
  private long offsetMs = START_MS;
  private long numbers;

  private record Waiting(long atMs, long number, Runnable task) {}

  HandScheduler(long seed) {
    chance = new SplittableRandom(seed);
  }

  @Override
  public long nowMs() {
    return offsetMs + ticksMs;
  }

  @Override
  public long ticksMs() {
    return ticksMs;
  }

  @Override
  public void run(Runnable task) {
    soon.add(task);
  }

  @Override
  public Timer after(long delayMs, Runnable task) {
    Waiting waiting = new Waiting(ticksMs + delayMs, numbers++, task);
    later.add(waiting);
    return () -> later.remove(waiting);
  }

  @Override
  public long random() {
    return chance.nextLong();
  }

  /** Runs all that can run without time going on. */
  void settle() {
    for (int i = 0; !soon.isEmpty(); i++) {
      if (i > TASKS_MAX) {
        throw new AssertionError("it never comes to rest");
      }
      soon.remove().run();
    }
  }

  /** Lets time go on, and with it whatever waits for it. */
  void pass(long ms) {
    long untilMs = ticksMs + ms;
    settle();
    while (!later.isEmpty() && later.element().atMs() <= untilMs) {
      Waiting next = later.remove();
      ticksMs = Math.max(ticksMs, next.atMs());
      next.task().run();
      settle();
    }
    ticksMs = untilMs;
  }

  /** Sets the wall clock; ticks know nothing of it. */
  void clock(String iso) {
    offsetMs = Instant.parse(iso).toEpochMilli() - ticksMs;
  }
}
