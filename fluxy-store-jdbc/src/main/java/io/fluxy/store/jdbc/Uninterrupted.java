package io.fluxy.store.jdbc;

/**
 * Waits in spite of interrupts, which would break H2's files, and passes them on when it is done.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Something that waits; it is asked again after an interrupt. */
  @FunctionalInterface
  interface Waiting<T> {
    T get() throws InterruptedException;
  }

  static <T> T get(Waiting<T> waiting) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return waiting.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
