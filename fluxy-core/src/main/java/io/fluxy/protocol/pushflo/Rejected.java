package io.fluxy.protocol.pushflo;

/** A key or token that proves nothing. Says what kind of flaw, never what it was. */
final class Rejected extends RuntimeException {
  private final String code;

  /**
   * @param code {@code UNAUTHORIZED} or {@code INVALID_TOKEN}, of which clients make an error of
   *     their own (contract 2.5)
   */
  Rejected(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }
}
