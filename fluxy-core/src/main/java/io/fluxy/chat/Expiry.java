package io.fluxy.chat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a message goes by itself: at a time, or a while after it was posted.
 *
 * @param atMs UTC milliseconds since 1970; null if it is a while
 * @param afterMs milliseconds; null if it is a time
 */
public record Expiry(@Nullable Long atMs, @Nullable Long afterMs) {
  /** Says one or the other. */
  public Expiry {
    if ((atMs == null) == (afterMs == null)) {
      throw new IllegalArgumentException("an expiry is a time or a while");
    }
  }

  /** At a time. */
  public static Expiry at(long ms) {
    return new Expiry(ms, null);
  }

  /** A while after it was posted. */
  public static Expiry after(long ms) {
    return new Expiry(null, ms);
  }

  /** The time, for a message posted now. */
  public long from(long nowMs) {
    return afterMs == null ? Objects.requireNonNull(atMs) : nowMs + afterMs;
  }
}
