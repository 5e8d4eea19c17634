package io.fluxy.chat;

/** How a refusal reaches Java code that asked for a value. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial")
  private final Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.reason() + ": " + refusal.detail(), null, false, false);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
