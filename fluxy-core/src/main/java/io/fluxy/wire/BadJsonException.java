package io.fluxy.wire;

/** What came is not the JSON it should be. The message is safe to show. */
public final class BadJsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BadJsonException(String message) {
    super(message, null, false, false);
  }
}
