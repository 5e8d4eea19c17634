package io.fluxy.protocol.pushflo;

import io.fluxy.chat.Names;

/** What channels may be called. */
final class Slugs {
  static final String RULE = "1-128 lower-case letters, digits and single hyphens between them";
  private static final int CHARS_MAX = 128;

  private Slugs() {}

  static boolean isName(String name, boolean anyRoomName) {
    return anyRoomName ? Names.isRoomName(name) : isSlug(name);
  }

  /** {@code ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$}, without two hyphens in a row. */
  static boolean isSlug(String name) {
    if (name.isEmpty() || name.length() > CHARS_MAX) {
      return false;
    }
    char before = '-';
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
      if (!plain && (c != '-' || before == '-')) {
        return false;
      }
      before = c;
    }
    return before != '-';
  }
}
