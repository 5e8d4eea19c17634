package io.fluxy.testkit;

import org.assertj.core.api.AbstractAssert;

/** What can be claimed of a message that a client has sent. */
public final class SentAssert extends AbstractAssert<SentAssert, Sent> {
  SentAssert(Sent sent) {
    super(sent, SentAssert.class);
  }

  /** The room has it, and the client knows. */
  public SentAssert isAcknowledged() {
    if (!actual.isAcknowledged()) {
      failWithMessage(
          "%s should be acknowledged, but %s",
          actual,
          actual.refusal() == null ? "nothing was heard of it" : "is refused: " + actual.refusal());
    }
    return this;
  }

  /** The client was told that it was declined. */
  public SentAssert isRefused() {
    if (actual.refusal() == null) {
      failWithMessage(
          "%s should be refused, but %s",
          actual, actual.isAcknowledged() ? "is acknowledged" : "nothing was heard of it");
    }
    return this;
  }

  /**
   * The client was told that it was declined, and why.
   *
   * @param why part of what the protocol says, such as {@code storage_unavailable}
   */
  public SentAssert isRefusedWith(String why) {
    isRefused();
    String refusal = String.valueOf(actual.refusal());
    if (!refusal.contains(why)) {
      failWithMessage("%s should be refused with %s, but with: %s", actual, why, refusal);
    }
    return this;
  }

  /** The client has heard nothing: it can't know, and may send it again. */
  public SentAssert isUnanswered() {
    if (actual.isAcknowledged() || actual.refusal() != null) {
      failWithMessage(
          "%s should be unanswered, but %s",
          actual, actual.isAcknowledged() ? "is acknowledged" : "is refused: " + actual.refusal());
    }
    return this;
  }
}
