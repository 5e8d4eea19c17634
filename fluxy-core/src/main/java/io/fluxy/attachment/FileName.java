package io.fluxy.attachment;

import io.fluxy.chat.Text;

/** What a file may be called: a name to be shown and saved under, never a path. */
public final class FileName {
  private static final int CHARS_MAX = 128;
  private static final String FORBIDDEN = "\"*:<>?|%;";

  private FileName() {}

  /**
   * The last part of what somebody has called a file, without what a file system, a header or a
   * reader could stumble over; {@code file} if nothing is left.
   */
  public static String of(String called) {
    String whole = Text.isSound(called) ? called : "";
    String last = whole.substring(1 + Math.max(whole.lastIndexOf('/'), whole.lastIndexOf('\\')));
    StringBuilder name = new StringBuilder();
    last.codePoints()
        .filter(FileName::isFine)
        .limit(CHARS_MAX)
        .forEach(point -> name.appendCodePoint(point));
    while (!name.isEmpty() && (name.charAt(0) == '.' || name.charAt(0) == ' ')) {
      name.deleteCharAt(0); // neither hidden nor a way up
    }
    while (!name.isEmpty() && (endsWith(name, '.') || endsWith(name, ' '))) {
      name.deleteCharAt(name.length() - 1);
    }
    return name.isEmpty() ? "file" : name.toString();
  }

  private static boolean endsWith(StringBuilder name, char end) {
    return name.charAt(name.length() - 1) == end;
  }

  private static boolean isFine(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT, // turns the reading direction, so that exe.png is gnp.exe
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> FORBIDDEN.indexOf(point) < 0;
    };
  }
}
