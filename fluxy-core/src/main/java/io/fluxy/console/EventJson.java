package io.fluxy.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Attachment;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A room's events as the timeline shows them. Of what is for some readers only, an operator sees
 * that it is there, who wrote it, and nothing of what it says: to run a project is no licence to
 * read what people tell each other.
 */
final class EventJson {
  private EventJson() {}

  /**
   * Writes one event.
   *
   * @param nowMs a message whose time is over shows no text
   */
  static void event(JsonGenerator json, Event.Durable event, long nowMs) throws IOException {
    json.writeStartObject();
    json.writeNumberField("seq", event.seq());
    json.writeNumberField("at", event.atMs());
    boolean whisper = event.readers() != null;
    if (whisper) {
      json.writeBooleanField("whisper", true);
    }
    if (event instanceof Event.Posted posted) {
      message(json, posted, whisper || isOver(posted.message(), nowMs));
    } else if (event instanceof Event.Edited e) {
      about(json, "edited", e.userId(), e.messageId());
      json.writeStringField("text", whisper ? "" : e.content());
    } else if (event instanceof Event.Deleted e) {
      about(json, e.expired() ? "expired" : "deleted", e.userId(), e.messageId());
      json.writeBooleanField("hard", e.hard());
    } else if (event instanceof Event.Reacted e) {
      about(json, e.add() ? "reacted" : "unreacted", e.userId(), e.messageId());
      json.writeStringField("text", whisper ? "" : e.emoji());
    } else if (event instanceof Event.ToolUsed e) {
      done(json, "tool_" + e.phase().name().toLowerCase(Locale.ROOT), e.agentId(), null);
      json.writeStringField("name", e.name());
      json.writeStringField("callId", e.toolCallId());
      json.writeStringField("runId", e.runId());
      json.writeStringField("text", whisper ? "" : e.json());
    } else if (event instanceof Event.RunReported e) {
      done(json, "run", e.agentId(), null);
      json.writeStringField("runId", e.runId());
      json.writeStringField("status", e.status());
      json.writeStringField("text", whisper ? "" : e.json());
    } else {
      room(json, event);
    }
    json.writeEndObject();
  }

  /** What happened to the room and its people. */
  private static void room(JsonGenerator json, Event.Durable event) throws IOException {
    if (event instanceof Event.MemberAdded e) {
      done(json, "member_added", e.by(), e.userId());
      json.writeStringField("text", e.role().word());
    } else if (event instanceof Event.MemberRemoved e) {
      done(json, "member_removed", e.by(), e.userId());
    } else if (event instanceof Event.Imposed e) {
      done(json, e.sanction().word(), e.by(), e.userId());
      json.writeStringField("text", e.reason());
      until(json, "until", e.untilMs());
    } else if (event instanceof Event.RoomChanged e) {
      done(json, "room_changed", e.by(), null);
      json.writeStringField("text", e.name());
      json.writeStringField("name", e.type().word());
    } else if (event instanceof Event.Pinned e) {
      done(json, e.messageId() == null ? "unpinned" : "pinned", e.by(), null);
      if (e.messageId() != null) {
        json.writeNumberField("messageId", e.messageId());
      }
    } else if (event instanceof Event.RoomDeleted e) {
      done(json, "room_deleted", e.by(), null);
    } else if (event instanceof Event.Purged e) {
      done(json, "purged", e.by(), e.userId());
      json.writeStringField("text", "seq " + (e.afterSeq() + 1) + " to " + (e.beforeSeq() - 1));
    } else {
      throw new AssertionError("no words for " + event);
    }
  }

  private static void message(JsonGenerator json, Event.Posted posted, boolean hidden)
      throws IOException {
    Message message = posted.message();
    about(json, "posted", message.userId(), message.id());
    json.writeStringField("text", hidden ? "" : message.content());
    if (hidden) {
      json.writeBooleanField("hidden", true);
    }
    if (message.label() != null && !hidden) {
      json.writeStringField("label", message.label().name());
    }
    if (posted.stream() != null) {
      json.writeBooleanField("streamed", true);
    }
    if (message.parentId() != null) {
      json.writeNumberField("parentId", message.parentId());
    }
    if (message.expiresAtMs() != null) {
      json.writeNumberField("expiresAt", message.expiresAtMs());
    }
    if (!hidden && !message.attachments().isEmpty()) {
      json.writeArrayFieldStart("attachments");
      for (Attachment file : message.attachments()) {
        json.writeStartObject();
        json.writeStringField("name", file.name());
        json.writeStringField("url", file.url());
        json.writeNumberField("bytes", file.sizeBytes());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private static boolean isOver(Message message, long nowMs) {
    Long expiresAtMs = message.expiresAtMs();
    return expiresAtMs != null && expiresAtMs <= nowMs;
  }

  private static void about(JsonGenerator json, String kind, String by, long messageId)
      throws IOException {
    done(json, kind, by, null);
    json.writeNumberField("messageId", messageId);
  }

  private static void done(JsonGenerator json, String kind, String by, @Nullable String to)
      throws IOException {
    json.writeStringField("kind", kind);
    json.writeStringField("by", by);
    if (to != null) {
      json.writeStringField("user", to);
    }
  }

  /** A time; null for good, and absent if it is over. */
  static void until(JsonGenerator json, String name, long ms) throws IOException {
    if (ms == Long.MAX_VALUE) {
      json.writeNullField(name);
    } else if (ms > 0) {
      json.writeNumberField(name, ms);
    }
  }
}
