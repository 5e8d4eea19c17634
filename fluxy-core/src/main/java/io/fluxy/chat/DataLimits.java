package io.fluxy.chat;

/**
 * Bounds of what is kept or read beside the conversation itself; part of {@link Limits}.
 *
 * @param templatesMax templates of a project
 * @param searchesPerMinute questions of one user; fixed one-minute windows
 * @param exportsPerMinute rooms one user begins to export; fixed one-minute windows
 */
public record DataLimits(int templatesMax, int searchesPerMinute, int exportsPerMinute) {
  private static final DataLimits DEFAULTS = new DataLimits(1_000, 60, 10);

  /** The same with another bound. */
  public DataLimits withTemplatesMax(int max) {
    return new DataLimits(max, searchesPerMinute, exportsPerMinute);
  }

  /** The same with another bound. */
  public DataLimits withSearchesPerMinute(int max) {
    return new DataLimits(templatesMax, max, exportsPerMinute);
  }

  /** The same with another bound. */
  public DataLimits withExportsPerMinute(int max) {
    return new DataLimits(templatesMax, searchesPerMinute, max);
  }

  /** The defaults. */
  public static DataLimits defaults() {
    return DEFAULTS;
  }
}
