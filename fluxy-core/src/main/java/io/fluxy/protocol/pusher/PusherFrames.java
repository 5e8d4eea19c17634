package io.fluxy.protocol.pusher;

import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Frames for one socket alone. Data is a string in all of them but errors (contract 2.7). */
final class PusherFrames {
  static final Frames PONG = frame("pusher:pong", null, "{}");

  private PusherFrames() {}

  static Frames frame(String event, @Nullable String channel, String data) {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    frame(out, event, channel, data);
    return out.frames();
  }

  static void frame(FrameWriter out, String event, @Nullable String channel, String data) {
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("event", event);
          if (channel != null) {
            json.writeStringField("channel", channel);
          }
          json.writeStringField("data", data);
          json.writeEndObject();
        });
  }

  static Frames established(String socketId, int activityTimeoutSeconds) {
    return frame(
        "pusher:connection_established",
        null,
        text(
            json -> {
              json.writeStartObject();
              json.writeStringField("socket_id", socketId);
              json.writeNumberField("activity_timeout", activityTimeoutSeconds);
              json.writeEndObject();
            }));
  }

  /**
   * An error.
   *
   * @param code null for one that has none
   */
  static Frames error(@Nullable Integer code, String message) {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    error(out, code, message);
    return out.frames();
  }

  static void error(FrameWriter out, @Nullable Integer code, String message) {
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("event", "pusher:error");
          json.writeObjectFieldStart("data");
          if (code == null) {
            json.writeNullField("code");
          } else {
            json.writeNumberField("code", code);
          }
          json.writeStringField("message", message);
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  /** A subscription came to nothing: one frame for those who bind it, one for the others. */
  static Frames subscriptionError(String channel, String type, String message, int status) {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    String data =
        text(
            json -> {
              json.writeStartObject();
              json.writeStringField("type", type);
              json.writeStringField("error", message);
              json.writeNumberField("status", status);
              json.writeEndObject();
            });
    frame(out, "pusher:subscription_error", channel, data);
    error(out, 4009, message);
    return out.frames();
  }

  /** A JSON value as text. */
  static String text(Json.Writing json) {
    return new String(Json.bytes(json), StandardCharsets.UTF_8);
  }
}
