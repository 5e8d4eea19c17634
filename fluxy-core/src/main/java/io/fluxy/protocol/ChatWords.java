package io.fluxy.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Attachment;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation tells those who only know events with a name and JSON: a plain name, and an
 * object. For protocols of channels, which put both into frames of their own.
 */
public final class ChatWords {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private ChatWords() {}

  /** Hears what an event is called, and what it says. */
  @FunctionalInterface
  public interface Teller {
    /**
     * Tells one event.
     *
     * @param fields writes the fields of an object
     */
    void tell(String name, Json.Writing fields);
  }

  /** Tells what there is to tell of an event: nothing if it has no word here. */
  public static void tell(Event event, Teller teller) {
    if (event instanceof Event.Posted posted) {
      teller.tell("message", json -> message(json, posted.message()));
    } else if (event instanceof Event.Edited edited) {
      teller.tell(
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
      teller.tell(
          "message_updated",
          json -> {
            json.writeNumberField("id", streamed.messageId());
            json.writeStringField("userId", streamed.userId());
            json.writeStringField("content", streamed.content());
            json.writeBooleanField("streaming", true);
          });
    } else if (event instanceof Event.Deleted deleted) {
      teller.tell(
          "message_deleted",
          json -> {
            json.writeNumberField("id", deleted.messageId());
            json.writeNumberField("seq", deleted.seq());
            json.writeStringField("userId", deleted.userId());
            json.writeBooleanField("expired", deleted.expired());
            json.writeStringField("deletedAt", iso(deleted.atMs()));
          });
    } else if (event instanceof Event.Reacted reacted) {
      teller.tell(
          "reaction",
          json -> {
            json.writeNumberField("id", reacted.messageId());
            json.writeNumberField("seq", reacted.seq());
            json.writeStringField("userId", reacted.userId());
            json.writeStringField("emoji", reacted.emoji());
            json.writeStringField("op", reacted.add() ? "add" : "remove");
          });
    } else if (event instanceof Event.Pinned pinned) {
      teller.tell(
          "message_pinned",
          json -> {
            number(json, "id", pinned.messageId());
            json.writeNumberField("seq", pinned.seq());
            json.writeStringField("userId", pinned.by());
          });
    } else if (event instanceof Event.Typing typing) {
      teller.tell(
          "typing",
          json -> {
            json.writeStringField("userId", typing.userId());
            json.writeBooleanField("isTyping", typing.typing());
          });
    } else if (event instanceof Event.Read read) {
      teller.tell(
          "read",
          json -> {
            json.writeNumberField("id", read.messageId());
            json.writeStringField("userId", read.userId());
            json.writeStringField("readAt", iso(read.atMs()));
          });
    } else if (event instanceof Event.Purged purged) {
      for (long messageId : purged.messageIds()) {
        gone(teller, purged, messageId);
      }
    }
    // All else has no word here; the package's documentation lists it.
  }

  private static void gone(Teller teller, Event.Purged purged, long messageId) {
    boolean erased = purged.userId() != null;
    teller.tell(
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

  /** UTC milliseconds since 1970 as all our JSON has times. */
  public static String iso(long ms) {
    return ISO.format(Instant.ofEpochMilli(ms));
  }
}
