package io.fluxy.store;

/**
 * The store could not do it, or could not say whether it did. The message names the room or
 * project.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
