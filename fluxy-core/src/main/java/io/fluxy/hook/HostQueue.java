package io.fluxy.hook;

import io.fluxy.time.Scheduler;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue and a thread for one piece of the host's code that hears things: it may block and throw,
 * and delays and harms nobody but itself. What its queue can't hold it misses, counted.
 *
 * <p>Safe for use by many threads.
 *
 * @param <T> what it hears
 */
public final class HostQueue<T> {
  private static final Logger LOG = LoggerFactory.getLogger(HostQueue.class);
  private static final int TOLD_AT_ONCE = 256; // then others on the same thread get their chance

  private final String name;
  private final Hearing<T> hearing;
  private final Scheduler thread;
  private final int waitingMax;
  private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicLong heard = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();

  /** The host's code. */
  @FunctionalInterface
  public interface Hearing<T> {
    /** Called one at a time, in the order of {@link #offer}. What it throws is logged. */
    void hear(T what) throws Exception;
  }

  /**
   * A queue.
   *
   * @param name for the log
   * @param thread where the code is called; nobody else should need it, for it may block
   */
  public HostQueue(String name, Hearing<T> hearing, Scheduler thread, int waitingMax) {
    this.name = name;
    this.hearing = hearing;
    this.thread = thread;
    this.waitingMax = waitingMax;
  }

  /** Puts something into the queue. Returns at once. */
  public void offer(T what) {
    if (waiting.incrementAndGet() > waitingMax) {
      waiting.decrementAndGet();
      if (missed.getAndIncrement() == 0) {
        LOG.warn("{} is too slow: more than {} events wait, and it misses some", name, waitingMax);
      }
      return;
    }
    queue.add(what);
    wake();
  }

  private void wake() {
    if (running.compareAndSet(false, true)) {
      thread.run(this::tell);
    }
  }

  private void tell() {
    T next;
    for (int told = 0; told < TOLD_AT_ONCE && (next = queue.poll()) != null; told++) {
      waiting.decrementAndGet();
      heard.incrementAndGet();
      try {
        hearing.hear(next);
      } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
        failed.incrementAndGet();
        LOG.warn("{} threw at {}", name, next, e);
      }
    }
    running.set(false);
    if (!queue.isEmpty()) { // one may have slipped in after the last look
      wake();
    }
  }

  /** How it fares. */
  public Listeners.Counts counts() {
    return new Listeners.Counts(heard.get(), failed.get(), missed.get(), waiting.get());
  }
}
