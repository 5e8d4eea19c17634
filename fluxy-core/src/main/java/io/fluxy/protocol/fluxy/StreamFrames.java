package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import java.io.IOException;

/** Messages that are written bit by bit, in FluxyChat's frames (contract 2.2, 7). */
final class StreamFrames {
  private StreamFrames() {}

  /** A {@code stream} frame of a client. */
  static Command command(Body body) {
    return switch (body.text("op").orElse("")) {
      case "start" -> {
        DraftJson.refuseNarrowed(body);
        Long parentId = body.whole("parentId").orElse(null);
        yield new Command.StartStream(body.text("content").orElse(""), parentId, "");
      }
      case "delta" ->
          new Command.GrowStream(
              body.text("content")
                  .orElseThrow(
                      () -> new Problem(400, "invalid_content: content must be a string")));
      case "end" -> new Command.EndStream(body.text("content").orElse(null));
      case "abort" -> new Command.AbortStream();
      default -> throw new Problem(400, "op must be start, delta, end or abort");
    };
  }

  static void streamed(JsonGenerator json, RoomId room, Event.Streamed streamed)
      throws IOException {
    json.writeNumberField("id", streamed.messageId());
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", streamed.userId());
    json.writeStringField("content", streamed.content());
    json.writeStringField("editedAt", MessageJson.iso(streamed.atMs()));
    json.writeBooleanField("streaming", true);
  }

  static void started(JsonGenerator json, RoomId room, Event.StreamStarted started)
      throws IOException {
    json.writeStringField("op", "started");
    json.writeNumberField("id", started.messageId());
    json.writeStringField("roomId", room.name());
  }

  static void state(JsonGenerator json, RoomId room, Event.StreamState state) throws IOException {
    Message message = state.message();
    json.writeNumberField("messageId", message.id());
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", message.userId());
    json.writeStringField("content", message.content());
    json.writeStringField("createdAt", MessageJson.iso(message.createdAtMs()));
    if (message.parentId() == null) {
      json.writeNullField("parentId");
    } else {
      json.writeNumberField("parentId", message.parentId());
    }
    json.writeBooleanField("streaming", true);
  }
}
