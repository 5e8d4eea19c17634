package io.fluxy.chat;

/**
 * Bounds of what is kept, read or done beside the conversation itself; part of {@link Limits}.
 *
 * @param templatesMax templates of a project
 * @param searchesPerMinute questions of one user; fixed one-minute windows
 * @param exportsPerMinute rooms one user begins to export; fixed one-minute windows
 * @param ownExportsPerHour how often a user may have all that is kept of it; fixed one-hour windows
 * @param ownRowsMax rows of each kind in that
 * @param guestSessionsPerMinute sessions for visitors from one address; fixed one-minute windows
 * @param retentionDays how long messages are kept; 0 for ever
 * @param webhookTidingsMax what webhooks are to be told that is in no log and waits to be written
 *     into the outbox; what comes beyond is missed
 * @param agentInvokesPerMonth invocations of a project's agents in a UTC month; 0 for no quota
 * @param webhookDeliveriesPerMonth webhook deliveries of a project in a UTC month, retries not
 *     counted; 0 for no quota
 */
public record DataLimits(
    int templatesMax,
    int searchesPerMinute,
    int exportsPerMinute,
    int ownExportsPerHour,
    int ownRowsMax,
    int guestSessionsPerMinute,
    int retentionDays,
    int webhookTidingsMax,
    long agentInvokesPerMonth,
    long webhookDeliveriesPerMonth) {
  private static final DataLimits DEFAULTS =
      new DataLimits(1_000, 60, 10, 1, 10_000, 30, 0, 4_096, 0, 0);

  /** The defaults. */
  public static DataLimits defaults() {
    return DEFAULTS;
  }

  /** The same with another bound. */
  public DataLimits withTemplatesMax(int max) {
    return with(max, searchesPerMinute, exportsPerMinute, guestSessionsPerMinute, retentionDays);
  }

  /** The same with another bound. */
  public DataLimits withSearchesPerMinute(int max) {
    return with(templatesMax, max, exportsPerMinute, guestSessionsPerMinute, retentionDays);
  }

  /** The same with another bound. */
  public DataLimits withExportsPerMinute(int max) {
    return with(templatesMax, searchesPerMinute, max, guestSessionsPerMinute, retentionDays);
  }

  /** The same with another bound. */
  public DataLimits withGuestSessionsPerMinute(int max) {
    return with(templatesMax, searchesPerMinute, exportsPerMinute, max, retentionDays);
  }

  /** The same with another time to keep messages; 0 for ever. */
  public DataLimits withRetentionDays(int days) {
    return with(templatesMax, searchesPerMinute, exportsPerMinute, guestSessionsPerMinute, days);
  }

  /** The same with another bound. */
  public DataLimits withWebhookTidingsMax(int max) {
    return new DataLimits(
        templatesMax,
        searchesPerMinute,
        exportsPerMinute,
        ownExportsPerHour,
        ownRowsMax,
        guestSessionsPerMinute,
        retentionDays,
        max,
        agentInvokesPerMonth,
        webhookDeliveriesPerMonth);
  }

  /** The same with other quotas; 0 for none. */
  public DataLimits withQuotas(long agentInvokes, long webhookDeliveries) {
    return new DataLimits(
        templatesMax,
        searchesPerMinute,
        exportsPerMinute,
        ownExportsPerHour,
        ownRowsMax,
        guestSessionsPerMinute,
        retentionDays,
        webhookTidingsMax,
        agentInvokes,
        webhookDeliveries);
  }

  private DataLimits with(int templates, int searches, int exports, int guests, int days) {
    return new DataLimits(
        templates,
        searches,
        exports,
        ownExportsPerHour,
        ownRowsMax,
        guests,
        days,
        webhookTidingsMax,
        agentInvokesPerMonth,
        webhookDeliveriesPerMonth);
  }
}
