package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Farewell;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Conversation;
import io.fluxy.connection.Lines;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Frames;

/** FluxyChat's channel of one user (contract 2.4): what is for them, whatever room they are in. */
final class UserSocket implements Conversation {
  private final Lines lines;
  private final Scheduler scheduler;

  UserSocket(Lines lines, Scheduler scheduler) {
    this.lines = lines;
    this.scheduler = scheduler;
  }

  /** One frame of a socket. */
  static Frames frame(String type, Problem.Fields fields) {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", type);
          fields.to(json);
          json.writeEndObject();
        });
    return out.frames();
  }

  @Override
  public void opened(Connection connection) {
    String userId = connection.identity().user().id();
    long connections =
        lines.of(connection.identity().project(), userId).stream()
            .filter(each -> each.conversation() instanceof UserSocket)
            .count();
    connection.send(
        frame(
            "user_subscription_succeeded",
            json -> {
              json.writeStringField("userId", userId);
              json.writeStringField("socketId", connection.id());
              json.writeNumberField("connectionCount", connections);
            }));
  }

  @Override
  public void text(Connection connection, byte[] bytes) {
    try {
      if (Body.of(bytes).text("type").orElse("").equals("ping")) {
        connection.send(frame("pong", json -> json.writeNumberField("ts", scheduler.nowMs())));
        return;
      }
    } catch (BadJsonException e) {
      connection.send(error("Invalid message format or internal error"));
      return;
    }
    connection.send(error("unknown_event_type"));
  }

  private static Frames error(String message) {
    return frame("error", json -> json.writeStringField("message", message));
  }

  @Override
  public void closed(Connection connection) {
    // whoever tells the user something looks who is there
  }

  @Override
  public int closeCode(Farewell farewell) {
    return RoomSocket.code(farewell);
  }
}
