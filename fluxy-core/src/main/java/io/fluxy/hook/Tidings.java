package io.fluxy.hook;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.WebhookRecord;
import io.fluxy.store.WebhookStore;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What webhooks are told that is in no room's log: who comes and goes, client events, what was
 * refused. It waits here until it is in the outbox, one write at a time, so that nothing waits for
 * it; from there on it is delivered like all else, at least once. What waits here when the process
 * dies is lost, as is what happens then: nobody sees a dead process' members leave.
 *
 * <p>How many connections a room has is told of once per write, with the newest number. All of a
 * room is told in order, in a lane of its own, so that messages do not wait for it.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
final class Tidings {
  private static final Logger LOG = LoggerFactory.getLogger(Tidings.class);
  private static final int WRITTEN_AT_ONCE = 500;
  private static final int AGAIN_MS = 1_000;

  private final WebhookStore outbox;
  private final Scheduler scheduler;
  private final int max;
  private final Supplier<String> newId;
  private final Runnable written;

  // Guarded by this.
  private final Map<Object, DeliveryRecord> waiting = new LinkedHashMap<>();
  private boolean writing;
  private boolean closed;
  private long order;
  private long missed;

  private record Counted(String webhookId, String lane) {}

  /**
   * Nothing yet.
   *
   * @param max what may wait
   * @param written called when there is something new in the outbox
   */
  Tidings(
      WebhookStore outbox, Scheduler scheduler, int max, Supplier<String> newId, Runnable written) {
    this.outbox = outbox;
    this.scheduler = scheduler;
    this.max = max;
    this.newId = newId;
    this.written = written;
  }

  void presence(
      List<WebhookRecord> webhooks, RoomId room, @Nullable Event change, int before, int now) {
    String at = WebhookBody.iso(scheduler.nowMs());
    if (before == 0) {
      offer(webhooks, WebhookType.ROOM_OCCUPIED, room, json -> json.writeStringField("at", at));
    }
    if (change instanceof Event.Arrived arrived) {
      offer(
          webhooks,
          WebhookType.MEMBER_JOINED,
          room,
          json -> {
            json.writeStringField("userId", arrived.userId());
            json.writeObjectFieldStart("userInfo");
            for (Map.Entry<String, String> field : arrived.info().entrySet()) {
              json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
            json.writeStringField("socketId", arrived.connectionId());
            json.writeNumberField("subscriptionCount", now);
            json.writeStringField("at", at);
          });
    } else if (change instanceof Event.Left left) {
      offer(
          webhooks,
          WebhookType.MEMBER_LEFT,
          room,
          json -> {
            json.writeStringField("userId", left.userId());
            json.writeNumberField("subscriptionCount", now);
            json.writeStringField("at", at);
          });
    }
    offer(
        webhooks,
        WebhookType.SUBSCRIPTION_COUNT,
        room,
        json -> {
          json.writeNumberField("subscriptionCount", now);
          json.writeStringField("at", at);
        });
    if (now == 0) {
      offer(webhooks, WebhookType.ROOM_VACATED, room, json -> json.writeStringField("at", at));
    }
  }

  void whispered(List<WebhookRecord> webhooks, RoomId room, Event.Whispered event) {
    offer(
        webhooks,
        WebhookType.CLIENT_EVENT,
        room,
        json -> {
          json.writeStringField("userId", event.userId());
          json.writeStringField("eventName", event.name());
          json.writeFieldName("data");
          json.writeRawValue(event.json());
        });
  }

  /** Without the text that was refused: it is kept nowhere. */
  void flagged(List<WebhookRecord> webhooks, Interception.Flagged flagged) {
    offer(
        webhooks,
        WebhookType.MODERATION_AUTO_FLAG,
        flagged.room(),
        json -> {
          json.writeStringField("userId", flagged.who().user().id());
          json.writeStringField("reason", flagged.refusal().detail());
          json.writeStringField("at", WebhookBody.iso(scheduler.nowMs()));
        });
  }

  void cacheMissed(List<WebhookRecord> webhooks, RoomId room) {
    String at = WebhookBody.iso(scheduler.nowMs());
    offer(webhooks, WebhookType.CACHE_MISS, room, json -> json.writeStringField("at", at));
  }

  private void offer(
      List<WebhookRecord> webhooks, WebhookType type, RoomId room, Json.Writing payload) {
    String text = null;
    for (WebhookRecord webhook : webhooks) {
      if (webhook.eventTypes().contains(type.word())) {
        text = text == null ? text(room, payload) : text;
        offer(webhook, type, room.name() + "#", text); // a sign that no room's name has
      }
    }
  }

  private static String text(RoomId room, Json.Writing payload) {
    return Json.objectText(
        json -> {
          json.writeStringField("roomId", room.name());
          payload.to(json);
        });
  }

  private void offer(WebhookRecord webhook, WebhookType type, String lane, String payload) {
    long nowMs = scheduler.nowMs();
    String id = newId.get();
    boolean begins;
    synchronized (this) {
      Object key =
          type == WebhookType.SUBSCRIPTION_COUNT ? new Counted(webhook.id(), lane) : (Object) id;
      waiting.remove(key); // an older number, which nobody needs any more
      if (waiting.size() >= max) {
        missed++;
        return;
      }
      waiting.put(
          key,
          DeliveryRecord.pending(webhook, id, type.word(), lane, ++order, payload, nowMs, nowMs));
      begins = !writing && !closed;
      writing |= begins;
    }
    if (begins) {
      scheduler.run(this::write); // after the turn, so one write has all of it
    }
  }

  private void write() {
    List<DeliveryRecord> batch = new ArrayList<>();
    long lost;
    synchronized (this) {
      Iterator<DeliveryRecord> all = waiting.values().iterator();
      while (all.hasNext() && batch.size() < WRITTEN_AT_ONCE) {
        batch.add(all.next());
        all.remove();
      }
      lost = missed;
      missed = 0;
      if (batch.isEmpty() || closed) {
        writing = false;
        return;
      }
    }
    if (lost > 0) {
      LOG.warn("Webhooks are not told of {} events: more than {} waited", lost, max);
    }
    outbox
        .add(batch)
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                written.run();
                scheduler.run(this::write);
              } else {
                LOG.warn("The webhook outbox could not be written: {}", failure.toString());
                putBack(batch);
                scheduler.after(AGAIN_MS, this::write);
              }
            });
  }

  /** Under new ids: the store may have kept what it did not acknowledge. */
  private synchronized void putBack(List<DeliveryRecord> batch) {
    Map<Object, DeliveryRecord> later = new LinkedHashMap<>(waiting);
    waiting.clear();
    for (DeliveryRecord delivery : batch) {
      if (waiting.size() + later.size() < max) {
        String id = newId.get();
        waiting.put(id, delivery.renamed(id));
      } else {
        missed++;
      }
    }
    waiting.putAll(later);
  }

  synchronized void close() {
    closed = true;
  }
}
