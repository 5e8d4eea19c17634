package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;

/** What a room says when it declines. */
final class Refusals {
  private Refusals() {}

  static Refusal busy(int lettersMax) {
    return Refusal.later(
        Reason.BUSY, "more than " + lettersMax + " commands wait for this room", 1);
  }

  static Refusal unavailable() {
    return Refusal.later(Reason.UNAVAILABLE, "the store does not answer", 1);
  }

  static Refusal forbidden() {
    return Refusal.of(Reason.FORBIDDEN, "not a member of this room");
  }

  static Answer refuse(Reason reason, String detail) {
    return reason == Reason.UNAVAILABLE
        ? new Answer.Refused(Refusal.later(reason, detail, 1))
        : new Answer.Refused(Refusal.of(reason, detail));
  }
}
