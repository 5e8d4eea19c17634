package io.fluxy.testkit;

import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** FluxyChat's event stream. */
final class FluxyChatStream implements Dialect {
  private final Dialect socket = new FluxyChatSocket();

  @Override
  public ApiRequest open(RoomId room, String token, @Nullable Long lastSeq) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", "chat.example");
    headers.put("Accept", "text/event-stream");
    if (lastSeq != null) {
      headers.put("Last-Event-ID", Long.toString(lastSeq));
    }
    return FluxyChatSocket.request("/rooms/" + room.name() + "/stream?token=" + token, headers);
  }

  @Override
  public boolean isStream() {
    return true;
  }

  @Override
  public List<String> greeting(RoomId room, @Nullable Long lastSeq) {
    return List.of();
  }

  @Override
  public String say(RoomId room, String content, String clientMessageId) {
    throw mute();
  }

  @Override
  public String edit(RoomId room, long messageId, String content) {
    throw mute();
  }

  @Override
  public String delete(RoomId room, long messageId) {
    throw mute();
  }

  private static UnsupportedOperationException mute() {
    return new UnsupportedOperationException("an event stream has no way in");
  }

  @Override
  public void hear(String frame, Ears ears) {
    socket.hear(frame, ears);
  }
}
