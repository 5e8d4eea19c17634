package io.fluxy.store;

import io.fluxy.store.DeliveryRecord.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Webhooks and their outbox on the heap. One lock for all. */
final class MemoryWebhooks implements WebhookStore {
  private static final Comparator<DeliveryRecord> OLDEST_FIRST =
      Comparator.comparingLong(DeliveryRecord::createdAtMs)
          .thenComparingLong(DeliveryRecord::seq)
          .thenComparing(DeliveryRecord::id);

  private final MemoryStore store;
  private final Map<String, WebhookRecord> webhooks = new LinkedHashMap<>();
  private final Map<String, Lease> leases = new HashMap<>();
  private final Map<String, DeliveryRecord> deliveries = new LinkedHashMap<>();

  private record Lease(String worker, long untilMs) {}

  MemoryWebhooks(MemoryStore store) {
    this.store = store;
  }

  /** For {@link MemoryRoom}: as part of an append, which can't fail any more. */
  synchronized void put(List<DeliveryRecord> outgoing) {
    for (DeliveryRecord delivery : outgoing) {
      if (webhooks.containsKey(delivery.webhookId())) {
        deliveries.put(delivery.id(), delivery);
      }
    }
  }

  @Override
  public CompletionStage<Void> saveWebhook(WebhookRecord webhook) {
    return store.change(() -> save(webhook));
  }

  private synchronized void save(WebhookRecord webhook) {
    webhooks.put(webhook.id(), webhook);
  }

  @Override
  public CompletionStage<Boolean> removeWebhook(String projectId, String webhookId) {
    return store.answer(() -> remove(projectId, webhookId));
  }

  private synchronized boolean remove(String projectId, String webhookId) {
    WebhookRecord webhook = webhooks.get(webhookId);
    if (webhook == null || !webhook.projectId().equals(projectId)) {
      return false;
    }
    webhooks.remove(webhookId);
    leases.remove(webhookId);
    deliveries.values().removeIf(delivery -> delivery.webhookId().equals(webhookId));
    return true;
  }

  @Override
  public CompletionStage<List<WebhookRecord>> webhooks(int max) {
    return store.answer(() -> all(max));
  }

  private synchronized List<WebhookRecord> all(int max) {
    return webhooks.values().stream()
        .sorted(
            Comparator.comparingLong(WebhookRecord::createdAtMs).thenComparing(WebhookRecord::id))
        .limit(max)
        .toList();
  }

  @Override
  public CompletionStage<Void> add(List<DeliveryRecord> outgoing) {
    return store.change(() -> put(outgoing));
  }

  @Override
  public CompletionStage<List<String>> lease(String worker, long nowMs, long untilMs, int max) {
    return store.answer(() -> leaseNow(worker, nowMs, untilMs, max));
  }

  private synchronized List<String> leaseNow(String worker, long nowMs, long untilMs, int max) {
    List<String> leased = new ArrayList<>();
    for (String webhookId : webhooks.keySet()) {
      Lease lease = leases.get(webhookId);
      boolean free = lease == null || lease.untilMs() < nowMs;
      if (free && leased.size() < max && !dueNow(webhookId, nowMs, 1).isEmpty()) {
        leases.put(webhookId, new Lease(worker, untilMs));
        leased.add(webhookId);
      }
    }
    return leased;
  }

  @Override
  public CompletionStage<Boolean> prolong(String webhookId, String worker, long untilMs) {
    return store.answer(() -> prolongNow(webhookId, worker, untilMs));
  }

  private synchronized boolean prolongNow(String webhookId, String worker, long untilMs) {
    Lease lease = leases.get(webhookId);
    if (lease == null || !lease.worker().equals(worker)) {
      return false;
    }
    leases.put(webhookId, new Lease(worker, untilMs));
    return true;
  }

  @Override
  public CompletionStage<Void> release(String webhookId, String worker) {
    return store.change(() -> releaseNow(webhookId, worker));
  }

  private synchronized void releaseNow(String webhookId, String worker) {
    Lease lease = leases.get(webhookId);
    if (lease != null && lease.worker().equals(worker)) {
      leases.remove(webhookId);
    }
  }

  @Override
  public CompletionStage<List<DeliveryRecord>> due(String webhookId, long nowMs, int max) {
    return store.answer(() -> dueNow(webhookId, nowMs, max));
  }

  private synchronized List<DeliveryRecord> dueNow(String webhookId, long nowMs, int max) {
    List<DeliveryRecord> pending =
        deliveries.values().stream()
            .filter(d -> d.webhookId().equals(webhookId) && d.status() == Status.PENDING)
            .sorted(OLDEST_FIRST)
            .toList();
    Set<String> waiting = new HashSet<>();
    List<DeliveryRecord> due = new ArrayList<>();
    for (DeliveryRecord delivery : pending) {
      if (delivery.nextAttemptAtMs() > nowMs) {
        waiting.add(delivery.lane());
      } else if (!waiting.contains(delivery.lane()) && due.size() < max) {
        due.add(delivery);
      }
    }
    return List.copyOf(due);
  }

  @Override
  public CompletionStage<Void> attempted(DeliveryRecord after) {
    return store.change(() -> write(after));
  }

  private synchronized void write(DeliveryRecord after) {
    DeliveryRecord before = deliveries.get(after.id());
    if (before != null
        && before.status() == Status.PENDING
        && before.attempts() == after.attempts() - 1) {
      deliveries.put(after.id(), after);
    }
  }

  @Override
  public CompletionStage<List<DeliveryRecord>> deliveries(
      String projectId, @Nullable String webhookId, int max) {
    return store.answer(() -> list(projectId, webhookId, max));
  }

  private synchronized List<DeliveryRecord> list(
      String projectId, @Nullable String webhookId, int max) {
    return deliveries.values().stream()
        .filter(d -> d.projectId().equals(projectId))
        .filter(d -> webhookId == null || d.webhookId().equals(webhookId))
        .sorted(OLDEST_FIRST.reversed())
        .limit(max)
        .toList();
  }

  @Override
  public CompletionStage<Boolean> replay(String projectId, String deliveryId, long nowMs) {
    return store.answer(() -> replayNow(projectId, deliveryId, nowMs));
  }

  private synchronized boolean replayNow(String projectId, String deliveryId, long nowMs) {
    DeliveryRecord d = deliveries.get(deliveryId);
    if (d == null || !d.projectId().equals(projectId)) {
      return false;
    }
    deliveries.put(
        deliveryId,
        new DeliveryRecord(
            d.projectId(),
            d.id(),
            d.webhookId(),
            d.eventType(),
            d.lane(),
            d.seq(),
            d.payload(),
            Status.PENDING,
            0,
            nowMs,
            d.lastHttpStatus(),
            d.lastError(),
            null,
            d.createdAtMs(),
            nowMs));
    return true;
  }

  @Override
  public CompletionStage<Void> forget(String projectId, String userId) {
    return store.change(() -> forgetNow(projectId, "\"userId\":\"" + userId + "\""));
  }

  private synchronized void forgetNow(String projectId, String field) {
    deliveries
        .values()
        .removeIf(
            d ->
                d.projectId().equals(projectId)
                    && d.payload() != null
                    && d.payload().contains(field));
  }

  @Override
  public CompletionStage<Void> prune(long beforeMs) {
    return store.change(() -> pruneNow(beforeMs));
  }

  private synchronized void pruneNow(long beforeMs) {
    deliveries.values().removeIf(d -> d.status() != Status.PENDING && d.updatedAtMs() < beforeMs);
  }
}
