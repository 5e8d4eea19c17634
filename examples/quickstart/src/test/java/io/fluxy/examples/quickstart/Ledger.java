package io.fluxy.examples.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the server has acknowledged, held against what it remembers. */
final class Ledger {
  private static final int EXAMPLES_MAX = 10;

  private final Map<String, Ack> acknowledged = new HashMap<>();
  private final Set<String> refusals = new TreeSet<>();
  private final List<String> examples = new ArrayList<>();
  private int lost;
  private int doubled;
  private int renumbered;
  private int disordered;

  synchronized void acknowledged(Ack ack) {
    Ack first = acknowledged.putIfAbsent(ack.clientMessageId(), ack);
    notifyAll();
    if (first != null && !first.equals(ack)) {
      renumbered++;
      example("acknowledged as " + first + ", then as " + ack);
    }
  }

  /** Waits until so much is acknowledged, or it takes too long. */
  synchronized void await(int acks, Duration max) throws InterruptedException {
    long until = System.nanoTime() + max.toNanos();
    long left = max.toMillis();
    while (acknowledged.size() < acks && left > 0) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }

  synchronized void repeated(Ack first, Ack again) {
    if (!first.equals(again)) {
      renumbered++;
      example("acknowledged as " + first + ", on repetition as " + again);
    }
  }

  /** A sender came to its end; that the server is gone is expected, that it declines is not. */
  synchronized void ended(Throwable reason) {
    String text = String.valueOf(reason.getMessage());
    if (text.startsWith("refused") || text.startsWith("/")) {
      refusals.add(text);
    }
  }

  /**
   * Counts what is wrong.
   *
   * @param history newest first
   */
  synchronized void compare(List<Ack> history) {
    Map<String, Ack> kept = new HashMap<>();
    for (int i = 0; i < history.size(); i++) {
      Ack each = history.get(i);
      Ack twin = kept.put(each.clientMessageId(), each);
      if (twin != null) {
        doubled++;
        example("twice: " + twin + " and " + each);
      }
      if (i > 0 && !isBefore(each, history.get(i - 1))) {
        disordered++;
        example(each + " should be before " + history.get(i - 1));
      }
    }
    for (Ack ack : acknowledged.values()) {
      Ack found = kept.get(ack.clientMessageId());
      if (found == null) {
        lost++;
        example("lost: " + ack);
      } else if (!found.equals(ack)) {
        renumbered++;
        example("acknowledged as " + ack + ", kept as " + found);
      }
    }
  }

  private void example(String text) {
    if (examples.size() < EXAMPLES_MAX) {
      examples.add(text);
    }
  }

  private static boolean isBefore(Ack one, Ack other) {
    return one.id() < other.id()
        && one.seq() < other.seq()
        && one.createdAt().compareTo(other.createdAt()) < 0;
  }

  synchronized int size() {
    return acknowledged.size();
  }

  synchronized Set<String> refusals() {
    return Set.copyOf(refusals);
  }

  /** Some of what is wrong; empty if nothing is. */
  synchronized List<String> wrong() {
    return List.copyOf(examples);
  }

  @Override
  public synchronized String toString() {
    return "acks "
        + acknowledged.size()
        + ", lost "
        + lost
        + ", doubled "
        + doubled
        + ", renumbered "
        + renumbered
        + ", disordered "
        + disordered;
  }
}
