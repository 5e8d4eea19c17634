package io.fluxy.examples.quickstart;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the server has acknowledged, held against what it remembers. */
final class Ledger {
  private final Map<String, Ack> acknowledged = new HashMap<>();
  private final Set<String> refusals = new TreeSet<>();
  private int lost;
  private int doubled;
  private int renumbered;
  private int disordered;

  synchronized void acknowledged(Ack ack) {
    Ack first = acknowledged.putIfAbsent(ack.clientMessageId(), ack);
    if (first != null && !first.equals(ack)) {
      renumbered++;
    }
  }

  synchronized void repeated(Ack first, Ack again) {
    if (!first.equals(again)) {
      renumbered++;
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
      if (kept.put(each.clientMessageId(), each) != null) {
        doubled++;
      }
      if (i > 0 && !isBefore(each, history.get(i - 1))) {
        disordered++;
      }
    }
    for (Ack ack : acknowledged.values()) {
      Ack found = kept.get(ack.clientMessageId());
      if (found == null) {
        lost++;
      } else if (!found.equals(ack)) {
        renumbered++;
      }
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

  /** Empty if nothing is. */
  synchronized String wrong() {
    return lost + doubled + renumbered + disordered == 0 ? "" : toString();
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
