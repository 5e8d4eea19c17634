package io.fluxy.hook;

import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.store.WebhookRecord;
import io.fluxy.store.WebhookStore;
import io.fluxy.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the outbox. A webhook's deliveries are made one at a time, by whoever has leased it;
 * those of one room in order, so while one of them waits to be tried again, the later ones of that
 * room wait with it, and those of other rooms do not. What is not written down as delivered is
 * delivered again: at least once, under the same id.
 */
final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final long[] RETRY_AFTER_MS = {60_000, 300_000, 1_800_000, 3_600_000};
  private static final int WEBHOOKS_AT_ONCE = 4;
  private static final int DELIVERIES_AT_ONCE = 50; // read from the store

  private final Webhooks webhooks;
  private final Store store;
  private final WebhookStore outbox;
  private final Scheduler scheduler;
  private final WebhookSender sender;
  private final DeliveryAccount account;
  private final long timeoutMs;
  private final String worker;
  private final Set<String> busy = new HashSet<>();
  private boolean looking;
  private boolean again;
  private boolean closed;

  Deliveries(
      Webhooks webhooks,
      Store store,
      Scheduler scheduler,
      Limits limits,
      WebhookSender sender,
      DeliveryAccount account) {
    this.webhooks = webhooks;
    this.store = store;
    this.outbox = store.webhooks();
    this.scheduler = scheduler;
    this.sender = sender;
    this.account = account;
    this.timeoutMs = limits.webhookTimeoutMs();
    this.worker = new UUID(scheduler.random(), scheduler.random()).toString();
  }

  synchronized void close() {
    closed = true;
  }

  /** Looks for something to deliver, soon. May be called for nothing, by anybody. */
  void look() {
    int free;
    synchronized (this) {
      if (closed) {
        return;
      }
      free = WEBHOOKS_AT_ONCE - busy.size();
      if (looking || free <= 0) {
        again = true;
        return;
      }
      looking = true;
      again = false;
    }
    scheduler.run(() -> lease(free));
  }

  private void lease(int free) {
    long nowMs = scheduler.nowMs();
    outbox
        .lease(worker, nowMs, nowMs + leaseMs(), free)
        .whenComplete(
            (leased, failure) -> {
              boolean more;
              synchronized (this) {
                looking = false;
                more = again;
                if (leased != null) {
                  busy.addAll(leased);
                }
              }
              if (leased == null) {
                LOG.warn("The webhook outbox could not be read: {}", String.valueOf(failure));
                return; // until the next look
              }
              leased.forEach(webhook -> scheduler.run(() -> work(webhook)));
              if (more) {
                look();
              }
            });
  }

  /** Long enough to make a delivery and write it down, even by the slowest sender. */
  private long leaseMs() {
    return 3 * timeoutMs;
  }

  private void work(String webhookId) {
    known(webhookId)
        .thenCompose(
            found ->
                found.isEmpty() || isClosed()
                    ? CompletableFuture.completedStage(false)
                    : outbox
                        .due(webhookId, scheduler.nowMs(), DELIVERIES_AT_ONCE)
                        .thenCompose(due -> deliver(webhookId, due)))
        .whenComplete(
            (more, failure) -> {
              if (failure != null) {
                LOG.warn("Webhook {} is left for later: {}", webhookId, failure.toString());
                finished(webhookId);
              } else if (more) {
                scheduler.run(() -> work(webhookId));
              } else {
                outbox.release(webhookId, worker).whenComplete((done, e) -> finished(webhookId));
              }
            });
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void finished(String webhookId) {
    synchronized (this) {
      busy.remove(webhookId);
    }
    look(); // something may have come in after the last look, while the lease was held
  }

  private CompletionStage<Optional<WebhookRecord>> known(String webhookId) {
    Optional<WebhookRecord> found = webhooks.find(webhookId);
    return found.isPresent()
        ? CompletableFuture.completedStage(found)
        : webhooks.refresh().thenApply(nothing -> webhooks.find(webhookId));
  }

  /** True if there may be more. */
  private CompletionStage<Boolean> deliver(String webhookId, List<DeliveryRecord> due) {
    Set<String> stuck = new HashSet<>(); // lanes in which one has failed
    CompletionStage<Void> stage = CompletableFuture.completedStage(null);
    for (DeliveryRecord delivery : due) {
      stage =
          stage.thenCompose(
              nothing ->
                  stuck.contains(delivery.lane())
                      ? CompletableFuture.completedStage(null)
                      : deliver(webhookId, delivery, stuck));
    }
    return stage.thenApply(nothing -> !due.isEmpty());
  }

  private CompletionStage<Void> deliver(
      String webhookId, DeliveryRecord delivery, Set<String> stuck) {
    return outbox
        .prolong(webhookId, worker, scheduler.nowMs() + leaseMs())
        .thenCompose(
            ours -> {
              WebhookRecord webhook = webhooks.find(webhookId).orElse(null);
              if (!ours || webhook == null) {
                throw new StoreException("its lease is over");
              }
              return attempt(webhook, delivery);
            })
        .thenCompose(
            after -> {
              if (after.status() == DeliveryRecord.Status.PENDING) {
                stuck.add(after.lane());
              } else {
                boolean delivered = after.status() == DeliveryRecord.Status.DELIVERED;
                account.ended(after.projectId(), delivered);
              }
              return outbox.attempted(after);
            });
  }

  /** What is beyond the project's quota is a dead letter at once: it can be replayed next month. */
  private CompletionStage<DeliveryRecord> attempt(WebhookRecord webhook, DeliveryRecord delivery) {
    if (delivery.attempts() == 0 && !account.mayDeliver(delivery.projectId())) {
      return CompletableFuture.completedStage(
          delivery.failed(0, "quota_exceeded", scheduler.nowMs()));
    }
    return body(delivery)
        .thenCompose(
            body ->
                body.isEmpty()
                    ? CompletableFuture.completedStage(
                        delivery.failed(0, "event_gone", scheduler.nowMs()))
                    : send(webhook, delivery, body.get())
                        .thenApply(outcome -> after(delivery, outcome)));
  }

  /** Empty if the event it is to tell of is gone, with its room. */
  private CompletionStage<Optional<byte[]>> body(DeliveryRecord delivery) {
    if (delivery.payload() != null) {
      byte[] body =
          webhooks.style(delivery.eventType()) == null
              ? WebhookBody.of(delivery, null)
              : delivery.payload().getBytes(StandardCharsets.UTF_8);
      return CompletableFuture.completedStage(Optional.of(body));
    }
    RoomId room = new RoomId(delivery.projectId(), delivery.lane());
    return event(room, delivery.seq())
        .thenCompose(event -> message(room, event))
        .thenApply(message -> message.map(found -> WebhookBody.of(delivery, found)));
  }

  private CompletionStage<Optional<Event.Durable>> event(RoomId room, long seq) {
    return store
        .messages()
        .read(room, seq - 1, 1)
        .thenApply(events -> events.stream().filter(event -> event.seq() == seq).findFirst());
  }

  /** What a post says, or with an edit, what the message said after it. */
  private CompletionStage<Optional<Message>> message(RoomId room, Optional<Event.Durable> event) {
    if (event.orElse(null) instanceof Event.Edited edited) {
      return event(room, Message.seqOf(edited.messageId()))
          .thenApply(post -> posted(post).map(message -> message.saying(edited.content())));
    }
    return CompletableFuture.completedStage(posted(event));
  }

  private static Optional<Message> posted(Optional<Event.Durable> event) {
    return event
        .filter(Event.Posted.class::isInstance)
        .map(found -> ((Event.Posted) found).message());
  }

  private CompletionStage<WebhookSender.Outcome> send(
      WebhookRecord webhook, DeliveryRecord delivery, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    Webhooks.Style style = webhooks.style(delivery.eventType());
    if (style != null) {
      headers.putAll(style.headers(webhook, body));
    } else {
      headers.put("X-Fluxy-Event", delivery.eventType());
      headers.put("X-Fluxy-Project-Id", delivery.projectId());
      headers.put("X-Fluxy-Delivery-Id", delivery.id());
      if (webhook.secret() != null) {
        headers.put("X-Fluxy-Signature", Signature.header(webhook.secret(), body));
      }
    }
    CompletableFuture<WebhookSender.Outcome> outcome = new CompletableFuture<>();
    Scheduler.Timer tooLate =
        scheduler.after(
            timeoutMs + timeoutMs / 2,
            () -> outcome.complete(WebhookSender.Outcome.failed("timeout")));
    sender
        .send(webhook.url(), headers, body)
        .whenComplete(
            (answer, failure) -> {
              tooLate.cancel();
              outcome.complete(
                  answer == null ? WebhookSender.Outcome.failed("sender_failed") : answer);
            });
    return outcome;
  }

  private DeliveryRecord after(DeliveryRecord delivery, WebhookSender.Outcome outcome) {
    long nowMs = scheduler.nowMs();
    String error = outcome.error();
    if (error == null) {
      return delivery.delivered(outcome.httpStatus(), nowMs);
    } else if (delivery.attempts() >= RETRY_AFTER_MS.length) {
      return delivery.failed(outcome.httpStatus(), error, nowMs);
    }
    long retryMs = nowMs + RETRY_AFTER_MS[delivery.attempts()];
    return delivery.retryAt(retryMs, outcome.httpStatus(), error, nowMs);
  }
}
