package io.fluxy.testkit.store;

import io.fluxy.store.Store;

/** The published suite runs, and a store that keeps the contract passes it. */
class OwnStoreTest extends StoreContract {
  @Override
  protected Store newStore() {
    return Store.inMemory();
  }
}
