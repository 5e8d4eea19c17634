package io.fluxy.hook;

/** Who counts a project's webhook deliveries. Called on any thread; must return at once. */
@FunctionalInterface
public interface DeliveryAccount {
  /** Whether a project may have one more; asked before a delivery is tried for the first time. */
  boolean mayDeliver(String project);

  /** A delivery was made, or given up for good. */
  default void ended(String project, boolean delivered) {}
}
