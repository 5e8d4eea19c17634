package io.fluxy.time;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Time, threads and chance in one hand, for tests. Tasks wait until somebody calls {@link #step},
 * {@link #runUntilIdle} or {@link #advance}; then they run on the caller's thread, one after the
 * other. Either in the order they came, or in an order that a seed decides: a pool of threads
 * promises no order at all, so neither does this.
 *
 * <p>For one thread.
 */
public final class VirtualScheduler implements Scheduler {
  private static final long START_MS = 1_790_000_000_000L;
  private static final int DAWDLE_ONE_IN = 64;
  private static final int DAWDLE_MS_MAX = 20;

  private final SplittableRandom order;
  private final SplittableRandom chance;
  private final boolean inOrder;
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
  private final List<Throwable> failures = new ArrayList<>();
  private long ticksMs;
  private long wallAheadMs = START_MS;
  private long timers;
  private long steps;

  private VirtualScheduler(long seed, boolean inOrder) {
    SplittableRandom root = new SplittableRandom(seed);
    this.order = root.split();
    this.chance = root.split();
    this.inOrder = inOrder;
  }

  /** Tasks run in the order they came; nothing is late. For unit tests. */
  public static VirtualScheduler inOrder() {
    return new VirtualScheduler(0, true);
  }

  /** Tasks run in an order that the seed decides, and may have to wait while time goes on. */
  public static VirtualScheduler seeded(long seed) {
    return new VirtualScheduler(seed, false);
  }

  @Override
  public long nowMs() {
    return wallAheadMs + ticksMs;
  }

  @Override
  public long ticksMs() {
    return ticksMs;
  }

  @Override
  public void run(Runnable task) {
    ready.add(task);
  }

  @Override
  public Timer after(long delayMs, Runnable task) {
    Waiting timer = new Waiting(ticksMs + Math.max(0, delayMs), timers++, task);
    waiting.add(timer);
    return timer;
  }

  @Override
  public long random() {
    return chance.nextLong();
  }

  /** Sets the wall clock forward or back; ticks and timers don't notice. */
  public void jumpWallClock(long byMs) {
    wallAheadMs += byMs;
  }

  /** Runs one task. If none is ready, time moves on to the next timer. */
  public boolean step() {
    if (!ready.isEmpty() && !inOrder && order.nextInt(DAWDLE_ONE_IN) == 0) {
      ticksMs += order.nextInt(DAWDLE_MS_MAX);
    }
    wake();
    if (ready.isEmpty()) {
      if (waiting.isEmpty()) {
        return false;
      }
      ticksMs = waiting.element().dueMs;
      wake();
    }
    runOne();
    return true;
  }

  /** Runs what is ready, and what becomes ready by that. Time stands still. */
  public void runUntilIdle() {
    wake();
    while (!ready.isEmpty()) {
      runOne();
      wake();
    }
  }

  /** Lets time pass, and whatever is due in it happen. */
  public void advance(long ms) {
    long until = ticksMs + ms;
    runUntilIdle();
    while (!waiting.isEmpty() && waiting.element().dueMs <= until) {
      ticksMs = Math.max(ticksMs, waiting.element().dueMs);
      runUntilIdle();
    }
    ticksMs = until;
  }

  /** For how long nothing happens by itself; {@link Long#MAX_VALUE} if nothing waits. */
  public long quietMs() {
    if (!ready.isEmpty()) {
      return 0;
    }
    return waiting.isEmpty() ? Long.MAX_VALUE : Math.max(0, waiting.element().dueMs - ticksMs);
  }

  /** How many tasks are ready to run. */
  public int ready() {
    return ready.size();
  }

  /** How many tasks have run. */
  public long steps() {
    return steps;
  }

  /** What tasks have thrown; whoever has seen it may clear it. */
  public List<Throwable> failures() {
    return failures;
  }

  private void wake() {
    while (!waiting.isEmpty()
        && (waiting.element().cancelled || waiting.element().dueMs <= ticksMs)) {
      Waiting timer = waiting.remove();
      if (!timer.cancelled) {
        ready.add(timer.task);
      }
    }
  }

  private void runOne() {
    Runnable task = inOrder ? ready.remove(0) : takeAny();
    steps++;
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  private Runnable takeAny() {
    int index = ready.size() == 1 ? 0 : order.nextInt(ready.size());
    Runnable last = ready.remove(ready.size() - 1);
    return index == ready.size() ? last : ready.set(index, last);
  }

  private static final class Waiting implements Timer, Comparable<Waiting> {
    private final long dueMs;
    private final long number;
    private final Runnable task;
    private boolean cancelled;

    Waiting(long dueMs, long number, Runnable task) {
      this.dueMs = dueMs;
      this.number = number;
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Waiting other) {
      return dueMs != other.dueMs
          ? Long.compare(dueMs, other.dueMs)
          : Long.compare(number, other.number);
    }
  }
}
