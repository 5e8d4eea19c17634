package io.fluxy.hook;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Attachment;
import io.fluxy.chat.Message;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What receivers read (FluxyChat contract 6). */
final class WebhookBody {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private WebhookBody() {}

  /**
   * The body of a delivery.
   *
   * @param message what it tells of; null if it has a payload of its own
   */
  static byte[] of(DeliveryRecord delivery, @Nullable Message message) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", delivery.eventType());
          json.writeStringField("projectId", delivery.projectId());
          json.writeFieldName("payload");
          if (delivery.payload() != null) {
            json.writeRawValue(delivery.payload());
          } else if (message != null) {
            payload(json, delivery, message);
          } else {
            throw new IllegalStateException(delivery.id() + " tells of nothing");
          }
          json.writeStringField("createdAt", iso(delivery.createdAtMs()));
          json.writeEndObject();
        });
  }

  private static void payload(JsonGenerator json, DeliveryRecord delivery, Message message)
      throws IOException {
    json.writeStartObject();
    if (delivery.eventType().equals(WebhookType.MENTION.word())) {
      json.writeStringField("roomId", delivery.lane());
      json.writeStringField("fromUserId", message.userId());
      json.writeArrayFieldStart("toUserIds");
      for (String userId : message.mentioned()) {
        json.writeString(userId);
      }
      json.writeEndArray();
      if (message.mentionsMore()) {
        json.writeBooleanField("toUserIdsCut", true);
      }
      json.writeNumberField("messageId", message.id());
      json.writeStringField("createdAt", iso(message.createdAtMs()));
    } else {
      json.writeObjectFieldStart("message");
      json.writeNumberField("id", message.id());
      json.writeStringField("roomId", delivery.lane());
      json.writeStringField("senderId", message.userId());
      json.writeStringField("content", message.content());
      json.writeStringField("createdAt", iso(message.createdAtMs()));
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
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  static String iso(long ms) {
    return ISO.format(Instant.ofEpochMilli(ms));
  }
}
