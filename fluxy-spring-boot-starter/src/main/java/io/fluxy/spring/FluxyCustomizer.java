package io.fluxy.spring;

import io.fluxy.Fluxy;

/**
 * A bean of this type has a say in how the engine is put together, after the properties and the
 * other beans: whatever {@link Fluxy.Builder} offers and they don't.
 */
@FunctionalInterface
public interface FluxyCustomizer {
  /** Called once, before the engine starts. */
  void customize(Fluxy.Builder builder);
}
