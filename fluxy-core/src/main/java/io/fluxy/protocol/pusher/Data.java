package io.fluxy.protocol.pusher;

import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an event says. Rooms take any JSON; on the wire it is a string, whatever it was (contract
 * 2.7).
 */
final class Data {
  private Data() {}

  /** What the wire says for JSON: a string's own text, anything else as text. */
  static String string(String json) {
    if (!json.startsWith("\"")) {
      return json;
    }
    byte[] object = ("{\"s\":" + json + "}").getBytes(StandardCharsets.UTF_8);
    return PusherApp.text(Json.object(object), "s").orElseThrow();
  }

  /** How many bytes it has on the wire, before it is put into a frame. */
  static int bytes(@Nullable Object value) {
    String text = value instanceof String string ? string : Json.text(value);
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A JSON object in a string, such as channel data; empty fields if it is none. */
  static @Nullable Map<String, @Nullable Object> object(String text) {
    try {
      return Json.object(text.getBytes(StandardCharsets.UTF_8));
    } catch (BadJsonException e) {
      return null;
    }
  }
}
