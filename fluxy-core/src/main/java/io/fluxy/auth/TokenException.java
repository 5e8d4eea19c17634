package io.fluxy.auth;

/** A token that proves nothing. Says what kind of flaw, never what the token says. */
public final class TokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong, as far as the bearer may know. */
  public enum Flaw {
    /** None came. */
    MISSING,
    /** Not three parts of base64, or no JSON inside. */
    MALFORMED,
    /** Not signed by a project we know, or not as a project signs, or its claims make no sense. */
    NOT_GENUINE,
    /** It does not say when it ends. */
    NO_EXPIRY,
    EXPIRED
  }

  private final Flaw flaw;

  public TokenException(Flaw flaw) {
    super(flaw.name(), null, false, false);
    this.flaw = flaw;
  }

  public Flaw flaw() {
    return flaw;
  }
}
