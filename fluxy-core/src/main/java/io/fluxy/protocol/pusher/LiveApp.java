package io.fluxy.protocol.pusher;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Label;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.protocol.RoomFounder;
import io.fluxy.protocol.Services;
import io.fluxy.room.Room;
import io.fluxy.room.RoomRegistry;
import io.fluxy.wire.Frames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An app in an engine: its sockets, and the rooms behind its channels. */
final class LiveApp {
  /** Who publishes: whoever has the app's secret may do all that the project's owner may. */
  static final User PUBLISHER = new User("pusher", Set.of(Role.ADMIN));

  static final String BY = "pusher";

  private static final int COUNTED_AT_ONCE_MAX = 100; // subscribers; a crowd is told now and then
  private static final int COUNT_PAUSE_MS = 5_000;

  private final PusherApp app;
  private final Services services;
  private final RoomFounder founder;
  private final ConcurrentMap<String, PusherSocket> sockets = new ConcurrentHashMap<>();
  private final Channels channels = new Channels();
  private final Users users = new Users();
  private final Set<String> countsDue = ConcurrentHashMap.newKeySet();
  private final Cache cache;
  private final Notices notices;
  private final Histories histories;
  private volatile boolean enabled = true;
  private volatile boolean draining;

  LiveApp(PusherApp app, Services services) {
    this.app = app;
    this.services = services;
    this.founder = new RoomFounder(services, BY, app.limits().roomsPerMinute());
    this.cache =
        new Cache(
            services.scheduler(), app.limits().cacheSeconds(), app.limits().cachedChannelsMax());
    this.notices = new Notices(app, services);
    this.histories = new Histories(app, services);
  }

  PusherApp config() {
    return app;
  }

  PusherLimits limits() {
    return app.limits();
  }

  Services services() {
    return services;
  }

  Channels channels() {
    return channels;
  }

  Users users() {
    return users;
  }

  Cache cache() {
    return cache;
  }

  /** Who is told what happens here. */
  Notices notices() {
    return notices;
  }

  boolean isEnabled() {
    return enabled;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether there may be one socket more. */
  boolean hasRoom() {
    return sockets.size() < limits().connectionsMax();
  }

  void opened(PusherSocket socket) {
    sockets.put(socket.socketId(), socket);
  }

  void closed(PusherSocket socket) {
    sockets.remove(socket.socketId(), socket);
  }

  int size() {
    return sockets.size();
  }

  /** Somebody is in a channel. May be called on a room's turn. */
  void entered(Subscription subscription, Channels.Now now) {
    notices.entered(subscription, now);
    countChanged(subscription);
  }

  /** Somebody is in a channel no more. */
  void left(Subscription subscription) {
    notices.left(subscription, channels.left(subscription));
    countChanged(subscription);
  }

  private void countChanged(Subscription subscription) {
    ChannelKind kind = subscription.kind();
    String channel = subscription.channel();
    if (!app.subscriptionCounts() || kind.isPresence() || kind.isEncrypted()) {
      return;
    } else if (channels.count(channel) <= COUNTED_AT_ONCE_MAX) {
      tellCount(channel);
    } else if (countsDue.add(channel)) {
      services
          .scheduler()
          .after(
              COUNT_PAUSE_MS,
              () -> {
                countsDue.remove(channel);
                tellCount(channel);
              });
    }
  }

  private void tellCount(String channel) {
    List<Subscription> all = channels.of(channel);
    if (!all.isEmpty()) {
      String data = "{\"subscription_count\":" + all.size() + "}";
      Frames frames = PusherFrames.frame("pusher_internal:subscription_count", channel, data);
      all.forEach(each -> each.connection().send(frames));
      notices.counted(channel, all.size());
    }
  }

  void enable(boolean on) {
    enabled = on;
    if (!on) {
      all().forEach(socket -> socket.end(4003, "The app is disabled"));
    }
  }

  /** Refuses new sockets from here on; the present ones can be ended bit by bit. */
  List<PusherSocket> drain() {
    draining = true;
    return new ArrayList<>(all());
  }

  private Collection<PusherSocket> all() {
    return List.copyOf(sockets.values());
  }

  RoomId room(String channel) {
    return new RoomId(app.project(), channel);
  }

  /**
   * A lease on a channel's room, which is made if there is none.
   *
   * @return completes exceptionally with {@link RefusedException} if it can't be had
   */
  CompletionStage<RoomRegistry.Lease> lease(String channel, ChannelKind kind) {
    return founder.lease(room(channel), type(kind), !kind.isSigned());
  }

  private static RoomType type(ChannelKind kind) {
    // Members only, of which there are none: a signature is the only way into it.
    return kind.isSigned() ? RoomType.GROUP : RoomType.PUBLIC;
  }

  /** Does something with a channel's room; nothing if there is none, for then nobody is there. */
  <T> CompletionStage<Optional<T>> ifThere(String channel, Function<Room, CompletionStage<T>> use) {
    return services
        .gate()
        .with(room(channel), room -> use.apply(room).thenApply(Optional::of))
        .exceptionallyCompose(
            failure ->
                isForbidden(failure)
                    ? CompletableFuture.completedStage(Optional.empty())
                    : CompletableFuture.failedStage(failure));
  }

  /**
   * Tells a channel's subscribers an event.
   *
   * @param data JSON
   * @param exceptSocketId whom not to tell; null for nobody
   * @return completes when it has its place in the room's order; exceptionally with {@link
   *     RefusedException}
   */
  CompletionStage<Void> publish(
      String channel, String name, String data, @Nullable String exceptSocketId) {
    if (ChannelKind.of(channel) == ChannelKind.USER) {
      tellUser(channel, name, data);
      return CompletableFuture.completedStage(null);
    }
    boolean cached = ChannelKind.of(channel).isCached();
    boolean kept = app.historyOf(channel) != null;
    Command event =
        kept
            ? new Command.Post(Draft.event(label(name), data), exceptSocketId)
            : new Command.Signal(name, data, exceptSocketId);
    if (cached) {
      notices.cached(channel);
    }
    Function<Room, CompletionStage<Answer>> tell =
        room ->
            cached
                ? cache.put(channel, name, data, () -> room.submit(PUBLISHER, event))
                : room.submit(PUBLISHER, event);
    return (kept ? thereOrMade(channel, tell) : ifThere(channel, tell))
        .thenApply(
            answer -> {
              if (answer.isEmpty() && cached) {
                cache.put(channel, name, data, () -> 0);
              } else if (answer.isPresent() && answer.get() instanceof Answer.Refused refused) {
                throw new RefusedException(refused.refusal());
              } else if (kept) {
                histories.grew(channel);
              }
              return null;
            });
  }

  private static Label label(String name) {
    if (!Label.isName(name)) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Reason.INVALID, "what is kept needs a name of 1 to 200 visible characters"));
    }
    return Label.named(name);
  }

  /** Does something with a channel's room, which is made if there is none. */
  private <T> CompletionStage<Optional<T>> thereOrMade(
      String channel, Function<Room, CompletionStage<T>> use) {
    return founder
        .lease(room(channel), type(ChannelKind.of(channel)), false)
        .thenCompose(
            lease -> use.apply(lease.room()).whenComplete((done, failure) -> lease.release()))
        .thenApply(Optional::of);
  }

  /** In which words a channel is told. */
  ChannelCodec codec(String channel) {
    PusherHistory history = app.historyOf(channel);
    return history != null && history.showsSeq() ? ChannelCodec.WITH_SEQ : ChannelCodec.INSTANCE;
  }

  /** What is kept of the app's channels. */
  Histories histories() {
    return histories;
  }

  private void tellUser(String channel, String name, String data) {
    String userId = channel.substring(ChannelKind.USER_PREFIX.length());
    List<PusherSocket> theirs = users.of(userId);
    if (!theirs.isEmpty()) {
      Frames frames = PusherFrames.frame(name, channel, Data.string(data));
      theirs.forEach(socket -> socket.tellUser(frames));
    }
  }

  static boolean isForbidden(Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof RefusedException refused
        && refused.refusal().reason() == Refusal.Reason.FORBIDDEN;
  }

  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
