package io.fluxy.hook;

import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.store.WebhookRecord;
import io.fluxy.store.WebhookStore;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine's webhooks: who wants to be told of what, what follows from events, and its delivery.
 *
 * <p>All webhooks are known in memory, so that a room's turn can say at once what follows from its
 * events, and a project without webhooks costs one look into a map. One that another engine on the
 * same database registers is known here after {@value #LOOK_MS} ms at most.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public final class Webhooks {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  static final int LOOK_MS = 5_000;
  private static final long PRUNE_MS = 3_600_000;
  private static final long KEPT_MS = 30L * 24 * 3_600_000;

  private final SecretSeal seal;
  private final WebhookStore store;
  private final Scheduler scheduler;
  private final Limits limits;
  private final WebhookSender sender;
  private final Deliveries deliveries;
  private final Tidings tidings;
  private final Map<String, Style> styles = new ConcurrentHashMap<>(); // by event type
  private final AtomicLong considered = new AtomicLong();
  private volatile Map<String, List<WebhookRecord>> byProject = Map.of();
  private volatile boolean closed;
  private long prunedAtMs;

  /**
   * Webhooks.
   *
   * @param account who counts the deliveries
   */
  public Webhooks(
      Store store,
      Scheduler scheduler,
      Limits limits,
      WebhookSender sender,
      DeliveryAccount account,
      List<byte[]> secretKeys) {
    this.store = store.webhooks();
    this.seal = new SecretSeal(secretKeys, scheduler);
    this.scheduler = scheduler;
    this.limits = limits;
    this.sender = sender;
    this.deliveries = new Deliveries(this, store, scheduler, limits, sender, account);
    this.tidings =
        new Tidings(
            this.store,
            scheduler,
            limits.data().webhookTidingsMax(),
            this::newId,
            deliveries::look);
  }

  /** Learns which webhooks there are, and begins to deliver. */
  public CompletionStage<Void> start() {
    prunedAtMs = scheduler.ticksMs();
    return sealAgain()
        .thenCompose(nothing -> refresh())
        .thenRun(
            () -> {
              look();
              scheduler.after(LOOK_MS, this::round);
            });
  }

  /**
   * Secrets that were kept in the clear, or under an older key, are sealed with the present one.
   */
  private CompletionStage<Void> sealAgain() {
    return store
        .webhooks(limits.webhooksMax())
        .thenCompose(
            kept -> {
              CompletionStage<Void> done = CompletableFuture.completedStage(null);
              for (WebhookRecord webhook : kept) {
                if (!seal.isCurrent(webhook)) {
                  WebhookRecord anew = seal.seal(seal.open(webhook));
                  done = done.thenCompose(nothing -> store.saveWebhook(anew));
                }
              }
              return done;
            });
  }

  /** Begins no more deliveries; those under way are made, perhaps again by the next engine. */
  public void close() {
    closed = true;
    tidings.close();
    deliveries.close();
  }

  private void round() {
    if (closed) {
      return;
    }
    refresh()
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.warn("The webhooks could not be read: {}", failure.toString());
              }
              look();
              scheduler.after(LOOK_MS, this::round);
            });
  }

  private void look() {
    if (!byProject.isEmpty()) {
      deliveries.look();
      if (scheduler.ticksMs() - prunedAtMs > PRUNE_MS) {
        prunedAtMs = scheduler.ticksMs();
        store.prune(scheduler.nowMs() - KEPT_MS);
      }
    }
  }

  CompletionStage<Void> refresh() {
    return store.webhooks(limits.webhooksMax()).thenAccept(this::know);
  }

  private void know(List<WebhookRecord> webhooks) {
    Map<String, List<WebhookRecord>> known = new HashMap<>();
    for (WebhookRecord webhook : webhooks) {
      known.computeIfAbsent(webhook.projectId(), none -> new ArrayList<>()).add(seal.open(webhook));
    }
    known.replaceAll((project, list) -> List.copyOf(list));
    byProject = known;
  }

  /** The webhooks of a project, oldest first, as far as they are known here. */
  public List<WebhookRecord> of(String project) {
    return byProject.getOrDefault(project, List.of());
  }

  Optional<WebhookRecord> find(String webhookId) {
    for (List<WebhookRecord> webhooks : byProject.values()) {
      for (WebhookRecord webhook : webhooks) {
        if (webhook.id().equals(webhookId)) {
          return Optional.of(webhook);
        }
      }
    }
    return Optional.empty();
  }

  // What follows from what happens in rooms.

  /**
   * What webhooks are to be told of the events of a turn, to be saved with them. Called on a room's
   * turn; asks nobody.
   */
  public List<DeliveryRecord> outgoing(
      RoomRecord room, List<Event.Durable> events, LongFunction<@Nullable Message> streams) {
    List<WebhookRecord> webhooks = byProject.get(room.id().project());
    if (webhooks == null) {
      return List.of();
    }
    considered.incrementAndGet();
    List<DeliveryRecord> outgoing = new ArrayList<>();
    for (Event.Durable event : events) {
      Message said = said(event, events, streams);
      if (said != null && event.readers() == null) { // no whispers
        follow(outgoing, webhooks, WebhookType.MESSAGE_CREATED, room, event);
        if (!said.mentions().isEmpty()) {
          follow(outgoing, webhooks, WebhookType.MENTION, room, event);
        }
      }
    }
    return outgoing;
  }

  /**
   * The message that an event makes whole; null if it makes none. One that is written bit by bit is
   * whole with the edit that ends it, by its writer or because its writer is gone; one that is
   * taken back before never was.
   */
  private static @Nullable Message said(
      Event.Durable event, List<Event.Durable> events, LongFunction<@Nullable Message> streams) {
    if (event instanceof Event.Posted posted) {
      return posted.stream() == null ? posted.message() : null;
    }
    if (!(event instanceof Event.Edited edited)) {
      return null;
    }
    Message written = streams.apply(Message.seqOf(edited.messageId()));
    for (Event.Durable before : events) {
      if (before == event) {
        break;
      } else if (written != null && before instanceof Event.Edited other) {
        written = other.messageId() == edited.messageId() ? null : written;
      } else if (before instanceof Event.Posted posted
          && posted.stream() != null
          && posted.message().id() == edited.messageId()) {
        written = posted.message();
      }
    }
    return written;
  }

  private void follow(
      List<DeliveryRecord> outgoing,
      List<WebhookRecord> webhooks,
      WebhookType type,
      RoomRecord room,
      Event.Durable event) {
    long nowMs = scheduler.nowMs();
    for (WebhookRecord webhook : webhooks) {
      if (webhook.eventTypes().contains(type.word())) {
        outgoing.add(
            DeliveryRecord.pending(
                webhook,
                newId(),
                type.word(),
                room.id().name(),
                event.seq(),
                null,
                event.atMs(),
                nowMs));
      }
    }
  }

  /** Something was saved in a room. */
  public void happened(RoomRecord room, Event.Durable event) {
    if ((event instanceof Event.Posted || event instanceof Event.Edited)
        && byProject.containsKey(room.id().project())) {
      deliveries.look();
    }
  }

  /** A visible member came into a room, or left it; see {@link Tidings}. */
  public void presence(RoomRecord room, @Nullable Event change, int before, int now) {
    List<WebhookRecord> webhooks = byProject.get(room.id().project());
    if (webhooks != null) {
      tidings.presence(webhooks, room.id(), change, before, now);
    }
  }

  /** A member of a room told the others something that is not kept. */
  public void whispered(RoomRecord room, Event.Whispered event) {
    List<WebhookRecord> webhooks = byProject.get(room.id().project());
    if (webhooks != null) {
      tidings.whispered(webhooks, room.id(), event);
    }
  }

  /** An interceptor has refused what somebody wanted to say. */
  public void flagged(Interception.Flagged flagged) {
    List<WebhookRecord> webhooks = byProject.get(flagged.room().project());
    if (webhooks != null) {
      tidings.flagged(webhooks, flagged);
    }
  }

  /** A client looked for what a room said last, and it had said nothing. */
  public void cacheMissed(RoomId room) {
    tidings.cacheMissed(of(room.project()), room);
  }

  /** Whether a project has a webhook for this. */
  public boolean wants(String project, WebhookType type) {
    return of(project).stream().anyMatch(webhook -> webhook.eventTypes().contains(type.word()));
  }

  /**
   * Tells a project's webhooks of something that is in no room's log.
   *
   * @param lane a room's name, or empty: what is told in one lane is told in order
   * @param payload a JSON object
   */
  public CompletionStage<Void> tell(String project, WebhookType type, String lane, String payload) {
    List<DeliveryRecord> outgoing = new ArrayList<>();
    long nowMs = scheduler.nowMs();
    for (WebhookRecord webhook : of(project)) {
      if (webhook.eventTypes().contains(type.word())) {
        outgoing.add(
            DeliveryRecord.pending(webhook, newId(), type.word(), lane, 0, payload, nowMs, nowMs));
      }
    }
    return outgoing.isEmpty()
        ? CompletableFuture.completedStage(null)
        : store.add(outgoing).thenRun(deliveries::look);
  }

  /**
   * Registers a webhook that a protocol brings along, over what was there under its id.
   *
   * @param webhook its event types are words of the protocol's own, each with a {@link Style}
   * @throws IllegalArgumentException if its address may not be spoken to
   */
  public CompletionStage<Void> declare(WebhookRecord webhook, Style style) {
    flaw(webhook.url())
        .ifPresent(
            word -> {
              throw new IllegalArgumentException("webhook of " + webhook.projectId() + ": " + word);
            });
    webhook.eventTypes().forEach(type -> styles.put(type, style));
    return saved(webhook).thenApply(saved -> null);
  }

  /**
   * Tells one webhook something in its protocol's words, as it is to be sent: a JSON object. One
   * that fails keeps no other waiting.
   */
  public CompletionStage<Void> tell(WebhookRecord webhook, String eventType, String payload) {
    long nowMs = scheduler.nowMs();
    String id = newId();
    DeliveryRecord delivery =
        DeliveryRecord.pending(webhook, id, eventType, id, 0, payload, nowMs, nowMs);
    return store.add(List.of(delivery)).thenRun(deliveries::look);
  }

  @Nullable Style style(String eventType) {
    return styles.get(eventType);
  }

  /** What goes with the body of a protocol's own webhooks. */
  @FunctionalInterface
  public interface Style {
    /** Headers beside the content type. */
    Map<String, String> headers(WebhookRecord webhook, byte[] body);
  }

  /** How often a turn was looked at closely, because its project has webhooks. */
  public long considered() {
    return considered.get();
  }

  // What their owners do with them.

  /** What is wrong with an address, in a word. */
  public Optional<String> flaw(String url) {
    return sender.flaw(url);
  }

  /**
   * Registers a webhook.
   *
   * @return empty if the project has as many as it may have
   */
  public CompletionStage<Optional<WebhookRecord>> register(
      String project, String url, List<WebhookType> types, @Nullable String secret) {
    return refresh()
        .thenCompose(
            nothing -> {
              boolean full = of(project).size() >= limits.webhooksPerProjectMax();
              boolean allFull =
                  byProject.values().stream().mapToInt(List::size).sum() >= limits.webhooksMax();
              if (full || allFull) {
                return CompletableFuture.completedStage(Optional.empty());
              }
              WebhookRecord webhook =
                  new WebhookRecord(project, newId(), url, secret, words(types), scheduler.nowMs());
              return saved(webhook).thenApply(Optional::of);
            });
  }

  /**
   * Changes a webhook; null leaves something as it is.
   *
   * @return false if the project has none with this id
   */
  public CompletionStage<Boolean> change(
      String project,
      String webhookId,
      @Nullable String url,
      @Nullable List<WebhookType> types,
      @Nullable String secret) {
    return current(project, webhookId)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return CompletableFuture.completedStage(false);
              }
              WebhookRecord before = found.get();
              return saved(
                      new WebhookRecord(
                          project,
                          webhookId,
                          url == null ? before.url() : url,
                          secret == null ? before.secret() : secret,
                          types == null ? before.eventTypes() : words(types),
                          before.createdAtMs()))
                  .thenApply(after -> true);
            });
  }

  /** Takes a webhook out, with all that it was still to be told; false if there is none. */
  public CompletionStage<Boolean> remove(String project, String webhookId) {
    return store
        .removeWebhook(project, webhookId)
        .thenCompose(removed -> refresh().thenApply(nothing -> removed));
  }

  /** A webhook of a project as it is now. */
  public CompletionStage<Optional<WebhookRecord>> current(String project, String webhookId) {
    return refresh()
        .thenApply(
            nothing ->
                of(project).stream().filter(webhook -> webhook.id().equals(webhookId)).findFirst());
  }

  /** Deliveries of a project, newest first; of one webhook or of all. */
  public CompletionStage<List<DeliveryRecord>> deliveries(
      String project, @Nullable String webhookId, int max) {
    return store.deliveries(project, webhookId, max);
  }

  /** Makes a delivery once more; false if the project has none with this id. */
  public CompletionStage<Boolean> replay(String project, String deliveryId) {
    return store
        .replay(project, deliveryId, scheduler.nowMs())
        .thenApply(
            found -> {
              deliveries.look();
              return found;
            });
  }

  private CompletionStage<WebhookRecord> saved(WebhookRecord webhook) {
    return store
        .saveWebhook(seal.seal(webhook))
        .thenCompose(nothing -> refresh())
        .thenApply(nothing -> webhook);
  }

  private static List<String> words(List<WebhookType> types) {
    return types.stream().map(WebhookType::word).distinct().toList();
  }

  private String newId() {
    return new UUID(scheduler.random(), scheduler.random()).toString();
  }
}
