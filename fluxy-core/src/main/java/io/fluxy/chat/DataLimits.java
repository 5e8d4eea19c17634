package io.fluxy.chat;

/**
 * Bounds of what is kept or read beside the conversation itself; part of {@link Limits}.
 *
 * @param templatesMax templates of a project
 */
public record DataLimits(int templatesMax) {
  private static final DataLimits DEFAULTS = new DataLimits(1_000);

  /** The defaults. */
  public static DataLimits defaults() {
    return DEFAULTS;
  }
}
