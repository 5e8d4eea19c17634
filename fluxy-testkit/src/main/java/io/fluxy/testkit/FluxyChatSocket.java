package io.fluxy.testkit;

import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** FluxyChat's words, as its SDK uses them. */
final class FluxyChatSocket implements Dialect {
  private static final byte[] NO_BODY = new byte[0];
  static final String PEER = "192.0.2.1";
  static final Map<String, String> UPGRADE = Map.of("Host", "chat.example", "Upgrade", "websocket");

  @Override
  public ApiRequest open(RoomId room, String token, @Nullable Long lastSeq) {
    String target =
        "/ws/room/" + room.name() + "?token=" + token + "&replay=connect&replayLimit=50";
    return request(target, UPGRADE);
  }

  static ApiRequest request(String target, Map<String, String> headers) {
    return ApiRequest.of("GET", target, headers, NO_BODY, PEER);
  }

  @Override
  public boolean isStream() {
    return false;
  }

  @Override
  public List<String> greeting(RoomId room, @Nullable Long lastSeq) {
    return lastSeq == null ? List.of() : List.of(resume(lastSeq));
  }

  private static String resume(long lastSeq) {
    return "{\"type\":\"resume\",\"lastSeq\":" + lastSeq + "}";
  }

  @Override
  public String say(RoomId room, String content, String clientMessageId) {
    return Json.text(
        Map.of("type", "message", "content", content, "clientMessageId", clientMessageId));
  }

  @Override
  public String edit(RoomId room, long messageId, String content) {
    return Json.text(Map.of("type", "edit", "messageId", messageId, "content", content));
  }

  @Override
  public String delete(RoomId room, long messageId) {
    return Json.text(Map.of("type", "delete", "messageId", messageId));
  }

  @Override
  public void hear(String frame, Ears ears) {
    hear(Json.object(frame.getBytes(StandardCharsets.UTF_8)), ears);
  }

  private static void hear(Map<?, ?> frame, Ears ears) {
    switch (text(frame, "type")) {
      case "message" -> message(frame, ears);
      case "history" -> messages(frame, ears);
      case "replay" -> replay(frame, ears);
      case "edit" -> {
        ears.edited(number(frame, "id"), text(frame, "content"));
        reached(frame, ears);
      }
      case "message_deleted" -> {
        ears.deleted(number(frame, "id"));
        reached(frame, ears);
      }
      case "error" ->
          ears.refused(
              text(frame, "message"),
              frame.get("clientMessageId") instanceof String named ? named : null);
      case "resumed" -> verdict(frame, ears);
      default -> {}
    }
  }

  private static void message(Map<?, ?> frame, Ears ears) {
    ears.message(
        new Heard(
            number(frame, "id"),
            number(frame, "seq"),
            text(frame, "userId"),
            text(frame, "content"),
            frame.get("clientMessageId") instanceof String named ? named : null));
    reached(frame, ears);
  }

  private static void messages(Map<?, ?> frame, Ears ears) {
    if (frame.get("messages") instanceof List<?> messages) {
      messages.forEach(each -> message((Map<?, ?>) each, ears));
    }
  }

  /** The word for two things: what was said lately, and the answer to a resume. */
  private static void replay(Map<?, ?> frame, Ears ears) {
    if (!(frame.get("events") instanceof List<?> events)) {
      messages(frame, ears);
      return;
    }
    verdict(frame, ears);
    for (Object each : events) {
      Map<?, ?> event = (Map<?, ?>) each;
      if (event.get("payload") instanceof Map<?, ?> payload) {
        hear(payload, ears);
      }
      reached(event, ears);
    }
    if (Boolean.TRUE.equals(frame.get("hasMore"))) {
      ears.reply(resume(number(frame, "lastSeq")));
    }
  }

  private static void verdict(Map<?, ?> frame, Ears ears) {
    if (Boolean.FALSE.equals(frame.get("recovered"))) {
      ears.reload();
    }
  }

  private static void reached(Map<?, ?> frame, Ears ears) {
    if (frame.get("seq") instanceof Long seq) {
      ears.reached(seq);
    }
  }

  private static String text(Map<?, ?> frame, String field) {
    return frame.get(field) instanceof String text ? text : "";
  }

  private static long number(Map<?, ?> frame, String field) {
    return frame.get(field) instanceof Long number ? number : 0;
  }
}
