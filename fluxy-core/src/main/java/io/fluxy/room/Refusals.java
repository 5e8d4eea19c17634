package io.fluxy.room;

import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;

/** What a room says when it is not the command that is at fault. */
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
}
