package io.fluxy.protocol.pusher;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.RefusedException;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Seated;
import io.fluxy.room.RoomRegistry;
import io.fluxy.wire.Delivery;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One socket in one channel: from the moment it asks until it goes, a member of the room once it is
 * let in.
 */
final class Subscription {
  private final PusherSocket socket;
  private final Connection connection;
  private final String channel;
  private final ChannelKind kind;
  private final Identity as;
  private final Map<String, String> info;

  // Guarded by this, as the room and the socket may come at the same time.
  private @Nullable Seated seated;
  private Cache.@Nullable Last last;
  private boolean in; // has been told that it is
  private boolean over;

  Subscription(
      PusherSocket socket,
      Connection connection,
      String channel,
      ChannelKind kind,
      Identity as,
      Map<String, String> info) {
    this.socket = socket;
    this.connection = connection;
    this.channel = channel;
    this.kind = kind;
    this.as = as;
    this.info = info;
  }

  String channel() {
    return channel;
  }

  ChannelKind kind() {
    return kind;
  }

  Connection connection() {
    return connection;
  }

  /** What rooms call the user of a presence channel. */
  String userId() {
    return as.user().id();
  }

  /** The seat, once the client knows that it has it; null before, and afterwards. */
  synchronized @Nullable Seated seat() {
    return in && !over ? seated : null;
  }

  /** The host does not object: gets a lease, and takes a seat. */
  void begin() {
    LiveApp app = socket.app();
    app.lease(channel, kind)
        .whenComplete(
            (lease, failure) -> {
              if (lease != null) {
                enter(lease);
              } else if (LiveApp.cause(failure) instanceof RefusedException refused) {
                fail("LimitReached", refused.refusal().detail(), status(refused));
              } else {
                fail("ServerError", "the storage does not answer, try later", 503);
              }
            });
  }

  private static int status(RefusedException refused) {
    return switch (refused.refusal().reason()) {
      case FORBIDDEN -> 403;
      case RATE_LIMITED -> 429;
      default -> 503;
    };
  }

  private void enter(RoomRegistry.Lease lease) {
    if (kind.isCached()) {
      socket.app().cache().join(channel, cached -> sit(lease, cached));
    } else {
      sit(lease, Optional.empty());
    }
  }

  private synchronized boolean sit(RoomRegistry.Lease lease, Optional<Cache.Last> cached) {
    if (over) {
      lease.release();
      return false;
    }
    last = cached.orElse(null);
    Seated seat =
        connection.sit(
            lease,
            socket.app().services().gate(),
            socket.app().codec(channel),
            as,
            socket.socketId(),
            info,
            kind.isPresence(),
            this::heard,
            this::parted);
    if (over) { // the room had no place for the letter
      seat.leave();
    } else {
      seated = seat;
    }
    return true;
  }

  private void heard(Delivery delivery) {
    if (in || !(delivery.events().get(delivery.events().size() - 1) instanceof Event.Welcomed)) {
      return;
    }
    Channels.Now now;
    synchronized (this) {
      in = true;
      if (over) {
        return;
      }
      if (kind.isCached()) {
        connection.send(
            last == null
                ? PusherFrames.frame("pusher:cache_miss", channel, "{}")
                : PusherFrames.frame(last.name(), channel, Data.string(last.data())));
        if (last == null) {
          socket.app().notices().missed(channel);
        }
      }
      now = socket.app().channels().entered(this);
    }
    socket.app().entered(this, now); // outside, for it tells others
  }

  private void parted(Farewell farewell) {
    if (farewell.reason() == Farewell.Reason.SLOW) {
      connection.close(farewell);
      return;
    }
    boolean forbidden =
        farewell.reason() == Farewell.Reason.FORBIDDEN
            || farewell.reason() == Farewell.Reason.TERMINATED;
    fail(forbidden ? "AuthError" : "ServerError", farewell.detail(), forbidden ? 403 : 503);
  }

  /** It came to nothing, or is over by the room's will. */
  private void fail(String type, String message, int status) {
    if (socket.drop(this)) {
      connection.send(PusherFrames.subscriptionError(channel, type, message, status));
    }
  }

  /** By the client's will, or because it is gone; true if it had been told that it was in. */
  boolean end() {
    Seated left;
    boolean was;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      was = in;
      left = seated;
      seated = null;
    }
    if (left != null) {
      left.leave();
    }
    return was;
  }
}
