package io.fluxy.examples.quickstart;

import io.fluxy.wire.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Somebody who writes what wants to be a script into whatever can be filled in. */
final class Mallory implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String owner;
  private final List<WebSocket> sockets = new ArrayList<>();

  /**
   * @param owner a token, for what only owners and agents can fill in
   */
  Mallory(String url, String owner) {
    this.url = url;
    this.owner = owner;
  }

  /** Asks as the owner; words in the JSON that are {@code %s} become these texts, quoted. */
  Answer asks(String method, String path, String json, String... texts) throws Exception {
    return asksAs(owner, method, path, json, texts);
  }

  /** The same as whoever has this token. */
  Answer asksAs(String token, String method, String path, String json, String... texts)
      throws Exception {
    Object[] quoted = List.of(texts).stream().map(Json::text).toArray();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json.formatted(quoted)))
            .build();
    HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
    return new Answer(answer.statusCode(), Json.object(answer.body()));
  }

  /** Is in a room under a display name, and writes there. */
  void enters(String room, String token, String name) {
    String info = Json.text(Map.of("name", name, "avatar_url", name, "role", name));
    URI uri =
        URI.create(
            "%s/ws/room/%s?token=%s&presenceInfo=%s"
                .formatted(
                    url.replace("http:", "ws:"),
                    room,
                    token,
                    URLEncoder.encode(info, StandardCharsets.UTF_8)));
    WebSocket socket =
        http.newWebSocketBuilder().buildAsync(uri, new WebSocket.Listener() {}).join();
    socket.sendText("{\"type\":\"typing\",\"isTyping\":true}", true).join();
    sockets.add(socket);
  }

  /** What the server said. */
  record Answer(int status, Map<String, ?> body) {
    /** The id of what was made, such as of a message. */
    String id(String what) {
      Map<?, ?> made = (Map<?, ?>) body.get(what);
      return String.valueOf((made == null ? body : made).get("id"));
    }
  }

  @Override
  public void close() {
    sockets.forEach(WebSocket::abort);
  }
}
