package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Command;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Conversation;
import io.fluxy.connection.Gate;
import io.fluxy.connection.Seated;
import io.fluxy.room.RoomRegistry;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * FluxyChat over one socket, which is in one room (contract 2). Also its event stream, whose client
 * never says anything. Frames that come before the room has answered wait.
 */
final class RoomSocket implements Conversation {
  private static final int FRAME_CHARS_MAX = 256_000;
  private static final int EARLY_FRAMES_MAX = 100;

  /** Events in one answer to a resume (contract 2.3). */
  static final int RESUMED_MAX = 200;

  private final Gate gate;
  private final Scheduler scheduler;
  private final RoomId room;
  private final Codec codec;
  private final int snapshotMax;
  private final Map<String, String> info;
  private final @Nullable Long lastSeq;

  private List<byte[]> early = new ArrayList<>(0); // guarded by this, as all below
  private @Nullable Seated seat;
  private boolean closed;

  /**
   * @param lastSeq up to where the client has heard this room already; null for a newcomer
   */
  RoomSocket(
      Gate gate,
      Scheduler scheduler,
      RoomId room,
      Codec codec,
      int snapshotMax,
      Map<String, String> info,
      @Nullable Long lastSeq) {
    this.lastSeq = lastSeq;
    this.gate = gate;
    this.scheduler = scheduler;
    this.room = room;
    this.codec = codec;
    this.snapshotMax = snapshotMax;
    this.info = info;
  }

  @Override
  public void opened(Connection connection) {
    gate.lease(room)
        .whenComplete(
            (lease, failure) -> {
              if (failure != null) {
                connection.close(new Farewell(Farewell.Reason.INTERNAL, "storage_unavailable"));
              } else if (lease.isEmpty()) {
                connection.close(new Farewell(Farewell.Reason.FORBIDDEN, "forbidden"));
              } else {
                enter(connection, lease.get());
              }
            });
  }

  private void enter(Connection connection, RoomRegistry.Lease lease) {
    boolean visible = codec.framing() == Codec.Framing.WEBSOCKET;
    List<byte[]> waiting;
    synchronized (this) {
      if (closed) {
        lease.release();
        return;
      }
      seat =
          lastSeq == null
              ? connection.enter(lease, gate, codec, info, snapshotMax, visible)
              : connection.reenter(lease, gate, codec, lastSeq, snapshotMax, visible);
      waiting = early;
      early = new ArrayList<>(0);
      waiting.forEach(frame -> handle(connection, seat, frame));
    }
  }

  @Override
  public void text(Connection connection, byte[] frame) {
    Seated now;
    synchronized (this) {
      now = seat;
      if (now == null) {
        if (early.size() < EARLY_FRAMES_MAX) {
          early.add(frame);
        }
        return;
      }
    }
    handle(connection, now, frame);
  }

  @Override
  public void closed(Connection connection) {
    Seated left;
    synchronized (this) {
      closed = true;
      left = seat;
      early = List.of();
    }
    if (left != null) {
      left.leave();
    }
  }

  @Override
  public int closeCode(Farewell farewell) {
    return code(farewell);
  }

  /** FluxyChat's code for a farewell. */
  static int code(Farewell farewell) {
    return switch (farewell.reason()) {
      case NORMAL -> 1000;
      case GOING_AWAY -> 1012;
      case TERMINATED, EXPIRED, FORBIDDEN -> 4001; // never 1008: the SDK would loop (contract 0.3)
      case SLOW -> 4008;
      case SILENT -> 4000;
      case PROTOCOL_ERROR -> 1002;
      case NOT_UTF8 -> 1007;
      case TOO_BIG -> 1009;
      case INTERNAL -> 1011;
    };
  }

  RoomId room() {
    return room;
  }

  private void handle(Connection connection, Seated seated, byte[] frame) {
    if (frame.length > FRAME_CHARS_MAX && chars(frame) > FRAME_CHARS_MAX) {
      error(connection, "payload_too_large", null);
      return;
    }
    Body body;
    try {
      body = Body.of(frame);
    } catch (BadJsonException e) {
      if (!Utf8.isValid(frame)) {
        connection.close(new Farewell(Farewell.Reason.NOT_UTF8, "not UTF-8"));
      } else {
        error(connection, "Invalid message format or internal error", null);
      }
      return;
    }
    try {
      handle(connection, seated, body);
    } catch (Problem e) {
      error(connection, e.error(), body.clientMessageId());
    }
  }

  private void handle(Connection connection, Seated seated, Body body) {
    String type = body.text("type").orElse("");
    if (type.equals("ping")) {
      pong(connection);
      return;
    }
    Optional<Command> command = command(seated.user(), type, body);
    if (command.isPresent()) {
      seated.ask(command.get());
    } else {
      error(connection, "unknown_event_type", null);
    }
  }

  private static Optional<Command> command(User user, String type, Body body) {
    return Optional.ofNullable(
        switch (type) {
          case "message" ->
              new Command.Post(
                  DraftJson.draft(body, content(body), body.whole("parentId").orElse(null)));
          case "edit" -> new Command.Edit(messageId(body), content(body));
          case "delete" -> new Command.Delete(messageId(body), false);
          case "reaction" -> new Command.React(messageId(body), emoji(body), isAdd(body));
          case "read" -> new Command.Read(messageId(body));
          case "stream" -> StreamFrames.command(body);
          case "client_event" -> AgentFrames.whisper(body);
          case "agentTyping" -> AgentFrames.typing(user, body, null);
          case "resume" -> new Command.Resume(lastSeq(body), epoch(body), RESUMED_MAX);
          case "typing" -> new Command.Type(body.flag("isTyping"), intent(body));
          default -> null;
        });
  }

  private static String content(Body body) {
    return body.text("content")
        .orElseThrow(() -> new Problem(400, "invalid_content: content must be a string"));
  }

  private static long messageId(Body body) {
    return body.whole("messageId").orElseThrow(() -> new Problem(400, "messageId required"));
  }

  private static long lastSeq(Body body) {
    return body.whole("lastSeq").orElseThrow(() -> new Problem(400, "lastSeq required"));
  }

  private static @Nullable String epoch(Body body) {
    return body.text("epoch").orElse(null);
  }

  private static String emoji(Body body) {
    return body.text("emoji").orElseThrow(() -> new Problem(400, "emoji required"));
  }

  private static boolean isAdd(Body body) {
    return switch (body.text("op").orElse("add")) {
      case "add" -> true;
      case "remove" -> false;
      default -> throw new Problem(400, "op must be add or remove");
    };
  }

  private static Command.Intent intent(Body body) {
    Optional<String> intent = body.text("intent");
    for (Command.Intent known : Command.Intent.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(intent.orElse(""))) {
        return known;
      }
    }
    boolean idle = intent.isEmpty() && !body.flag("isTyping");
    return idle ? Command.Intent.IDLE : Command.Intent.COMPOSING;
  }

  private void pong(Connection connection) {
    send(connection, "pong", json -> json.writeNumberField("ts", scheduler.nowMs()));
  }

  private void error(Connection connection, String message, @Nullable String clientMessageId) {
    send(
        connection,
        "error",
        json -> {
          json.writeStringField("message", message);
          if (clientMessageId != null) {
            json.writeStringField("clientMessageId", clientMessageId);
          }
        });
  }

  private void send(Connection connection, String type, Problem.Fields fields) {
    FrameWriter out = new FrameWriter(codec.framing());
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", type);
          fields.to(json);
          json.writeEndObject();
        });
    connection.send(out.frames());
  }

  private static int chars(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8).length();
  }
}
