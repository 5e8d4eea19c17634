package io.fluxy.store;

/** The store has been closed: the engine ends. Nothing of the call was kept. */
public final class StoreClosedException extends StoreException {
  private static final long serialVersionUID = 1;

  public StoreClosedException(String message) {
    super(message);
  }
}
