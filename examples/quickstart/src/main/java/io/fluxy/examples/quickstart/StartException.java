package io.fluxy.examples.quickstart;

/** Why the server can't start, on one line, for the person who typed the command. */
final class StartException extends Exception {
  private final String message;

  StartException(String message) {
    super(message);
    this.message = message.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  @Override
  public String getMessage() {
    return message;
  }
}
