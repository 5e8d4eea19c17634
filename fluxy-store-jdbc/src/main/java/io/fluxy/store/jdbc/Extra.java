package io.fluxy.store.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Attachment;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of a row: what is too rare for a column of its own. */
final class Extra {
  /** Fits the JSON of what has a label: within JSON's strings, quotes look different. */
  static final String WITH_LABEL = "%\"label\":%";

  private static final String LABELLED = "labelled";
  private static final Extra NONE = new Extra(Map.of());

  private final Map<String, @Nullable Object> fields;

  private Extra(Map<String, @Nullable Object> fields) {
    this.fields = fields;
  }

  static Extra of(@Nullable String json) {
    return json == null ? NONE : new Extra(Json.object(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Null for a post of nothing but text, as most are. */
  static @Nullable String post(Message message, Event.@Nullable Stream stream) {
    List<String> mentions = message.mentions();
    List<Attachment> attachments = message.attachments();
    Long expiresAtMs = message.expiresAtMs();
    Label label = message.label();
    if (mentions.isEmpty()
        && attachments.isEmpty()
        && stream == null
        && expiresAtMs == null
        && label == null) {
      return null;
    }
    return text(
        json -> {
          json.writeArrayFieldStart("mentions");
          for (String mention : mentions) {
            json.writeString(mention);
          }
          json.writeEndArray();
          attachments(json, attachments);
          if (stream != null) {
            json.writeStringField("streamOfRun", stream.runId());
          }
          if (expiresAtMs != null) {
            json.writeNumberField("expiresAt", expiresAtMs);
          }
          label(json, label);
        });
  }

  /** Writes a field of them. */
  static void attachments(JsonGenerator json, List<Attachment> attachments) throws IOException {
    json.writeArrayFieldStart("attachments");
    for (Attachment attachment : attachments) {
      write(json, attachment);
    }
    json.writeEndArray();
  }

  /** Writes what there is of one. */
  static void label(JsonGenerator json, @Nullable Label label) throws IOException {
    if (label != null) {
      json.writeStringField("label", label.name());
      if (label.source() != null) {
        json.writeStringField("source", label.source());
      }
    }
  }

  @Nullable Label label() {
    String source = fields.get("source") instanceof String text ? text : null;
    return fields.get("label") instanceof String name ? new Label(name, source) : null;
  }

  private static void write(JsonGenerator json, Attachment attachment) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", attachment.kind());
    json.writeStringField("url", attachment.url());
    json.writeStringField("name", attachment.name());
    json.writeNumberField("sizeBytes", attachment.sizeBytes());
    json.writeStringField("contentType", attachment.contentType());
    if (attachment.fileId() != null) {
      json.writeStringField("fileId", attachment.fileId());
    }
    json.writeEndObject();
  }

  static String role(Role role) {
    return text(json -> json.writeStringField("role", role.word()));
  }

  static String type(RoomType type) {
    return text(json -> json.writeStringField("type", type.word()));
  }

  RoomType type() throws SQLException {
    String word = string("type");
    return RoomType.of(word).orElseThrow(() -> new SQLException("no room type: " + word));
  }

  static String sanction(Event.Imposed imposed) {
    return text(
        json -> {
          json.writeStringField("sanction", imposed.sanction().word());
          json.writeNumberField("untilMs", imposed.untilMs());
          json.writeStringField("reason", imposed.reason());
        });
  }

  static String tool(Event.ToolUsed used) {
    return text(
        json -> {
          json.writeStringField("phase", used.phase().name().toLowerCase(Locale.ROOT));
          json.writeStringField("runId", used.runId());
          json.writeStringField("agentId", used.agentId());
          json.writeStringField("toolCallId", used.toolCallId());
          json.writeStringField("name", used.name());
        });
  }

  static String run(Event.RunReported reported) {
    return text(
        json -> {
          json.writeStringField("runId", reported.runId());
          json.writeStringField("agentId", reported.agentId());
          json.writeStringField("status", reported.status());
        });
  }

  static String purge(Event.Purged purged) {
    return text(
        json -> {
          json.writeNumberField("afterSeq", purged.afterSeq());
          json.writeNumberField("beforeSeq", purged.beforeSeq());
          if (!purged.isOfAll()) {
            json.writeStringField("scope", LABELLED);
          }
          json.writeArrayFieldStart("messageIds");
          for (long messageId : purged.messageIds()) {
            json.writeNumber(messageId);
          }
          json.writeEndArray();
        });
  }

  Event.Purged purge(long seq, long atMs, @Nullable String userId, String by) throws SQLException {
    List<Long> messageIds = new ArrayList<>();
    for (Object id : list("messageIds")) {
      if (id instanceof Long messageId) {
        messageIds.add(messageId);
      }
    }
    return new Event.Purged(
        seq,
        atMs,
        userId,
        number("afterSeq"),
        number("beforeSeq"),
        by,
        messageIds,
        LABELLED.equals(fields.get("scope"))
            ? Command.Purge.Scope.LABELLED
            : Command.Purge.Scope.ALL);
  }

  private long number(String name) throws SQLException {
    if (fields.get(name) instanceof Long number) {
      return number;
    }
    throw new SQLException("a row's extra has no " + name);
  }

  private static String text(Json.Writing fields) {
    byte[] utf8 =
        Json.bytes(
            json -> {
              json.writeStartObject();
              fields.to(json);
              json.writeEndObject();
            });
    return new String(utf8, StandardCharsets.UTF_8);
  }

  @Nullable Long expiresAtMs() {
    return fields.get("expiresAt") instanceof Long ms ? ms : null;
  }

  List<String> mentions() {
    List<String> mentions = new ArrayList<>();
    for (Object mention : list("mentions")) {
      mentions.add(String.valueOf(mention));
    }
    return mentions;
  }

  List<Attachment> attachments() throws SQLException {
    List<Attachment> attachments = new ArrayList<>();
    for (Object element : list("attachments")) {
      if (element instanceof Map<?, ?> fields) {
        attachments.add(
            new Attachment(
                String.valueOf(fields.get("kind")),
                String.valueOf(fields.get("url")),
                (String) fields.get("name"),
                fields.get("sizeBytes") instanceof Long bytes ? bytes : 0,
                (String) fields.get("contentType"),
                (String) fields.get("fileId")));
      }
    }
    return attachments;
  }

  Event.@Nullable Stream stream() {
    return fields.get("streamOfRun") instanceof String runId ? new Event.Stream(runId) : null;
  }

  private List<?> list(String name) {
    return fields.get(name) instanceof List<?> list ? list : List.of();
  }

  Role role() throws SQLException {
    String word = string("role");
    return Role.of(word).orElseThrow(() -> new SQLException("no role: " + word));
  }

  Event.Imposed sanction(long seq, long atMs, String by, String userId) throws SQLException {
    String word = string("sanction");
    Sanction sanction =
        Sanction.of(word).orElseThrow(() -> new SQLException("no sanction: " + word));
    long untilMs = fields.get("untilMs") instanceof Long ms ? ms : 0;
    return new Event.Imposed(seq, atMs, userId, sanction, untilMs, string("reason"), by);
  }

  Event.ToolUsed tool(long seq, long atMs, String userId, String json, @Nullable Readers readers)
      throws SQLException {
    return new Event.ToolUsed(
        seq,
        atMs,
        userId,
        Command.ToolPhase.valueOf(string("phase").toUpperCase(Locale.ROOT)),
        string("runId"),
        string("agentId"),
        string("toolCallId"),
        string("name"),
        json,
        readers);
  }

  Event.RunReported run(long seq, long atMs, String userId, String json, @Nullable Readers readers)
      throws SQLException {
    return new Event.RunReported(
        seq, atMs, userId, string("runId"), string("agentId"), string("status"), json, readers);
  }

  private String string(String name) throws SQLException {
    if (fields.get(name) instanceof String string) {
      return string;
    }
    throw new SQLException("a row's extra has no " + name);
  }
}
