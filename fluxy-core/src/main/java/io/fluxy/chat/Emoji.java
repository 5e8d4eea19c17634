package io.fluxy.chat;

/** What may be put on a message as a reaction. */
public final class Emoji {
  private static final int CHARS_MAX = 32;

  private Emoji() {}

  /**
   * True for a short text with at least one emoji in it (FluxyChat contract 1.5: "needs an emoji
   * code point").
   */
  public static boolean isEmoji(String text) {
    return text.length() <= CHARS_MAX
        && Text.isSound(text)
        && text.codePoints().anyMatch(Emoji::pictures);
  }

  /** The blocks that Unicode's emoji data draws from; Java 17 has no property for it. */
  private static boolean pictures(int point) {
    return point >= 0x1F000 && point <= 0x1FAFF
        || point >= 0x2190 && point <= 0x21FF
        || point >= 0x2300 && point <= 0x27BF
        || point >= 0x2900 && point <= 0x297F
        || point >= 0x2B00 && point <= 0x2BFF
        || point == 0xA9
        || point == 0xAE
        || point == 0x203C
        || point == 0x2049
        || point == 0x20E3
        || point == 0x2122
        || point == 0x2139
        || point == 0x3030
        || point == 0x303D
        || point == 0x3297
        || point == 0x3299;
  }
}
