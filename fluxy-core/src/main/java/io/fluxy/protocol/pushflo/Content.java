package io.fluxy.protocol.pushflo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.protocol.ChatWords;
import io.fluxy.wire.Json;
import java.io.IOException;

/**
 * A message of a room as PushFlo's clients read it, live and in history alike: what was published
 * says what it said, what people write is an object of the type {@code message}.
 *
 * @param json the content, one JSON value
 */
record Content(String messageId, String eventType, String clientId, String json, long timestampMs) {
  static final String MESSAGE = "message";

  /** Who a publisher is to subscribers, if it does not say. */
  static final String SERVER = "server";

  static Content of(Message message) {
    Label label = message.label();
    if (label == null) {
      String[] said = {"{}"};
      ChatWords.tell(
          new Event.Posted(message), (name, fields) -> said[0] = Json.objectText(fields));
      return new Content(
          messageId(message.id()), MESSAGE, message.userId(), said[0], message.createdAtMs());
    }
    String source = label.source();
    return new Content(
        messageId(message.id()),
        label.name(),
        source == null ? SERVER : source,
        message.content(),
        message.createdAtMs());
  }

  static String messageId(long id) {
    return "msg_" + id;
  }

  /** As history has it: what any of the shapes in the wild calls it (contract 5.2). */
  void writeItem(JsonGenerator json, String channel) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", messageId);
    json.writeStringField("channel", channel);
    json.writeStringField("channelSlug", channel);
    json.writeStringField("eventType", eventType);
    json.writeStringField("clientId", clientId);
    json.writeFieldName("content");
    json.writeRawValue(this.json);
    json.writeNumberField("timestamp", timestampMs);
    json.writeStringField("createdAt", ChatWords.iso(timestampMs));
    json.writeEndObject();
  }
}
