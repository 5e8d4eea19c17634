package io.fluxy.chat;

/**
 * What text may be, the same for every store (reliability: some keep NUL and half surrogates, some
 * turn them into others).
 */
public final class Text {
  private Text() {}

  /** True if the text has no NUL and no half of a surrogate pair. */
  public static boolean isSound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isLowSurrogate(c)) {
        return false;
      }
      if (Character.isHighSurrogate(c)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
