package io.fluxy.protocol.pusher;

import io.fluxy.hook.HostQueue;
import io.fluxy.hook.Signature;
import io.fluxy.hook.Webhooks;
import io.fluxy.protocol.Services;
import io.fluxy.store.WebhookRecord;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an app's webhooks and listeners are told (contract 5): webhooks in batches, and of a
 * departure only when nobody has come back within three seconds. From the outbox on they are
 * delivered like all webhooks; what waits here for its batch when the process dies is lost, and so
 * is who left by that.
 *
 * <p>Safe for use by many threads; an app without webhooks costs a look at an empty list.
 */
final class Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
  private static final int BATCH_MS = 250;
  private static final int BATCH_MAX = 20;
  private static final int BACK_MS = 3_000;
  private static final int WAITING_MAX = 10_000; // departures and misses that are remembered

  private final Webhooks webhooks;
  private final Scheduler scheduler;
  private final List<Hook> hooks = new ArrayList<>();
  private final List<HostQueue<ChannelNotice>> listeners = new ArrayList<>();
  private final String type;

  // Guarded by this.
  private final Map<List<String>, Scheduler.Timer> leaving = new HashMap<>();
  private final Map<String, Boolean> missed =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > WAITING_MAX;
        }
      };

  /** One receiver, and what it is to be told next. */
  private static final class Hook {
    private final WebhookRecord record;
    private final Set<String> events;
    private List<String> batch = new ArrayList<>();

    Hook(WebhookRecord record, Set<String> events) {
      this.record = record;
      this.events = events;
    }
  }

  Notices(PusherApp app, Services services) {
    this.webhooks = services.webhooks();
    this.scheduler = services.scheduler();
    for (ChannelNotice.Listener listener : app.listeners()) {
      listeners.add(
          new HostQueue<>(
              "listener " + listener.getClass().getName(),
              listener::accept,
              services.threadForStrangers().get(),
              services.limits().listenerEventsMax()));
    }
    this.type = "pusher:" + app.id();
    PusherApp.Key key = app.keys().get(0);
    for (PusherApp.Webhook each : app.webhooks()) {
      WebhookRecord record =
          new WebhookRecord(
              app.project(),
              "pusher-" + app.id() + "-" + hooks.size(),
              each.url(),
              key.secret(),
              List.of(type),
              scheduler.nowMs());
      hooks.add(new Hook(record, each.events()));
      webhooks
          .declare(record, (webhook, body) -> headers(key, body))
          .whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  LOG.warn("App {}: a webhook could not be kept: {}", app.id(), failure.toString());
                }
              });
    }
  }

  private static Map<String, String> headers(PusherApp.Key key, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Pusher-Key", key.key());
    headers.put("X-Pusher-Signature", Signature.of(key.secret(), body));
    return headers;
  }

  private boolean nobodyHears() {
    return hooks.isEmpty() && listeners.isEmpty();
  }

  /** Somebody is in a channel. */
  void entered(Subscription subscription, Channels.Now now) {
    String channel = subscription.channel();
    if (nobodyHears()) {
      return;
    }
    if (now.count() == 1 && !comesBack(List.of(channel))) {
      tell(ChannelNotice.of("channel_occupied", channel));
    }
    if (now.ofUser() == 1 && !comesBack(List.of(channel, subscription.userId()))) {
      tell(ChannelNotice.of("member_added", channel, userId(subscription)));
    }
  }

  /** Somebody is in a channel no more. */
  void left(Subscription subscription, Channels.Now now) {
    String channel = subscription.channel();
    if (nobodyHears()) {
      return;
    }
    if (subscription.kind().isPresence() && now.ofUser() == 0) {
      unlessBack(
          List.of(channel, subscription.userId()),
          () -> tell(ChannelNotice.of("member_removed", channel, userId(subscription))));
    }
    if (now.count() == 0) {
      unlessBack(List.of(channel), () -> tell(ChannelNotice.of("channel_vacated", channel)));
    }
  }

  private static String userId(Subscription subscription) {
    return UserId.inChannel(subscription.userId());
  }

  private synchronized boolean comesBack(List<String> who) {
    Scheduler.Timer timer = leaving.remove(who);
    if (timer != null) {
      timer.cancel();
    }
    return timer != null;
  }

  private synchronized void unlessBack(List<String> who, Runnable gone) {
    if (leaving.size() >= WAITING_MAX) {
      gone.run();
      return;
    }
    Scheduler.Timer before =
        leaving.put(
            who,
            scheduler.after(
                BACK_MS,
                () -> {
                  synchronized (this) {
                    if (leaving.remove(who) == null) {
                      return; // it has come back just now
                    }
                  }
                  gone.run();
                }));
    if (before != null) {
      before.cancel();
    }
  }

  /** A client has sent an event. */
  void clientEvent(Subscription from, String event, String data, String socketId) {
    if (!nobodyHears()) {
      String userId = from.kind().isPresence() ? userId(from) : null;
      String text = Data.string(data);
      tell(new ChannelNotice("client_event", from.channel(), userId, event, text, socketId, null));
    }
  }

  /** Somebody subscribed to a cache channel that has nothing to tell; said once, until it has. */
  void missed(String channel) {
    if (!nobodyHears()) {
      synchronized (this) {
        if (missed.put(channel, true) != null) {
          return;
        }
      }
      tell(ChannelNotice.of("cache_miss", channel));
    }
  }

  /** A cache channel has something to tell. */
  void cached(String channel) {
    if (!nobodyHears()) {
      synchronized (this) {
        missed.remove(channel);
      }
    }
  }

  /** Subscribers have been told how many they are. */
  void counted(String channel, int count) {
    if (!nobodyHears()) {
      tell(new ChannelNotice("subscription_count", channel, null, null, null, null, count));
    }
  }

  private void tell(ChannelNotice notice) {
    listeners.forEach(listener -> listener.offer(notice));
    String event = hooks.isEmpty() ? "" : json(notice);
    for (Hook hook : hooks) {
      if (hook.events.contains(notice.name())) {
        offer(hook, event);
      }
    }
  }

  private static String json(ChannelNotice notice) {
    return PusherFrames.text(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", notice.name());
          json.writeStringField("channel", notice.channel());
          if (notice.event() != null) {
            json.writeStringField("event", notice.event());
            json.writeStringField("data", notice.data());
            json.writeStringField("socket_id", notice.socketId());
          }
          if (notice.userId() != null) {
            json.writeStringField("user_id", notice.userId());
          }
          if (notice.subscriptionCount() != null) {
            json.writeNumberField("subscription_count", notice.subscriptionCount());
          }
          json.writeEndObject();
        });
  }

  private void offer(Hook hook, String event) {
    List<String> full = null;
    synchronized (this) {
      hook.batch.add(event);
      if (hook.batch.size() >= BATCH_MAX) {
        full = take(hook);
      } else if (hook.batch.size() == 1) {
        scheduler.after(BATCH_MS, () -> send(hook, take(hook)));
      }
    }
    send(hook, full);
  }

  private synchronized List<String> take(Hook hook) {
    List<String> batch = hook.batch;
    hook.batch = new ArrayList<>();
    return batch;
  }

  private void send(Hook hook, @Nullable List<String> batch) {
    if (batch == null || batch.isEmpty()) {
      return;
    }
    String payload =
        PusherFrames.text(
            json -> {
              json.writeStartObject();
              json.writeNumberField("time_ms", scheduler.nowMs());
              json.writeArrayFieldStart("events");
              for (String event : batch) {
                json.writeRawValue(event);
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    webhooks
        .tell(hook.record, type, payload)
        .exceptionally(
            failure -> {
              LOG.warn("{}: {} notices are lost: {}", type, batch.size(), failure.toString());
              return null;
            });
  }
}
