package io.fluxy.chat;

/**
 * Bounds of what is kept or read beside the conversation itself; part of {@link Limits}.
 *
 * @param templatesMax templates of a project
 * @param searchesPerMinute questions of one user; fixed one-minute windows
 * @param exportsPerMinute rooms one user begins to export; fixed one-minute windows
 * @param ownExportsPerHour how often a user may have all that is kept of it; fixed one-hour windows
 * @param ownRowsMax rows of each kind in that
 * @param retentionDays how long messages are kept; 0 for ever
 */
public record DataLimits(
    int templatesMax,
    int searchesPerMinute,
    int exportsPerMinute,
    int ownExportsPerHour,
    int ownRowsMax,
    int retentionDays) {
  private static final DataLimits DEFAULTS = new DataLimits(1_000, 60, 10, 1, 10_000, 0);

  /** The defaults. */
  public static DataLimits defaults() {
    return DEFAULTS;
  }

  /** The same with another bound. */
  public DataLimits withTemplatesMax(int max) {
    return new DataLimits(
        max, searchesPerMinute, exportsPerMinute, ownExportsPerHour, ownRowsMax, retentionDays);
  }

  /** The same with another bound. */
  public DataLimits withSearchesPerMinute(int max) {
    return new DataLimits(
        templatesMax, max, exportsPerMinute, ownExportsPerHour, ownRowsMax, retentionDays);
  }

  /** The same with another bound. */
  public DataLimits withExportsPerMinute(int max) {
    return new DataLimits(
        templatesMax, searchesPerMinute, max, ownExportsPerHour, ownRowsMax, retentionDays);
  }

  /** The same with another time to keep messages; 0 for ever. */
  public DataLimits withRetentionDays(int days) {
    return new DataLimits(
        templatesMax, searchesPerMinute, exportsPerMinute, ownExportsPerHour, ownRowsMax, days);
  }
}
