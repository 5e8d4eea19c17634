package io.fluxy.protocol.pushflo;

/** A key or token that proves nothing. Says what kind of flaw, never what it was. */
final class Rejected extends RuntimeException {
  static final String RATE_LIMITED = "RATE_LIMITED";

  private final String code;
  private final int waitSeconds;

  /**
   * @param code {@code UNAUTHORIZED} or {@code INVALID_TOKEN}, of which clients make an error of
   *     their own (contract 2.5)
   */
  Rejected(String code, String message) {
    this(code, message, 0);
  }

  private Rejected(String code, String message, int waitSeconds) {
    super(message, null, false, false);
    this.code = code;
    this.waitSeconds = waitSeconds;
  }

  /** One of too many from the same address: it is not even told what is wrong. */
  static Rejected tooMany(int waitSeconds) {
    return new Rejected(RATE_LIMITED, "Too many wrong keys or tokens, try later", waitSeconds);
  }

  boolean isOneOfTooMany() {
    return code.equals(RATE_LIMITED);
  }

  int waitSeconds() {
    return waitSeconds;
  }

  String code() {
    return code;
  }
}
