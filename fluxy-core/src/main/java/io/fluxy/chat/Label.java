package io.fluxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * Makes a message an application's event: it has a name, and its content is one JSON value instead
 * of text.
 *
 * @param name what the application calls it: 1 to {@link #NAME_CHARS_MAX} characters
 * @param source which of its own clients has said it, in the application's words: at most {@link
 *     #SOURCE_CHARS_MAX} characters; null if that does not matter
 */
public record Label(String name, @Nullable String source) {
  /** Characters of a name. */
  public static final int NAME_CHARS_MAX = 200;

  /** Characters of a source. */
  public static final int SOURCE_CHARS_MAX = 200;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if {@link #isName} does not hold, or the source is too long or
   *     no sound text
   */
  public Label {
    if (!isName(name)) {
      throw new IllegalArgumentException("no good name for an event: " + Names.shown(name));
    } else if (source != null && (source.length() > SOURCE_CHARS_MAX || !Text.isSound(source))) {
      throw new IllegalArgumentException("no good source: " + Names.shown(source));
    }
  }

  /** A name and nothing more. */
  public static Label named(String name) {
    return new Label(name, null);
  }

  /** True for 1 to {@link #NAME_CHARS_MAX} characters without control characters. */
  public static boolean isName(String name) {
    return !name.isBlank()
        && name.length() <= NAME_CHARS_MAX
        && Text.isSound(name)
        && name.chars().noneMatch(Character::isISOControl);
  }
}
