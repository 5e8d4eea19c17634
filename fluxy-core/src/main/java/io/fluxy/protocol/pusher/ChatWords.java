package io.fluxy.protocol.pusher;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Attachment;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.wire.FrameWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation tells those who only know channels and events: an event with a plain name,
 * whose data is a JSON object.
 */
final class ChatWords {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private ChatWords() {}

  @FunctionalInterface
  private interface Fields {
    void to(JsonGenerator json) throws IOException;
  }

  static void encode(RoomId room, Event event, FrameWriter out) {
    if (event instanceof Event.Posted posted) {
      tell(out, room, "message", json -> message(json, posted.message()));
    } else if (event instanceof Event.Edited edited) {
      tell(
          out,
          room,
          "message_updated",
          json -> {
            json.writeNumberField("id", edited.messageId());
            json.writeNumberField("seq", edited.seq());
            json.writeStringField("userId", edited.userId());
            json.writeStringField("content", edited.content());
            json.writeNumberField("version", edited.version());
            json.writeStringField("editedAt", iso(edited.atMs()));
          });
    } else if (event instanceof Event.Streamed streamed) {
      tell(
          out,
          room,
          "message_updated",
          json -> {
            json.writeNumberField("id", streamed.messageId());
            json.writeStringField("userId", streamed.userId());
            json.writeStringField("content", streamed.content());
            json.writeBooleanField("streaming", true);
          });
    } else if (event instanceof Event.Deleted deleted) {
      tell(
          out,
          room,
          "message_deleted",
          json -> {
            json.writeNumberField("id", deleted.messageId());
            json.writeNumberField("seq", deleted.seq());
            json.writeStringField("userId", deleted.userId());
            json.writeBooleanField("expired", deleted.expired());
            json.writeStringField("deletedAt", iso(deleted.atMs()));
          });
    } else if (event instanceof Event.Reacted reacted) {
      tell(
          out,
          room,
          "reaction",
          json -> {
            json.writeNumberField("id", reacted.messageId());
            json.writeNumberField("seq", reacted.seq());
            json.writeStringField("userId", reacted.userId());
            json.writeStringField("emoji", reacted.emoji());
            json.writeStringField("op", reacted.add() ? "add" : "remove");
          });
    } else if (event instanceof Event.Pinned pinned) {
      tell(
          out,
          room,
          "message_pinned",
          json -> {
            number(json, "id", pinned.messageId());
            json.writeNumberField("seq", pinned.seq());
            json.writeStringField("userId", pinned.by());
          });
    } else if (event instanceof Event.Typing typing) {
      tell(
          out,
          room,
          "typing",
          json -> {
            json.writeStringField("userId", typing.userId());
            json.writeBooleanField("isTyping", typing.typing());
          });
    } else if (event instanceof Event.Read read) {
      tell(
          out,
          room,
          "read",
          json -> {
            json.writeNumberField("id", read.messageId());
            json.writeStringField("userId", read.userId());
            json.writeStringField("readAt", iso(read.atMs()));
          });
    } else if (event instanceof Event.Purged purged) {
      for (long messageId : purged.messageIds()) {
        gone(out, room, purged, messageId);
      }
    }
    // All else has no word here; the package's documentation lists it.
  }

  private static void gone(FrameWriter out, RoomId room, Event.Purged purged, long messageId) {
    boolean erased = purged.userId() != null;
    tell(
        out,
        room,
        erased ? "message_updated" : "message_deleted",
        json -> {
          json.writeNumberField("id", messageId);
          json.writeNumberField("seq", purged.seq());
          if (erased) {
            json.writeStringField("content", Message.ERASED);
          }
        });
  }

  private static void message(JsonGenerator json, Message message) throws IOException {
    json.writeNumberField("id", message.id());
    json.writeNumberField("seq", message.seq());
    json.writeStringField("userId", message.userId());
    json.writeStringField("content", message.content());
    json.writeStringField("createdAt", iso(message.createdAtMs()));
    number(json, "parentId", message.parentId());
    if (message.clientMessageId() != null) {
      json.writeStringField("clientMessageId", message.clientMessageId());
    }
    if (!message.attachments().isEmpty()) {
      json.writeArrayFieldStart("attachments");
      for (Attachment file : message.attachments()) {
        json.writeStartObject();
        json.writeStringField("kind", file.kind());
        json.writeStringField("url", file.url());
        json.writeStringField("name", file.name());
        json.writeNumberField("sizeBytes", file.sizeBytes());
        json.writeStringField("contentType", file.contentType());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private static void number(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value != null) {
      json.writeNumberField(name, value);
    }
  }

  private static void tell(FrameWriter out, RoomId room, String name, Fields fields) {
    String data =
        PusherFrames.text(
            json -> {
              json.writeStartObject();
              fields.to(json);
              json.writeEndObject();
            });
    PusherFrames.frame(out, name, room.name(), data);
  }

  private static String iso(long ms) {
    return ISO.format(Instant.ofEpochMilli(ms));
  }
}
