package io.fluxy.simulation;

/** An invariant does not hold. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String invariant;

  /**
   * @param invariant its name in the reliability plan, I1 to I15 and F13, or one of our own: I16
   *     one message at a time is written bit by bit, I17 sanctions, I18 pins, I19 whispers, I20
   *     announcements
   */
  Violation(String invariant, String what) {
    super(invariant + ": " + what);
    this.invariant = invariant;
  }

  String invariant() {
    return invariant;
  }
}
