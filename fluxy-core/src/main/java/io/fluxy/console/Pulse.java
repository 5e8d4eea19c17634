package io.fluxy.console;

import io.fluxy.chat.Event;
import io.fluxy.connection.Lines;
import io.fluxy.hook.Listeners;
import io.fluxy.room.RoomRegistry;
import io.fluxy.time.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * How the engine has fared of late: a sample every {@value #ROUND_MS} ms, of the last quarter of an
 * hour. Made only with a console, so nobody else pays for it.
 *
 * <p>Safe for use by many threads.
 */
public final class Pulse {
  static final long ROUND_MS = 5_000;
  private static final int SAMPLES_MAX = 180;
  private static final long[] BOUNDS_MS = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000};

  private final Scheduler scheduler;
  private final LongAdder[] tookMs = new LongAdder[BOUNDS_MS.length + 1];
  private final Deque<Sample> samples = new ArrayDeque<>(); // guarded by this, as below
  private long[] seen = new long[BOUNDS_MS.length + 1];
  private long messages;
  private Scheduler.Timer round;
  private boolean closed;

  /**
   * The engine at one time.
   *
   * @param messages posted since the sample before
   * @param p50Ms half of these were saved within so many milliseconds of being numbered, and told
   *     at once; -1 if there were none
   * @param p99Ms the same of 99 in 100
   * @param waitingBytes wait for clients that don't read fast enough
   * @param listeners events that wait for the host's listeners
   * @param letters commands that wait for the turns of rooms
   * @param deepest how many of them wait for one room
   */
  record Sample(
      long atMs,
      int connections,
      int rooms,
      long messages,
      long p50Ms,
      long p99Ms,
      long waitingBytes,
      int listeners,
      long letters,
      int deepest) {}

  public Pulse(Scheduler scheduler) {
    this.scheduler = scheduler;
    for (int i = 0; i < tookMs.length; i++) {
      tookMs[i] = new LongAdder();
    }
    this.round = () -> {};
  }

  /** An event is in the log, and about to be told. */
  public void happened(Event.Durable event) {
    if (event instanceof Event.Posted) {
      long ms = scheduler.nowMs() - event.atMs();
      int i = 0;
      while (i < BOUNDS_MS.length && ms > BOUNDS_MS[i]) {
        i++;
      }
      tookMs[i].increment();
    }
  }

  /** Begins to take samples. */
  synchronized void start(Backstage engine, Lines lines) {
    messages = engine.messagesPosted();
    round = scheduler.after(ROUND_MS, () -> round(engine, lines));
  }

  /** Takes no more samples. */
  public synchronized void close() {
    closed = true;
    round.cancel();
  }

  /** What was sampled, oldest first. */
  synchronized List<Sample> samples() {
    return new ArrayList<>(samples);
  }

  private void round(Backstage engine, Lines lines) {
    Lines.Load load = lines.load(null);
    int waiting = engine.listeners().stream().mapToInt(Listeners.Counts::waiting).sum();
    RoomRegistry.Waiting rooms = engine.roomsWaiting();
    synchronized (this) {
      if (closed) {
        return;
      }
      long posted = engine.messagesPosted();
      long[] since = since();
      samples.addLast(
          new Sample(
              scheduler.nowMs(),
              load.connections(),
              engine.roomsAlive(),
              posted - messages,
              within(since, 0.5),
              within(since, 0.99),
              load.waitingBytes(),
              waiting,
              rooms.letters(),
              rooms.deepest()));
      messages = posted;
      if (samples.size() > SAMPLES_MAX) {
        samples.removeFirst();
      }
      round = scheduler.after(ROUND_MS, () -> round(engine, lines));
    }
  }

  private long[] since() {
    long[] now = new long[tookMs.length];
    long[] since = new long[tookMs.length];
    for (int i = 0; i < now.length; i++) {
      now[i] = tookMs[i].sum();
      since[i] = now[i] - seen[i];
    }
    seen = now;
    return since;
  }

  /** The bound below which such a share lies; -1 if there is nothing. */
  static long within(long[] counts, double share) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    long left = (long) Math.ceil(all * share);
    if (left == 0) {
      return -1;
    }
    for (int i = 0; i < BOUNDS_MS.length; i++) {
      left -= counts[i];
      if (left <= 0) {
        return BOUNDS_MS[i];
      }
    }
    return BOUNDS_MS[BOUNDS_MS.length - 1] * 2;
  }
}
