package io.fluxy.store;

import org.jspecify.annotations.Nullable;

/**
 * Something that a webhook is to be told, or was.
 *
 * @param id unique; the same on every attempt
 * @param lane deliveries of one webhook and one lane are made in order, of different lanes in any:
 *     the name of a room, or empty
 * @param seq the place in the room's log of the event it is made from; with a {@code payload}, any
 *     number that orders it among those of the same time
 * @param payload a JSON object; null if it is made from an event of the log when it is sent, so
 *     that text which was deleted since does not leave the house
 * @param attempts how often it was tried
 * @param nextAttemptAtMs when it may be tried, while it is pending
 * @param lastHttpStatus of the last answer; 0 for none
 * @param lastError why the last attempt failed; null if it did not
 * @param deliveredAtMs null until it was
 */
public record DeliveryRecord(
    String projectId,
    String id,
    String webhookId,
    String eventType,
    String lane,
    long seq,
    @Nullable String payload,
    Status status,
    int attempts,
    long nextAttemptAtMs,
    int lastHttpStatus,
    @Nullable String lastError,
    @Nullable Long deliveredAtMs,
    long createdAtMs,
    long updatedAtMs) {

  /** Where a delivery stands. */
  public enum Status {
    PENDING,
    DELIVERED,
    /** Tried as often as it is tried: a dead letter, until somebody replays it. */
    FAILED
  }

  /**
   * One that was never tried.
   *
   * @param createdAtMs when what it tells of happened, which by a busy room's clock may be a little
   *     later than {@code nowMs}
   */
  public static DeliveryRecord pending(
      WebhookRecord webhook,
      String id,
      String eventType,
      String lane,
      long seq,
      @Nullable String payload,
      long createdAtMs,
      long nowMs) {
    return new DeliveryRecord(
        webhook.projectId(),
        id,
        webhook.id(),
        eventType,
        lane,
        seq,
        payload,
        Status.PENDING,
        0,
        nowMs,
        0,
        null,
        null,
        createdAtMs,
        createdAtMs);
  }

  /** The same under another id, as long as nobody has been sent it. */
  public DeliveryRecord renamed(String newId) {
    return new DeliveryRecord(
        projectId,
        newId,
        webhookId,
        eventType,
        lane,
        seq,
        payload,
        status,
        attempts,
        nextAttemptAtMs,
        lastHttpStatus,
        lastError,
        deliveredAtMs,
        createdAtMs,
        updatedAtMs);
  }

  /** After an attempt that went through. */
  public DeliveryRecord delivered(int httpStatus, long nowMs) {
    return attempted(Status.DELIVERED, nowMs, httpStatus, null, (Long) nowMs, nowMs);
  }

  /** After an attempt that did not, to be tried again. */
  public DeliveryRecord retryAt(long nextMs, int httpStatus, String error, long nowMs) {
    return attempted(Status.PENDING, nextMs, httpStatus, error, null, nowMs);
  }

  /** After the last attempt. */
  public DeliveryRecord failed(int httpStatus, String error, long nowMs) {
    return attempted(Status.FAILED, nowMs, httpStatus, error, null, nowMs);
  }

  private DeliveryRecord attempted(
      Status now,
      long nextMs,
      int httpStatus,
      @Nullable String error,
      @Nullable Long deliveredMs,
      long nowMs) {
    return new DeliveryRecord(
        projectId,
        id,
        webhookId,
        eventType,
        lane,
        seq,
        payload,
        now,
        attempts + 1,
        nextMs,
        httpStatus,
        error,
        deliveredMs,
        createdAtMs,
        nowMs);
  }
}
