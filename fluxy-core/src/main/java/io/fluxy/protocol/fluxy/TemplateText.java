package io.fluxy.protocol.fluxy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template's text: {@code {{ name }}} is a hole for the variable of that name (contract 1.5). A
 * variable that is not given leaves nothing; what fills a hole is never looked at again, so nobody
 * can smuggle a hole in.
 */
final class TemplateText {
  private static final int NAME_CHARS_MAX = 64;

  private TemplateText() {}

  /**
   * Fills the holes.
   *
   * @param charsMax beyond so many characters the rest is left out: it is too long anyway
   */
  static String filled(String body, Map<?, ?> vars, int charsMax) {
    StringBuilder text = new StringBuilder(body.length());
    int from = 0;
    while (from < body.length() && text.length() <= charsMax) {
      int open = body.indexOf("{{", from);
      int close = open < 0 ? -1 : body.indexOf("}}", open + 2);
      if (close < 0) {
        text.append(body, from, body.length());
        break;
      }
      String name = body.substring(open + 2, close).strip();
      if (isName(name)) {
        text.append(body, from, open).append(word(vars.get(name)));
        from = close + 2;
      } else {
        text.append(body, from, open + 1); // the second brace may open a hole
        from = open + 1;
      }
    }
    return text.toString();
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= NAME_CHARS_MAX
        && name.chars().allMatch(c -> c == '_' || c == '-' || c == '.' || isPlain(c));
  }

  private static boolean isPlain(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  private static String word(@Nullable Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : "";
  }
}
