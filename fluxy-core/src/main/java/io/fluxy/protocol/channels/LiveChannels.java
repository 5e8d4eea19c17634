package io.fluxy.protocol.channels;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.connection.RateLimit;
import io.fluxy.protocol.RoomFounder;
import io.fluxy.protocol.Services;
import io.fluxy.room.RoomRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** An app in an engine: its bounds, and the rooms behind its channels. */
final class LiveChannels {
  /** Who publishes with an API key: whoever has one may do all that the project's owner may. */
  static final User SERVER = new User("server", Set.of(Role.ADMIN));

  private static final String BY = "channels";

  private final ChannelApp app;
  private final Services services;
  private final PlainCodec codec;
  private final RoomFounder founder;
  private final RateLimit publishes;
  private final RateLimit reads;
  private final AtomicInteger sockets = new AtomicInteger();

  LiveChannels(ChannelApp app, Services services) {
    this.app = app;
    this.services = services;
    this.codec = new PlainCodec(services.scheduler());
    this.founder = new RoomFounder(services, BY, app.limits().roomsPerMinute());
    this.publishes = new RateLimit(services.scheduler());
    this.reads = new RateLimit(services.scheduler());
  }

  ChannelApp config() {
    return app;
  }

  ChannelLimits limits() {
    return app.limits();
  }

  Services services() {
    return services;
  }

  PlainCodec codec() {
    return codec;
  }

  boolean hasRoom() {
    return sockets.get() < limits().connectionsMax();
  }

  void opened() {
    sockets.incrementAndGet();
  }

  void closed() {
    sockets.decrementAndGet();
  }

  int size() {
    return sockets.get();
  }

  /**
   * The room behind a channel.
   *
   * @throws ChannelProblem if it is no good name
   */
  RoomId room(String channel) {
    if (!ChannelKind.isName(channel, limits().channelNameCharsMax())) {
      throw new ChannelProblem(
          400,
          "invalid_channel",
          "a channel's name has 1 to "
              + limits().channelNameCharsMax()
              + " letters, digits or _ - = @ , . ;");
    }
    return new RoomId(app.project(), channel);
  }

  /** A lease on a channel's room; see {@link RoomFounder#lease}. */
  CompletionStage<RoomRegistry.Lease> lease(RoomId id, boolean byStranger) {
    // Members only, of which there are none: a signature, or the host, lets in.
    RoomType type = ChannelKind.of(id.name()).isSigned() ? RoomType.GROUP : RoomType.PUBLIC;
    return founder.lease(id, type, byStranger);
  }

  /** Somebody without a token. */
  Identity stranger(String name) {
    User guest = new User("guest-" + name, Set.of(Role.GUEST));
    return new Identity(app.project(), guest, Long.MAX_VALUE, null);
  }

  /** Lets somebody in who has a token; whoever may enter a public room becomes a member. */
  CompletionStage<Void> enter(Identity who, RoomId id) {
    return services
        .gate()
        .submit(who, id, new Command.Enter(false))
        .thenAccept(
            answer -> {
              if (answer instanceof Answer.Refused refused) {
                throw ChannelProblem.of(refused.refusal());
              }
            });
  }

  /** Counts one more event for each of so many channels. */
  void countPublishes(int channels) {
    Optional<Integer> wait = Optional.empty();
    for (int i = 0; i < channels && wait.isEmpty(); i++) {
      wait = publishes.take(app.project(), limits().publishesPerMinute());
    }
    if (wait.isPresent()) {
      throw ChannelProblem.tooMany(
          "more than " + limits().publishesPerMinute() + " events in this minute", wait.get());
    }
  }

  /** Counts one more look at history or presence. */
  void countRead(Object caller) {
    Optional<Integer> wait = reads.take(caller, limits().readsPerMinute());
    if (wait.isPresent()) {
      throw ChannelProblem.tooMany(
          "more than " + limits().readsPerMinute() + " reads in this minute", wait.get());
    }
  }
}
