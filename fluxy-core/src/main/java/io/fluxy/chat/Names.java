package io.fluxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * Which ids are good ids. Hand-written scans: no regular expression ever runs on what a stranger
 * sent.
 */
public final class Names {
  private static final int ID_MAX = 128;
  private static final int ROOM_MAX = 200;
  private static final int CLIENT_ID_MIN = 8;

  private Names() {}

  /**
   * True for 1 to 128 of letters, digits, {@code _ -}: user ids, project ids, FluxyChat's room ids.
   */
  public static boolean isId(@Nullable String id) {
    return isMadeOf(id, 1, ID_MAX, "");
  }

  /**
   * True for 1 to 200 of letters, digits, {@code _ - = @ , . ; :}: the union of what the protocols
   * allow for a room.
   */
  public static boolean isRoomName(@Nullable String name) {
    return isMadeOf(name, 1, ROOM_MAX, "=@,.;:");
  }

  /** True for 8 to 128 of letters, digits, {@code _ -} (FluxyChat contract 1.5). */
  public static boolean isClientMessageId(@Nullable String id) {
    return isMadeOf(id, CLIENT_ID_MIN, ID_MAX, "");
  }

  /** A stranger's text, fit for one line of a log or an error: short, printable ASCII only. */
  public static String shown(@Nullable String text) {
    if (text == null) {
      return "(none)";
    }
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), 40); i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c < 127 ? c : '?');
    }
    return text.length() > 40 ? shown + "... (" + text.length() + " characters)" : shown.toString();
  }

  private static boolean isMadeOf(@Nullable String id, int min, int max, String extra) {
    if (id == null || id.length() < min || id.length() > max) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '_'
              || c == '-';
      if (!plain && extra.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
