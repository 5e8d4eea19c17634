package io.fluxy.store;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks, and the outbox of what they are still to be told. What follows from an event is put
 * there by {@link MessageStore#append} together with the event, all or none.
 *
 * <p>Several engines may share a store. Who delivers to a webhook holds a lease on it, so only one
 * does at a time. Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface WebhookStore {
  /** Adds the webhook, or replaces the one with this id. */
  CompletionStage<Void> saveWebhook(WebhookRecord webhook);

  /**
   * Takes a webhook out, with all its deliveries.
   *
   * @return false if the project has none with this id
   */
  CompletionStage<Boolean> removeWebhook(String projectId, String webhookId);

  /** The webhooks of all projects, oldest first. */
  CompletionStage<List<WebhookRecord>> webhooks(int max);

  /** Puts deliveries into the outbox that follow from no event of a log. */
  CompletionStage<Void> add(List<DeliveryRecord> deliveries);

  /**
   * Leases webhooks that may have something to deliver now.
   *
   * @param worker who asks; one that comes back after a crash is somebody else
   * @param untilMs when the leases end by themselves
   * @param max at most so many
   * @return the ids of the webhooks leased now; none that is leased already, even by this worker
   */
  CompletionStage<List<String>> lease(String worker, long nowMs, long untilMs, int max);

  /**
   * Prolongs a lease.
   *
   * @return false if this worker has it no more
   */
  CompletionStage<Boolean> prolong(String webhookId, String worker, long untilMs);

  /** Gives a lease back, if this worker still has it. */
  CompletionStage<Void> release(String webhookId, String worker);

  /**
   * What to deliver to a webhook now: pending deliveries, each lane's in the order of {@code
   * createdAtMs} and then {@code seq}, from its oldest on. A lane whose oldest pending one is not
   * due yet has nothing to deliver.
   */
  CompletionStage<List<DeliveryRecord>> due(String webhookId, long nowMs, int max);

  /**
   * Writes down what came of an attempt, unless somebody else has written one since.
   *
   * @param after with one attempt more than the store has
   */
  CompletionStage<Void> attempted(DeliveryRecord after);

  /**
   * Deliveries of a project, newest first by {@code createdAtMs}, {@code seq} and id.
   *
   * @param webhookId only of this webhook; null for all
   */
  CompletionStage<List<DeliveryRecord>> deliveries(
      String projectId, @Nullable String webhookId, int max);

  /**
   * Makes a delivery pending again, as if it had never been tried, whatever became of it.
   *
   * @return false if the project has none with this id
   */
  CompletionStage<Boolean> replay(String projectId, String deliveryId, long nowMs);

  /**
   * Takes out what webhooks were told, or are to be told, of a user in a payload of its own: all
   * whose payload has the field {@code "userId"} with this id. What is made from an event says what
   * the event says.
   */
  CompletionStage<Void> forget(String projectId, String userId);

  /** Forgets deliveries that are no longer pending and were last touched before a time. */
  CompletionStage<Void> prune(long beforeMs);
}
