package io.fluxy.time;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time, threads and chance as the machine has them. The one place in the engine that asks the JDK
 * for any of them.
 */
final class ThreadScheduler implements RunningScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadScheduler.class);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** What a thread has asked for and will run itself; nothing where it is not gathering. */
  private static final ThreadLocal<Queue<Runnable>> GATHERED = new ThreadLocal<>();

  private final ExecutorService pool;
  private final ScheduledThreadPoolExecutor timers;

  private final SecureRandom chance = new SecureRandom();

  private final LongAdder asked = new LongAdder(); // tasks for the pool
  private final LongAdder done = new LongAdder();

  ThreadScheduler(int threads) {
    pool = Executors.newFixedThreadPool(threads, daemons("fluxy-"));
    timers = new ScheduledThreadPoolExecutor(1, daemons("fluxy-timer-"));
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public long nowMs() {
    return System.currentTimeMillis();
  }

  @Override
  public long ticksMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public void run(Runnable task) {
    asked.increment();
    try {
      pool.execute(
          () -> {
            guarded(task);
            done.increment();
          });
    } catch (RejectedExecutionException e) {
      done.increment();
      LOG.debug("A task came after the end of the scheduler");
    }
  }

  @Override
  public void runNear(Runnable task) {
    Queue<Runnable> near = GATHERED.get();
    if (near == null) {
      run(task);
    } else {
      near.add(task);
    }
  }

  @Override
  public void gather(Runnable asking) {
    if (GATHERED.get() != null) {
      asking.run();
      return;
    }
    Queue<Runnable> near = new ArrayDeque<>(2);
    GATHERED.set(near);
    try {
      asking.run();
    } finally {
      GATHERED.remove(); // what these tasks ask for is others' work, or this thread might never end
      near.forEach(ThreadScheduler::guarded);
    }
  }

  @Override
  public Timer after(long delayMs, Runnable task) {
    try {
      Future<?> waiting = timers.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
      return () -> waiting.cancel(false);
    } catch (RejectedExecutionException e) {
      LOG.debug("A timer came after the end of the scheduler");
      return () -> {};
    }
  }

  @Override
  public long random() {
    return chance.nextLong();
  }

  @Override
  public boolean finish(long mostMs) {
    long deadlineMs = ticksMs() + mostMs;
    while (!isIdle()) {
      if (ticksMs() >= deadlineMs || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  /** A task asks for its followers before it is done: what is done by now was asked for by then. */
  private boolean isIdle() {
    long doneByNow = done.sum();
    return doneByNow == asked.sum();
  }

  @Override
  public void close() {
    timers.shutdownNow();
    pool.shutdownNow();
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      LOG.error("A task failed", e);
    }
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
