package io.fluxy.protocol.channels;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Label;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Conversation;
import io.fluxy.connection.Seated;
import io.fluxy.room.RoomRegistry;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Json;
import io.fluxy.wire.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One socket in one channel, whose name is in its path: nothing has to be asked for. What a client
 * says wrong ends nothing; what proves nothing in time does.
 */
final class PlainSocket implements Conversation {
  private final LiveChannels app;
  private final RoomId room;
  private final String socketId;
  private final Identity identity;
  private final boolean known; // by a token
  private final @Nullable Long since;

  private @Nullable Connection connection; // set before anything else happens
  private @Nullable Seated seat; // guarded by this, as all below
  private boolean asked; // for its seat
  private boolean proven;
  private boolean closed;
  private long second;
  private int clientEvents;

  /**
   * @param identity of a token; null for none
   * @param since up to where it has heard the channel before; null for a newcomer
   */
  PlainSocket(LiveChannels app, RoomId room, @Nullable Identity identity, @Nullable Long since) {
    this.app = app;
    this.room = room;
    this.since = since;
    this.known = identity != null;
    long first = app.services().scheduler().random();
    long second = app.services().scheduler().random();
    this.socketId = ((first >>> 31) + 1) + "." + ((second >>> 31) + 1);
    this.identity = identity != null ? identity : app.stranger(socketId.replace('.', '-'));
  }

  Identity identity() {
    return identity;
  }

  @Override
  public void opened(Connection opened) {
    connection = opened;
    app.opened();
    if (known || !kind().isSigned()) {
      enter(identity, Map.of());
      return;
    }
    send("channel:authenticate", json -> socketId(json));
    app.services()
        .scheduler()
        .after(
            app.limits().authSeconds() * 1_000L,
            () -> {
              if (!hasAsked()) {
                opened.close(new Farewell(Farewell.Reason.EXPIRED, "not authenticated in time"));
              }
            });
  }

  private void socketId(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("socketId", socketId);
    json.writeEndObject();
  }

  private synchronized boolean hasAsked() {
    return asked;
  }

  private ChannelKind kind() {
    return ChannelKind.of(room.name());
  }

  private void enter(Identity as, Map<String, String> info) {
    synchronized (this) {
      asked = true;
      proven |= known;
    }
    boolean admitted = as.user().isAdmittedTo(room);
    app.services()
        .gate()
        .allows(as, room, new Command.Enter(admitted))
        .whenComplete(
            (allowed, failure) -> {
              if (allowed == null || !allowed) {
                open().close(new Farewell(Farewell.Reason.FORBIDDEN, "the host does not allow it"));
              } else {
                app.lease(room, !known && !admitted)
                    .whenComplete((lease, failed) -> leased(lease, failed, as, info));
              }
            });
  }

  private void leased(
      RoomRegistry.@Nullable Lease lease,
      @Nullable Throwable failure,
      Identity as,
      Map<String, String> info) {
    if (lease != null) {
      sit(lease, as, info);
      return;
    }
    ChannelProblem problem = failure == null ? null : ChannelProblem.of(failure);
    String why = problem == null ? "internal error" : problem.text();
    boolean theirs = problem != null && problem.status() < 500;
    open().close(new Farewell(theirs ? Farewell.Reason.FORBIDDEN : Farewell.Reason.INTERNAL, why));
  }

  private synchronized void sit(RoomRegistry.Lease lease, Identity as, Map<String, String> info) {
    if (closed) {
      lease.release();
      return;
    }
    boolean visible = kind() == ChannelKind.PRESENCE;
    seat =
        since == null
            ? open()
                .sit(
                    lease,
                    app.services().gate(),
                    app.codec(),
                    as,
                    socketId,
                    info,
                    visible,
                    delivery -> {},
                    open()::close)
            : open()
                .sitAgain(
                    lease,
                    app.services().gate(),
                    app.codec(),
                    as,
                    socketId,
                    info,
                    visible,
                    since,
                    delivery -> {},
                    open()::close);
  }

  @Override
  public void closed(Connection connection) {
    Seated left;
    synchronized (this) {
      closed = true;
      asked = true;
      left = seat;
      seat = null;
    }
    if (left != null) {
      left.leave();
    }
    app.closed();
  }

  private Connection open() {
    if (connection == null) {
      throw new IllegalStateException("not open yet");
    }
    return connection;
  }

  @Override
  public int closeCode(Farewell farewell) {
    return switch (farewell.reason()) {
      case NORMAL -> 1000;
      case GOING_AWAY -> 1012;
      case EXPIRED -> 4001;
      case TERMINATED, FORBIDDEN -> 4003;
      case SLOW -> 4008;
      case SILENT -> 4000;
      case PROTOCOL_ERROR -> 1002;
      case NOT_UTF8 -> 1007;
      case TOO_BIG -> 1009;
      case INTERNAL -> 1011;
    };
  }

  @Override
  public void text(Connection connection, byte[] bytes) {
    Map<String, @Nullable Object> frame;
    try {
      frame = Json.object(bytes);
    } catch (BadJsonException e) {
      if (Utf8.isValid(bytes)) {
        complain("invalid", "no good frame: " + e.getMessage());
      } else {
        connection.close(new Farewell(Farewell.Reason.NOT_UTF8, "not UTF-8"));
      }
      return;
    }
    String event = frame.get("event") instanceof String text ? text : "";
    if (event.startsWith(PlainCodec.CLIENT_EVENT)) {
      clientEvent(event, frame);
    } else if (event.equals("channel:ping")) {
      send("channel:pong", json -> json.writeNull());
    } else if (event.equals("channel:auth")) {
      authenticate(frame.get("data") instanceof Map<?, ?> data ? data : Map.of());
    } else {
      complain("unknown_event", "clients send client-..., channel:auth and channel:ping");
    }
  }

  // Who is it?

  private void authenticate(Map<?, ?> data) {
    String auth = data.get("auth") instanceof String text ? text : "";
    String channelData = data.get("channelData") instanceof String text ? text : null;
    if (hasAsked()) {
      complain("invalid", "this socket is in its channel already");
    } else if (!app.config().isSigned(auth, socketId, room.name(), channelData)) {
      complain("unauthorized", "auth is not the signature for this socket and channel");
    } else if (channelData == null && kind() == ChannelKind.PRESENCE) {
      complain("invalid", "a presence channel needs channelData with a user_id");
    } else {
      Member member = member(channelData);
      if (member != null) {
        proven();
        enter(member.identity(), member.info());
      }
    }
  }

  private synchronized void proven() {
    proven = true;
  }

  private record Member(Identity identity, Map<String, String> info) {}

  /** Who a signature says it is; null, and the client is told, if it says so badly. */
  private @Nullable Member member(@Nullable String channelData) {
    if (channelData == null) {
      return new Member(admitted(identity.user().id()), Map.of());
    }
    int max = app.limits().channelDataBytesMax();
    byte[] utf8 = channelData.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > max) {
      complain("invalid", "channelData has more than " + max + " bytes");
      return null;
    }
    try {
      Map<String, @Nullable Object> fields = Json.object(utf8);
      if (fields.get("user_id") instanceof String userId && Names.isId(userId)) {
        Object info = fields.get(PlainCodec.USER_INFO);
        return new Member(
            admitted(userId),
            info == null ? Map.of() : Map.of(PlainCodec.USER_INFO, Json.text(info)));
      }
    } catch (BadJsonException e) {
      // as if it had no user
    }
    complain("invalid", "channelData needs a user_id of 1 to 128 letters, digits, _ or -");
    return null;
  }

  private Identity admitted(String userId) {
    User user = new User(userId, Set.of(Role.GUEST), room.name());
    return new Identity(room.project(), user, Long.MAX_VALUE, room.name());
  }

  // What it says.

  private void clientEvent(String event, Map<String, @Nullable Object> frame) {
    Seated seated;
    boolean somebody;
    boolean tooFast;
    synchronized (this) {
      seated = seat;
      somebody = proven;
      tooFast = seated != null && isTooFast();
    }
    ChannelLimits limits = app.limits();
    Object data = frame.get("data");
    if (!app.config().clientEvents()) {
      complain("forbidden", "client events are off here");
    } else if (seated == null) {
      complain("invalid", "not subscribed yet");
    } else if (!somebody) {
      complain("forbidden", "client events need a token or a signature");
    } else if (!Label.isName(event)) {
      complain("invalid", "event must be 1 to " + Label.NAME_CHARS_MAX + " characters");
    } else if (tooFast) {
      String perSecond = "more than " + limits.clientEventsPerSecond() + " client events a second";
      complain("rate_limited", perSecond);
    } else {
      String json = Json.text(data);
      if (json.getBytes(StandardCharsets.UTF_8).length > limits.eventDataBytesMax()) {
        complain("too_large", "data has more than " + limits.eventDataBytesMax() + " bytes");
      } else {
        seated.askUncounted(new Command.Whisper(event, json));
      }
    }
  }

  private boolean isTooFast() {
    long now = app.services().scheduler().ticksMs() / 1_000;
    if (now != second) {
      second = now;
      clientEvents = 0;
    }
    return ++clientEvents > app.limits().clientEventsPerSecond();
  }

  private void complain(String code, String message) {
    send("channel:error", json -> PlainCodec.error(json, code, message));
  }

  private void send(String event, Json.Writing data) {
    open().send(frames(event, data));
  }

  private Frames frames(String event, Json.Writing data) {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    long nowMs = app.services().scheduler().nowMs();
    out.frame(json -> PlainCodec.frame(json, event, room.name(), data, null, null, nowMs));
    return out.frames();
  }

  @Override
  public @Nullable Frames lastWords(Farewell farewell) {
    int code = closeCode(farewell);
    if (code < 4001) {
      return null;
    }
    String word =
        switch (code) {
          case 4001 -> "unauthorized";
          case 4003 -> "forbidden";
          default -> "slow";
        };
    return frames("channel:error", json -> PlainCodec.error(json, word, farewell.detail()));
  }
}
