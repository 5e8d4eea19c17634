package io.fluxy.protocol.pusher;

import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.protocol.ChatWords;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The Pusher Channels protocol over a project's rooms: unmodified clients and server libraries of
 * Pusher connect by changing a host name.
 *
 * <pre>{@code
 * PusherChannels pusher = new PusherChannels(PusherApp.of("4242", "shop", key, secret));
 * Fluxy fluxy = Fluxy.builder().project(Project.named("shop")).protocol(pusher).start();
 * }</pre>
 *
 * <p>For one engine. Safe for use by many threads.
 */
public final class PusherChannels implements Protocol.Factory {
  private final List<PusherApp> configured;
  private volatile List<LiveApp> apps = List.of();

  /**
   * Serves these apps.
   *
   * @throws IllegalArgumentException if two have the same id or share a key
   */
  public PusherChannels(PusherApp... apps) {
    configured = List.of(apps);
    Set<String> seen = new HashSet<>();
    for (PusherApp app : configured) {
      if (!seen.add("id " + app.id())) {
        throw new IllegalArgumentException("two apps have the id " + app.id());
      }
      for (PusherApp.Key key : app.keys()) {
        if (!seen.add("key " + key.key())) {
          throw new IllegalArgumentException("two apps have the key " + key.key());
        }
      }
    }
  }

  /** Called by the engine. */
  @Override
  public Protocol open(Services services) {
    apps = configured.stream().map(app -> new LiveApp(app, services)).toList();
    return new PusherProtocol(apps);
  }

  /** Ends an app's connections (4003), and refuses whatever asks for it. */
  public void disable(String appId) {
    app(appId).enable(false);
  }

  /** Takes {@link #disable} back. */
  public void enable(String appId) {
    app(appId).enable(true);
  }

  /**
   * Publishes from the host's own code: like the API, without HTTP and signatures.
   *
   * @param data told byte for byte
   * @return completes when the event has its place in the channel's order; exceptionally with
   *     {@link io.fluxy.chat.RefusedException}
   * @throws IllegalArgumentException if there is no such app, or a name is no good
   */
  public CompletionStage<Void> trigger(String appId, String channel, String event, String data) {
    LiveApp app = app(appId);
    boolean toUser = ChannelKind.of(channel) == ChannelKind.USER;
    if (!toUser && !ChannelKind.isName(channel, app.limits().channelNameCharsMax())) {
      throw new IllegalArgumentException("no good name for a channel: " + Names.shown(channel));
    } else if (event.isEmpty()
        || event.length() > app.limits().eventNameCharsMax()
        || ChannelCodec.isReserved(event)) {
      throw new IllegalArgumentException("no good name for an event: " + Names.shown(event));
    }
    return app.publish(channel, event, Json.text(data), null);
  }

  /**
   * What is kept of a channel: an event that was published to it, or a message of its room, whose
   * name is {@code message}.
   *
   * @param seq its place in the channel's room
   * @param data as subscribers were told it
   * @param atMs UTC milliseconds since 1970
   */
  public record KeptEvent(long seq, String name, String data, long atMs) {
    static KeptEvent of(Message message) {
      Label label = message.label();
      String[] words = new String[2];
      if (label == null) {
        ChatWords.tell(
            new Event.Posted(message),
            (name, fields) -> {
              words[0] = name;
              words[1] = Json.objectText(fields);
            });
      } else {
        words[0] = label.name();
        words[1] = Data.string(message.content());
      }
      return new KeptEvent(message.seq(), words[0], words[1], message.createdAtMs());
    }
  }

  /**
   * What was told in a channel and is kept, newest first, as far as its history goes.
   *
   * @param afterSeq only later events; 0 for all
   * @param beforeSeq only earlier events; {@link Long#MAX_VALUE} for the newest
   * @param max at most so many
   * @return completes exceptionally with {@link io.fluxy.store.StoreException}
   * @throws IllegalArgumentException if there is no such app, or no history is kept of the channel
   */
  public CompletionStage<List<KeptEvent>> history(
      String appId, String channel, long afterSeq, long beforeSeq, int max) {
    LiveApp app = app(appId);
    PusherHistory rule = app.config().historyOf(channel);
    if (rule == null) {
      throw new IllegalArgumentException("no history is kept of " + Names.shown(channel));
    }
    return app.histories()
        .page(channel, rule, afterSeq, beforeSeq, max)
        .thenApply(page -> page.messages().stream().map(KeptEvent::of).toList());
  }

  /**
   * Moves an app's clients to other servers: new connections are refused from now on (4100), the
   * present ones are asked to connect again (4200), a few at a time and in no order, so that they
   * do not all arrive elsewhere at once.
   *
   * @param overMs how long it is to take
   * @return completes when the last one has been asked
   */
  public CompletionStage<Void> drain(String appId, long overMs) {
    LiveApp app = app(appId);
    List<PusherSocket> all = app.drain();
    CompletableFuture<Void> done = new CompletableFuture<>();
    Scheduler scheduler = app.services().scheduler();
    for (PusherSocket socket : all) {
      long delayMs = overMs <= 0 ? 0 : Math.floorMod(scheduler.random(), overMs);
      scheduler.after(delayMs, () -> socket.end(4200, "Server is going away, connect again"));
    }
    scheduler.after(overMs, () -> done.complete(null));
    return done;
  }

  /** How many connections an app has on this server. */
  public int connections(String appId) {
    return app(appId).size();
  }

  private LiveApp app(String appId) {
    return apps.stream()
        .filter(app -> app.config().id().equals(appId))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no app " + appId));
  }
}
