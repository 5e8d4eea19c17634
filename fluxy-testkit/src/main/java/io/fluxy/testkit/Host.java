package io.fluxy.testkit;

import io.fluxy.Fluxy;
import io.fluxy.time.Scheduler;

/**
 * What an application does to have an engine: adds its listeners, agents and rules, starts it, and
 * wires itself to it. A test calls the same method that production calls, and calls it again after
 * {@link TestChat#restarts()} and {@link TestChat#crashes()}.
 */
@FunctionalInterface
public interface Host {
  /**
   * Starts the engine.
   *
   * @param builder in a test it has the store, the scheduler, the project and generous limits
   * @param scheduler for what the application itself does later; in a test its time is the test's
   */
  Fluxy start(Fluxy.Builder builder, Scheduler scheduler);
}
