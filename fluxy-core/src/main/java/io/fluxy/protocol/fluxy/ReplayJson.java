package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RoomId;
import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What somebody missed, in FluxyChat's JSON (contract 2.3). The payload of an event is its frame as
 * it was told live, so a client has one way to take both.
 */
final class ReplayJson {
  private static final ChatCodec LIVE =
      new ChatCodec(Codec.Framing.WEBSOCKET, "history", ReplayJson::never);

  private ReplayJson() {}

  /** The fields of an answer to a resume or a poll. */
  static void replayed(JsonGenerator json, RoomId room, Event.Replayed replayed)
      throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("epoch", replayed.epoch());
    json.writeBooleanField("recovered", replayed.recovered());
    json.writeNumberField("lastSeq", replayed.lastSeq());
    json.writeNumberField("currentSeq", replayed.currentSeq());
    json.writeBooleanField("hasMore", replayed.lastSeq() < replayed.currentSeq());
    json.writeArrayFieldStart("events");
    for (Event.Durable event : replayed.events()) {
      event(json, room, event);
    }
    json.writeEndArray();
  }

  /** The fields of the verdict that an event stream begins with. */
  static void resumed(JsonGenerator json, RoomId room, Event.Resumed resumed) throws IOException {
    json.writeStringField("roomId", room.name());
    json.writeStringField("epoch", resumed.epoch());
    json.writeBooleanField("recovered", resumed.recovered());
    json.writeNumberField("lastSeq", resumed.lastSeq());
    json.writeNumberField("currentSeq", resumed.currentSeq());
  }

  private static void event(JsonGenerator json, RoomId room, Event.Durable event)
      throws IOException {
    FrameWriter frames = new FrameWriter(Codec.Framing.WEBSOCKET);
    LIVE.encode(room, event, frames);
    List<ByteBuffer> texts = frames.frames().texts();
    json.writeStartObject();
    json.writeNumberField("seq", event.seq());
    about(json, event);
    json.writeStringField("createdAt", MessageJson.iso(event.atMs()));
    json.writeFieldName("payload");
    if (texts.isEmpty()) {
      frameless(json, room, event);
    } else {
      String payload = StandardCharsets.UTF_8.decode(texts.get(0)).toString();
      json.writeRawValue(payload);
    }
    json.writeEndObject();
  }

  private static void about(JsonGenerator json, Event.Durable event) throws IOException {
    if (event instanceof Event.Posted posted) {
      about(json, posted.message().id(), "create", posted.message().version());
    } else if (event instanceof Event.Edited edited) {
      about(json, edited.messageId(), "update", edited.version());
    } else if (event instanceof Event.Deleted deleted) {
      about(json, deleted.messageId(), "delete", deleted.version());
    } else {
      json.writeNullField("messageId");
      json.writeStringField("eventType", type(event));
      json.writeNumberField("version", 1);
    }
  }

  private static void about(JsonGenerator json, long messageId, String type, int version)
      throws IOException {
    json.writeNumberField("messageId", messageId);
    json.writeStringField("eventType", type);
    json.writeNumberField("version", version);
  }

  /** Of an event that is not about what a message says: the type of its frame. */
  private static String type(Event.Durable event) {
    if (event instanceof Event.MemberAdded) {
      return "member_added";
    } else if (event instanceof Event.MemberRemoved) {
      return "member_removed";
    } else if (event instanceof Event.RoomChanged) {
      return "room_updated";
    } else if (event instanceof Event.RoomDeleted) {
      return "room_deleted";
    } else if (event instanceof Event.Imposed imposed) {
      return "member_" + imposed.sanction().word();
    }
    FrameWriter frames = new FrameWriter(Codec.Framing.WEBSOCKET);
    LIVE.encode(new RoomId("p", "r"), event, frames);
    ByteBuffer first = frames.frames().texts().get(0);
    byte[] utf8 = new byte[first.remaining()];
    first.get(utf8);
    Map<String, ?> frame = Json.object(utf8);
    return String.valueOf(frame.get("type"));
  }

  /** An event that has no frame. */
  private static void frameless(JsonGenerator json, RoomId room, Event.Durable event)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", type(event));
    json.writeStringField("roomId", room.name());
    if (event instanceof Event.MemberAdded added) {
      json.writeStringField("userId", added.userId());
      json.writeStringField("role", added.role().word());
    } else if (event instanceof Event.MemberRemoved removed) {
      json.writeStringField("userId", removed.userId());
    } else if (event instanceof Event.RoomChanged changed) {
      json.writeStringField("userId", changed.by());
      json.writeStringField("name", changed.name());
      json.writeStringField("roomType", changed.type().word());
    } else if (event instanceof Event.Imposed imposed) {
      json.writeStringField("userId", imposed.userId());
    }
    json.writeEndObject();
  }

  private static Problem never(RoomId room, Refusal refusal) {
    throw new IllegalStateException("no durable event is a refusal: " + refusal);
  }
}
