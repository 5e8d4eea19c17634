package io.fluxy.examples.quickstart;

import io.fluxy.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few requests of the FluxyChat protocol that tests make. */
final class Wire {
  private static final int PAGE = 200;

  final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  Wire(String url) {
    this.url = url;
  }

  String token(String apiKey, String userId) throws IOException, InterruptedException {
    String body = "{\"userId\":\"" + userId + "\"}";
    HttpRequest request =
        request("/auth/token")
            .header("X-Fluxy-Api-Key", apiKey)
            .POST(BodyPublishers.ofString(body))
            .build();
    return String.valueOf(json(request).get("token"));
  }

  Ack post(String token, String clientMessageId, String content)
      throws IOException, InterruptedException {
    String body =
        "{\"roomId\":\"lobby\",\"content\":\"%s\",\"clientMessageId\":\"%s\"}"
            .formatted(content, clientMessageId);
    HttpRequest request =
        request("/messages")
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return Ack.of((Map<?, ?>) json(request).getOrDefault("message", Map.of()));
  }

  /** Sends JSON to any route; tells the status. */
  int send(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  /** All there is, newest first, page by page. */
  List<Ack> history(String token) throws IOException, InterruptedException {
    List<Ack> history = new ArrayList<>();
    String before = "";
    while (true) {
      HttpRequest request =
          request("/api/messages?roomId=lobby&limit=" + PAGE + before)
              .header("Authorization", "Bearer " + token)
              .build();
      List<?> page = (List<?>) json(request).getOrDefault("messages", List.of());
      page.forEach(message -> history.add(Ack.of((Map<?, ?>) message)));
      if (page.isEmpty()) {
        return history;
      }
      before = "&before=" + history.get(history.size() - 1).createdAt();
    }
  }

  URI socket(String token) {
    return URI.create(
        url.replace("http:", "ws:") + "/ws/room/lobby?token=" + token + "&replay=off");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  private Map<String, @Nullable Object> json(HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          request.uri().getPath() + ": " + answer.statusCode() + " " + answer.body());
    }
    return Json.object(answer.body().getBytes(StandardCharsets.UTF_8));
  }
}
