package io.fluxy.auth;

import java.util.Locale;
import java.util.Optional;

/**
 * What a project may use up in a UTC month (FluxyChat contract 8).
 *
 * <p>A project that the host gives limits of its own has those instead.
 */
public enum Plan {
  FREE(200_000, 5_000, 50_000),
  STARTER(500_000, 10_000, 100_000),
  PRO(5_000_000, 100_000, 1_000_000),
  TEAM(20_000_000, 200_000, 1_000_000),
  GROWTH(100_000_000, 1_000_000, 5_000_000);

  private final long messages;
  private final long invokes;
  private final long deliveries;

  Plan(long messages, long invokes, long deliveries) {
    this.messages = messages;
    this.invokes = invokes;
    this.deliveries = deliveries;
  }

  /** Messages a month. */
  public long messages() {
    return messages;
  }

  /** Invocations of agents a month. */
  public long invokes() {
    return invokes;
  }

  /** Webhook deliveries a month. */
  public long deliveries() {
    return deliveries;
  }

  /** The word on the wire and in the store. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #word()} back; empty for an unknown word. */
  public static Optional<Plan> of(String word) {
    for (Plan plan : values()) {
      if (plan.word().equals(word)) {
        return Optional.of(plan);
      }
    }
    return Optional.empty();
  }
}
