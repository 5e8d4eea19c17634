package io.fluxy.protocol.pushflo;

import io.fluxy.chat.Farewell;
import io.fluxy.wire.Frames;
import org.jspecify.annotations.Nullable;

/**
 * How we end a socket (contract 2.5).
 *
 * @param words what is said before; null for nothing
 * @param mayReturn whether its subscriptions are kept for it
 */
record Ending(int closeCode, @Nullable Frames words, boolean mayReturn) {
  /** What an engine's farewell is in PushFlo's codes. */
  static Ending of(Farewell farewell) {
    return switch (farewell.reason()) {
      case NORMAL -> new Ending(1000, null, false);
      case GOING_AWAY -> new Ending(1012, null, true);
      case EXPIRED -> saying(4001, "INVALID_TOKEN", "The token has expired");
      case FORBIDDEN -> saying(4003, "FORBIDDEN", farewell.detail());
      case TERMINATED -> saying(4008, "FORBIDDEN", farewell.detail());
      case SLOW, SILENT -> new Ending(4008, null, true);
      case PROTOCOL_ERROR -> new Ending(1002, null, false);
      case NOT_UTF8 -> new Ending(1007, null, false);
      case TOO_BIG -> new Ending(1009, null, false);
      case INTERNAL -> new Ending(1011, null, true);
    };
  }

  /** Says why, and is for good. */
  static Ending saying(int closeCode, String code, String message) {
    return new Ending(closeCode, PushFloFrames.error(code, message, null), false);
  }
}
