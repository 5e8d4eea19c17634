package io.fluxy.protocol.pushflo;

import io.fluxy.auth.Identity;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.protocol.RoomFounder;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.room.RoomRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** An app in an engine: its keys, its sockets, and the rooms behind its channels. */
final class LiveApp {
  /**
   * Who publishes, and who makes rooms: whoever has a secret key may do all that the project's
   * owner may.
   */
  static final User PUBLISHER = new User("pushflo", Set.of(Role.ADMIN));

  private final PushFloApp app;
  private final Services services;
  private final List<PushFloApp.Key> keys;
  private final ChannelCodec codec;
  private final RoomFounder founder;
  private final Rejections rejections;
  private final Orphans orphans;
  private final Retries retries;
  private final ConcurrentMap<String, PushFloSocket> sockets = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Integer> perToken = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Integer> subscribed = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final LongAdder fastPings = new LongAdder();

  LiveApp(PushFloApp app, Services services) {
    this.app = app;
    this.services = services;
    this.keys = new CopyOnWriteArrayList<>(app.keys());
    this.codec = new ChannelCodec(app, services.scheduler());
    this.founder = new RoomFounder(services, PUBLISHER.id(), app.limits().roomsPerMinute());
    this.rejections = new Rejections(services.scheduler(), app.limits());
    this.orphans = new Orphans(services.scheduler(), app.limits());
    this.retries = new Retries(services.scheduler(), app.limits());
  }

  PushFloApp config() {
    return app;
  }

  PushFloLimits limits() {
    return app.limits();
  }

  Services services() {
    return services;
  }

  ChannelCodec codec() {
    return codec;
  }

  Rejections rejections() {
    return rejections;
  }

  Orphans orphans() {
    return orphans;
  }

  Retries retries() {
    return retries;
  }

  // Keys.

  Optional<PushFloApp.Key> key(String hash) {
    PushFloApp.Key found = null;
    for (PushFloApp.Key key : keys) {
      if (key.isHashedTo(hash)) {
        found = key;
      }
    }
    return Optional.ofNullable(found);
  }

  void accept(PushFloApp.Key key) {
    if (this.key(key.hash()).isEmpty()) {
      keys.add(key);
    }
  }

  /** Ends a key and whatever came with it; false if it is none of ours. */
  boolean revoke(String hash) {
    boolean was = keys.removeIf(key -> key.hash().equals(hash));
    sockets.values().stream()
        .filter(socket -> socket.credential().tag().equals(hash))
        .forEach(socket -> socket.end(4001, "UNAUTHORIZED", "The key has been revoked"));
    return was;
  }

  // Sockets.

  /** A number for a socket, greater than those of all that came before it. */
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  /** Whether there may be one socket more. */
  boolean hasRoomFor(Credential credential) {
    return sockets.size() < limits().connectionsMax()
        && (credential.tokenKey().isEmpty()
            || perToken.getOrDefault(credential.tokenKey(), 0) < limits().connectionsPerTokenMax());
  }

  void opened(PushFloSocket socket) {
    sockets.put(socket.id(), socket);
    String token = socket.credential().tokenKey();
    if (!token.isEmpty()) {
      perToken.merge(token, 1, Integer::sum);
    }
  }

  void closed(PushFloSocket socket) {
    if (sockets.remove(socket.id(), socket)) {
      perToken.computeIfPresent(
          socket.credential().tokenKey(), (token, count) -> count == 1 ? null : count - 1);
    }
  }

  int size() {
    return sockets.size();
  }

  /** Sockets of whom something holds. */
  List<PushFloSocket> sockets(Predicate<PushFloSocket> which) {
    return sockets.values().stream().filter(which).toList();
  }

  void pingedFast() {
    fastPings.increment();
  }

  long fastPings() {
    return fastPings.sum();
  }

  // Channels.

  void entered(String channel) {
    subscribed.merge(channel, 1, Integer::sum);
  }

  void left(String channel) {
    if (subscribed.computeIfPresent(channel, (name, count) -> count == 1 ? null : count - 1)
        == null) {
      codec.forget(room(channel));
    }
  }

  /** How many sockets hear a channel. */
  int subscribers(String channel) {
    return subscribed.getOrDefault(channel, 0);
  }

  RoomId room(String channel) {
    return new RoomId(app.project(), channel);
  }

  boolean isName(String channel) {
    return Slugs.isName(channel, app.has(Option.ANY_NAMES));
  }

  /** Who reads and writes with a secret key. */
  Identity publisher() {
    return new Identity(app.project(), PUBLISHER, Long.MAX_VALUE, null);
  }

  /**
   * A lease on a channel's room.
   *
   * @param create whether it is made if there is none
   * @return empty if there is none; completes exceptionally with {@link RefusedException} if it
   *     can't be had
   */
  CompletionStage<Optional<RoomRegistry.Lease>> lease(String channel, boolean create) {
    RoomId id = room(channel);
    return create
        ? founder.lease(id, RoomType.PUBLIC, true).thenApply(Optional::of)
        : services.gate().lease(id);
  }

  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
