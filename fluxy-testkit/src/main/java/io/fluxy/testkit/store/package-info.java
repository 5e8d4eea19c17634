/**
 * What every store must do: extend {@link io.fluxy.testkit.store.StoreContract}, give it a store,
 * and run it. The same suite proves the stores that come with Fluxy.
 */
@NullMarked
package io.fluxy.testkit.store;

import org.jspecify.annotations.NullMarked;
