package io.fluxy.room;

import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.Text;
import io.fluxy.wire.Json;
import java.util.Optional;

/** What is wrong with what somebody has written. */
final class Flaws {
  private Flaws() {}

  static Optional<Refusal> of(Turn turn, String content) {
    if (content.isEmpty()) {
      return Optional.of(Refusal.of(Reason.CONTENT_EMPTY, "content cannot be empty"));
    } else if (content.length() > turn.limits().contentCharsMax()) {
      return Optional.of(
          Refusal.of(
              Reason.CONTENT_TOO_LONG,
              "content exceeds maximum length of "
                  + turn.limits().contentCharsMax()
                  + " characters"));
    } else if (!Text.isSound(content)) {
      return Optional.of(
          Refusal.of(Reason.TEXT_INVALID, "content has NUL or half a surrogate pair"));
    }
    return Optional.empty();
  }

  static Optional<Refusal> ofJson(Turn turn, String json, String what) {
    if (json.length() > turn.limits().jsonCharsMax()) {
      return Optional.of(
          Refusal.of(
              Reason.INVALID,
              what + " exceeds " + turn.limits().jsonCharsMax() + " characters of JSON"));
    }
    return Json.isValue(json)
        ? Optional.empty()
        : Optional.of(Refusal.of(Reason.INVALID, what + " must be JSON"));
  }
}
