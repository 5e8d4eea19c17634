package io.fluxy.console;

/**
 * The console's bounds.
 *
 * @param sessionsMax operators signed in at a time; one more ends the session that was used longest
 *     ago
 * @param sessionIdleMs a session ends after so long without a request
 * @param sessionMs a session ends after so long anyway
 * @param attemptsPerMinute attempts to sign in, from one address
 * @param attemptsPerMinuteOfAll attempts to sign in, from all addresses: each costs 50 ms of a
 *     processor
 */
public record ConsoleLimits(
    int sessionsMax,
    long sessionIdleMs,
    long sessionMs,
    int attemptsPerMinute,
    int attemptsPerMinuteOfAll) {
  private static final long MINUTE_MS = 60_000;

  /** 100 sessions of 12 hours, 30 minutes idle; 10 attempts a minute from one address. */
  public static ConsoleLimits defaults() {
    return new ConsoleLimits(100, 30 * MINUTE_MS, 12 * 60 * MINUTE_MS, 10, 120);
  }
}
