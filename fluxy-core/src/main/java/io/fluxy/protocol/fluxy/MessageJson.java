package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Attachment;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Messages in FluxyChat's JSON (contract 1.2). Ids are numbers, always. */
final class MessageJson {
  private static final long DAY_MS = 86_400_000;

  private static volatile Day day = new Day(Long.MIN_VALUE, "");

  /** A day and how it is written; messages are mostly of the same one. */
  private record Day(long epochDay, String text) {}

  private MessageJson() {}

  /** A time as clients want it: UTC with milliseconds and Z. */
  static String iso(long ms) {
    long epochDay = Math.floorDiv(ms, DAY_MS);
    Day known = day;
    if (known.epochDay != epochDay) {
      known = new Day(epochDay, LocalDate.ofEpochDay(epochDay).toString());
      day = known;
    }
    int left = (int) Math.floorMod(ms, DAY_MS);
    StringBuilder iso = new StringBuilder(24).append(known.text).append('T');
    digits(iso, left / 3_600_000, 10).append(':');
    digits(iso, left / 60_000 % 60, 10).append(':');
    digits(iso, left / 1_000 % 60, 10).append('.');
    return digits(iso, left % 1_000, 100).append('Z').toString();
  }

  private static StringBuilder digits(StringBuilder to, int number, int highest) {
    for (int place = highest; place > 0; place /= 10) {
      to.append((char) ('0' + number / place % 10));
    }
    return to;
  }

  /** The fields of the form that a send and a live frame have. */
  static void created(JsonGenerator json, RoomId room, Message message) throws IOException {
    String createdAt = iso(message.createdAtMs());
    json.writeNumberField("id", message.id());
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", message.userId());
    json.writeStringField("senderId", message.userId());
    json.writeStringField("content", message.content());
    json.writeStringField("createdAt", createdAt);
    number(json, "parentId", message.parentId());
    if (message.clientMessageId() != null) {
      json.writeStringField("clientMessageId", message.clientMessageId());
    }
    label(json, message);
    mentions(json, message);
    json.writeNullField("preview");
    attachments(json, message.attachments());
    if (message.expiresAtMs() != null) {
      time(json, "expiresAt", message.expiresAtMs());
    }
    if (message.readers() != null) {
      readers(json, message.userId(), message.readers());
    }
    json.writeNumberField("seq", message.seq());
    json.writeNumberField("version", message.version());
  }

  /** The form that history and snapshots have, as one object. */
  static void stored(JsonGenerator json, RoomId room, Message message) throws IOException {
    stored(json, room, new StoredMessage(message, Map.of()));
  }

  /** The same, and what it says of its answers. */
  static void stored(JsonGenerator json, RoomId room, StoredMessage stored) throws IOException {
    Message message = stored.message();
    json.writeStartObject();
    json.writeNumberField("id", message.id());
    json.writeStringField("roomId", room.name());
    json.writeStringField("userId", message.userId());
    json.writeStringField("senderId", message.userId());
    json.writeStringField("content", message.content());
    json.writeStringField("createdAt", iso(message.createdAtMs()));
    number(json, "parentId", message.parentId());
    time(json, "editedAt", message.editedAtMs());
    time(json, "deletedAt", message.deletedAtMs());
    time(json, "expiresAt", message.expiresAtMs());
    json.writeStringField("kind", "text");
    label(json, message);
    if (message.readers() == null) {
      json.writeStringField("visibility", "room");
    } else {
      readers(json, message.userId(), message.readers());
    }
    if (message.clientMessageId() != null) {
      json.writeStringField("clientMessageId", message.clientMessageId());
    }
    json.writeNumberField("seq", message.seq());
    json.writeNumberField("version", message.version());
    mentions(json, message);
    attachments(json, message.attachments());
    ThreadRoutes.summary(json, stored.replies());
    json.writeEndObject();
  }

  /** The {@code messages} field of a page or snapshot. */
  static void messages(JsonGenerator json, RoomId room, List<StoredMessage> messages)
      throws IOException {
    json.writeArrayFieldStart("messages");
    for (StoredMessage stored : messages) {
      stored(json, room, stored);
    }
    json.writeEndArray();
  }

  /**
   * The {@code reactions} field of a page or snapshot: message id to emoji to count. If some are
   * the reader's own there is {@code ownReactions}, too: message id to emojis. FluxyChat's SDK
   * ignores it.
   */
  static void reactions(JsonGenerator json, List<StoredMessage> messages, String userId)
      throws IOException {
    counts(json, messages);
    boolean hasOwn = false;
    for (StoredMessage stored : messages) {
      boolean isFirst = true;
      for (Map.Entry<String, Set<String>> emoji : stored.reactions().entrySet()) {
        if (emoji.getValue().contains(userId)) {
          if (!hasOwn) {
            json.writeObjectFieldStart("ownReactions");
          }
          if (isFirst) {
            json.writeArrayFieldStart(Long.toString(stored.message().id()));
          }
          json.writeString(emoji.getKey());
          hasOwn = true;
          isFirst = false;
        }
      }
      if (!isFirst) {
        json.writeEndArray();
      }
    }
    if (hasOwn) {
      json.writeEndObject();
    }
  }

  private static void counts(JsonGenerator json, List<StoredMessage> messages) throws IOException {
    json.writeObjectFieldStart("reactions");
    for (StoredMessage stored : messages) {
      if (!stored.reactions().isEmpty()) {
        json.writeObjectFieldStart(Long.toString(stored.message().id()));
        for (Map.Entry<String, Set<String>> emoji : stored.reactions().entrySet()) {
          json.writeNumberField(emoji.getKey(), emoji.getValue().size());
        }
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  /** An application's event is a message whose content is JSON, and that says its name. */
  private static void label(JsonGenerator json, Message message) throws IOException {
    if (message.label() != null) {
      json.writeStringField("eventName", message.label().name());
    }
  }

  private static void mentions(JsonGenerator json, Message message) throws IOException {
    json.writeArrayFieldStart("mentions");
    for (String userId : message.mentioned()) {
      json.writeString(userId);
    }
    json.writeEndArray();
    if (message.mentionsMore()) {
      json.writeBooleanField("mentionsCut", true);
    }
  }

  /** Who may read it, besides the author. */
  private static void readers(JsonGenerator json, String author, Readers readers)
      throws IOException {
    if (readers.role() != null) {
      json.writeStringField("visibility", "role:" + readers.role().word());
      return;
    }
    json.writeStringField("visibility", "whisper");
    json.writeArrayFieldStart("visibleTo");
    for (String userId : new TreeSet<>(readers.userIds())) {
      if (!userId.equals(author)) {
        json.writeString(userId);
      }
    }
    json.writeEndArray();
  }

  private static void attachments(JsonGenerator json, List<Attachment> attachments)
      throws IOException {
    json.writeArrayFieldStart("attachments");
    for (Attachment file : attachments) {
      json.writeStartObject();
      if (file.fileId() != null) {
        json.writeStringField("id", file.fileId());
      }
      json.writeStringField("kind", file.kind());
      json.writeStringField("url", file.url());
      json.writeStringField("name", file.name());
      json.writeNumberField("sizeBytes", file.sizeBytes());
      json.writeStringField("contentType", file.contentType());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void number(JsonGenerator json, String name, @Nullable Long number)
      throws IOException {
    if (number == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, number);
    }
  }

  private static void time(JsonGenerator json, String name, @Nullable Long ms) throws IOException {
    json.writeStringField(name, ms == null ? null : iso(ms));
  }
}
