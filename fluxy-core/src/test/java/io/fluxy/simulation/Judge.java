package io.fluxy.simulation;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the first violation. Nobody throws one where it is seen, for the engine survives what
 * is thrown at it, and so would not stop.
 */
final class Judge {
  private @Nullable Violation first;

  void fail(String invariant, String what) {
    if (first == null) {
      first = new Violation(invariant, what);
    }
  }

  void check(boolean holds, String invariant, Supplier<String> what) {
    if (!holds) {
      fail(invariant, what.get());
    }
  }

  @Nullable Violation verdict() {
    return first;
  }
}
