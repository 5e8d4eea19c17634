package io.fluxy.room;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Letters that wait for a room, and the promise that one turn at a time takes them. A turn begins
 * when the first letter comes, and whoever runs it says {@link #done} when the room may turn again,
 * perhaps much later and on another thread.
 */
final class Mailbox<L> {
  private final Queue<L> letters = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean turning = new AtomicBoolean();
  private final int max;
  private final Executor executor;
  private final Runnable turn;

  /**
   * @param max how many letters may wait
   * @param executor runs the turn, soon, and never while it is asked to
   */
  Mailbox(int max, Executor executor, Runnable turn) {
    this.max = max;
    this.executor = executor;
    this.turn = turn;
  }

  /** Adds a letter, if there is room for it. */
  boolean offer(L letter) {
    if (waiting.get() >= max) {
      return false;
    }
    put(letter);
    return true;
  }

  /**
   * Adds a letter that must not be lost (a leave, a timer): there are never more of these than
   * members and timers.
   */
  void put(L letter) {
    waiting.incrementAndGet();
    letters.add(letter);
    wake();
  }

  /** The oldest letters, at most so many. For the turn only. */
  List<L> take(int atMost) {
    List<L> taken = new ArrayList<>();
    L letter;
    while (taken.size() < atMost && (letter = letters.poll()) != null) {
      taken.add(letter);
    }
    waiting.addAndGet(-taken.size());
    return taken;
  }

  /**
   * The turn is over.
   *
   * @param again whether there must be another, letters or not
   */
  void done(boolean again) {
    turning.set(false);
    if (again || !letters.isEmpty()) {
      wake(); // a letter may have slipped in since take()
    }
  }

  /** How many letters wait; a look from outside, which holds nobody up. */
  int waiting() {
    return waiting.get();
  }

  boolean hasLetters() {
    return !letters.isEmpty();
  }

  /** True if no letter waits and no turn is on. */
  boolean isQuiet() {
    return !turning.get() && letters.isEmpty();
  }

  private void wake() {
    if (turning.compareAndSet(false, true)) {
      executor.execute(turn);
    }
  }
}
