package io.fluxy.chat;

/**
 * Bounds of what is kept or read beside the conversation itself; part of {@link Limits}.
 *
 * @param templatesMax templates of a project
 * @param searchesPerMinute questions of one user; fixed one-minute windows
 */
public record DataLimits(int templatesMax, int searchesPerMinute) {
  private static final DataLimits DEFAULTS = new DataLimits(1_000, 60);

  /** The same with another bound. */
  public DataLimits withTemplatesMax(int max) {
    return new DataLimits(max, searchesPerMinute);
  }

  /** The same with another bound. */
  public DataLimits withSearchesPerMinute(int max) {
    return new DataLimits(templatesMax, max);
  }

  /** The defaults. */
  public static DataLimits defaults() {
    return DEFAULTS;
  }
}
