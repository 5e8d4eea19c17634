package io.fluxy.protocol.pushflo;

import io.fluxy.wire.Codec;
import io.fluxy.wire.FrameWriter;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Json;
import org.jspecify.annotations.Nullable;

/** Frames for one socket alone (contract 2.2). */
final class PushFloFrames {
  static final Frames PONG = frame("pong", json -> {});

  private PushFloFrames() {}

  static Frames connected(String clientId, long nowMs) {
    return frame(
        "connected",
        json -> {
          json.writeStringField("clientId", clientId);
          json.writeNumberField("timestamp", nowMs);
        });
  }

  static Frames subscribed(String channel) {
    return frame("subscribed", json -> json.writeStringField("channel", channel));
  }

  static Frames unsubscribed(String channel) {
    return frame("unsubscribed", json -> json.writeStringField("channel", channel));
  }

  /**
   * An error.
   *
   * @param channel which it is about; null for none
   */
  static Frames error(String code, String message, @Nullable String channel) {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    error(out, code, message, channel);
    return out.frames();
  }

  static void error(FrameWriter out, String code, String message, @Nullable String channel) {
    frame(
        out,
        "error",
        json -> {
          json.writeStringField("error", message);
          json.writeStringField("code", code);
          if (channel != null) {
            json.writeStringField("channel", channel);
          }
        });
  }

  private static Frames frame(String type, Json.Writing fields) {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    frame(out, type, fields);
    return out.frames();
  }

  static void frame(FrameWriter out, String type, Json.Writing fields) {
    out.frame(
        json -> {
          json.writeStartObject();
          json.writeStringField("type", type);
          fields.to(json);
          json.writeEndObject();
        });
  }
}
