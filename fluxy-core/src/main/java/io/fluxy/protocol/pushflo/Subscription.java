package io.fluxy.protocol.pushflo;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Gate;
import io.fluxy.connection.Seated;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.room.RoomRegistry;
import io.fluxy.wire.Delivery;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One socket in one channel: from the moment it asks until it goes, a member of the room once it is
 * let in. Knows how far its client has been sent the room's log, and how far that has certainly
 * arrived.
 */
final class Subscription {
  /** No seq: whoever begins with it hears nothing of what was before. */
  static final long FROM_HERE = -1;

  private final PushFloSocket socket;
  private final Connection connection;
  private final String channel;
  private final Identity as;
  private final boolean admitted;
  private final boolean visible;

  // Guarded by this, as the room and the socket may come at the same time.
  private @Nullable Seated seated;
  private boolean in; // has been told that it is
  private boolean over;
  private int owed; // answers to those who asked again before it was in

  private long sentSeq; // by what the room has told
  private long markedSeq; // sent before the last mark
  private long receivedSeq; // for certain

  Subscription(
      PushFloSocket socket,
      Connection connection,
      String channel,
      Identity as,
      boolean admitted,
      boolean visible,
      long receivedSeq) {
    this.socket = socket;
    this.connection = connection;
    this.channel = channel;
    this.as = as;
    this.admitted = admitted;
    this.visible = visible;
    this.receivedSeq = receivedSeq;
    this.sentSeq = receivedSeq;
    this.markedSeq = receivedSeq;
  }

  String channel() {
    return channel;
  }

  /** The client has asked once more: it is told once more. */
  void again() {
    boolean now;
    synchronized (this) {
      now = in;
      owed += now ? 0 : 1;
    }
    if (now) {
      connection.send(PushFloFrames.subscribed(channel));
    }
  }

  void begin() {
    LiveApp app = socket.app();
    app.lease(channel, app.config().has(Option.CREATE_ON_SUBSCRIBE))
        .whenComplete(
            (lease, failure) -> {
              if (failure != null) {
                fail(LiveApp.cause(failure));
              } else if (lease.isEmpty()) {
                fail("CHANNEL_NOT_FOUND", "Channel not found");
              } else {
                knock(lease.get());
              }
            });
  }

  /** Asks whether it may come in; a user that may, becomes a member as with any other protocol. */
  private void knock(RoomRegistry.Lease lease) {
    Gate gate = socket.app().services().gate();
    RoomId room = socket.app().room(channel);
    boolean becomesMember = visible && !admitted;
    CompletionStage<Boolean> may =
        !as.isGoodFor(room)
            ? CompletableFuture.completedStage(false)
            : becomesMember
                ? gate.submitUncounted(as, room, new Command.Enter(false))
                    .thenApply(answer -> !(answer instanceof Answer.Refused))
                : gate.allows(as, room, new Command.Enter(admitted));
    may.whenComplete(
        (allowed, failure) -> {
          if (failure == null && allowed) {
            sit(lease);
          } else {
            lease.release();
            fail("FORBIDDEN", "This channel is not for you");
          }
        });
  }

  private synchronized void sit(RoomRegistry.Lease lease) {
    if (over) {
      lease.release();
      return;
    }
    LiveApp app = socket.app();
    Seated seat =
        socket.isResumable()
            ? connection.sitAgain(
                lease,
                app.services().gate(),
                app.codec(),
                as,
                socket.id(),
                Map.of(),
                visible,
                receivedSeq,
                this::heard,
                this::parted)
            : connection.sit(
                lease,
                app.services().gate(),
                app.codec(),
                as,
                socket.id(),
                Map.of(),
                visible,
                this::heard,
                this::parted);
    if (over) { // the room had no place for the letter
      seat.leave();
    } else {
      seated = seat;
    }
  }

  private void heard(Delivery delivery) {
    boolean moved = false;
    int answers = 0;
    synchronized (this) {
      for (Event event : delivery.events()) {
        if (event instanceof Event.Durable durable) {
          sentSeq = durable.seq();
          moved = true;
        } else if (event instanceof Event.Resumed resumed) {
          begins(resumed.lastSeq());
        } else if (event instanceof Event.Welcomed && !over) {
          in = true;
          answers = owed;
          owed = 0;
          socket.app().entered(channel);
        }
      }
    }
    for (int i = 0; i < answers; i++) {
      connection.send(PushFloFrames.subscribed(channel));
    }
    if (moved) {
      socket.sentMore();
    }
  }

  /** What follows this seq is what it hears. */
  private void begins(long seq) {
    sentSeq = seq;
    markedSeq = seq;
    receivedSeq = seq;
  }

  /** A mark goes out behind all that was sent so far. */
  synchronized void mark() {
    markedSeq = sentSeq;
  }

  /** The last mark has arrived. */
  synchronized void marked() {
    receivedSeq = Math.max(receivedSeq, markedSeq);
  }

  /** Up to where its client has certainly received. */
  synchronized long receivedSeq() {
    return receivedSeq;
  }

  private void parted(Farewell farewell) {
    switch (farewell.reason()) {
      case SLOW -> connection.close(farewell);
      case FORBIDDEN, TERMINATED -> fail("FORBIDDEN", farewell.detail());
      default -> fail("SERVER_ERROR", farewell.detail());
    }
  }

  private void fail(Throwable failure) {
    if (failure instanceof RefusedException refused) {
      ApiProblem problem = ApiProblem.of(refused);
      fail(problem.code(), String.valueOf(problem.getMessage()));
    } else {
      fail("SERVER_ERROR", "The storage does not answer, try later");
    }
  }

  /** It came to nothing, or is over by the room's will. */
  private void fail(String code, String message) {
    if (socket.drop(this)) {
      connection.send(PushFloFrames.error(code, message, channel));
    }
  }

  /** By the client's will, or because it is gone. */
  void end() {
    Seated left;
    boolean was;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      was = in;
      left = seated;
      seated = null;
    }
    if (left != null) {
      left.leave();
    }
    if (was) {
      socket.app().left(channel);
    }
  }
}
