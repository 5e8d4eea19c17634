package io.fluxy.protocol.fluxy;

import io.fluxy.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends what FluxyChat's SDK sends and makes of the answers what the SDK makes of
 * them (contract 2, 3, 10): REST first, the socket as fallback, ids compared as numbers, a page
 * that replaces what it covers. When to retry, fall back and poll, the test says.
 */
final class SdkSession {
  private static final long PATIENCE_S = 20;

  private volatile HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String user;
  private final String token;

  // Guarded by this.
  private final NavigableMap<Long, String> shown = new TreeMap<>();
  private final Map<String, String> pending = new LinkedHashMap<>();
  private final List<Long> heardLive = new ArrayList<>();
  private int clientIdCount;
  private int lost; // connections

  private @Nullable WebSocket socket;

  SdkSession(int port, String user, String token) {
    this.base = "127.0.0.1:" + port;
    this.user = user;
    this.token = token;
  }

  /** Connects as an SDK does for the first time, and again after a drop. */
  void connects() throws Exception {
    URI uri =
        URI.create(
            "ws://%s/ws/room/r?token=%s&userId=%s&replay=connect&replayLimit=50&cache=1"
                .formatted(base, token, user));
    CompletableFuture<Void> welcomed = new CompletableFuture<>();
    socket =
        http.newWebSocketBuilder()
            .buildAsync(uri, new Frames(welcomed))
            .get(PATIENCE_S, TimeUnit.SECONDS);
    welcomed.get(PATIENCE_S, TimeUnit.SECONDS);
    polls();
    get("/client/feature-flags");
    get("/api/rooms/r/messages/crdt-snapshot");
    resendsPending();
  }

  /** Gives up on the socket for good and listens to the event stream. */
  void fallsBackToEvents() throws Exception {
    HttpRequest request =
        request("/rooms/r/stream?token=" + token + "&userId=" + user)
            .header("Accept", "text/event-stream")
            .build();
    HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IOException("no stream: " + answer.statusCode());
    }
    socket = null;
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Thread reader = new Thread(() -> reads(answer.body(), begun), "event source");
    reader.setDaemon(true);
    reader.start();
    begun.get(PATIENCE_S, TimeUnit.SECONDS);
    resendsPending();
  }

  private void reads(InputStream body, CompletableFuture<Void> begun) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        if (line.startsWith("data: ")) {
          hears(line.substring("data: ".length()));
          begun.complete(null);
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      // the stream has broken: lost() says so
    }
    loses();
  }

  /** One turn of polling, or of the fetch after a reconnect: the newest page. */
  void polls() throws Exception {
    HttpResponse<String> answer = get("/api/messages?roomId=r&limit=50");
    if (answer.statusCode() != 200) {
      throw new IOException("no page: " + answer);
    }
    page(json(answer.body()), true);
  }

  /** Sends by REST; if that fails, by the socket; if there is none, when there is one again. */
  void says(String content) {
    String clientId;
    synchronized (this) {
      clientId = "cmsg_%s_%06d".formatted(user, clientIdCount++);
      pending.put(clientId, content);
    }
    sends(clientId, content);
  }

  private void sends(String clientId, String content) {
    String fields = "\"content\":\"%s\",\"clientMessageId\":\"%s\"".formatted(content, clientId);
    try {
      HttpRequest request =
          request("/messages")
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"roomId\":\"r\",\"replyTo\":null," + fields + "}"))
              .build();
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        shows(json(answer.body()).get("message"), false);
        return;
      }
    } catch (IOException e) {
      // falls through to the socket
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    WebSocket now = socket;
    if (now != null) {
      String frame = "{\"type\":\"message\",\"userId\":\"%s\",".formatted(user) + fields + "}";
      try {
        now.sendText(frame, true).get(PATIENCE_S, TimeUnit.SECONDS);
      } catch (Exception e) {
        // it has gone: the message stays pending
      }
    }
  }

  private void resendsPending() {
    Map<String, String> again;
    synchronized (this) {
      again = new LinkedHashMap<>(pending);
    }
    again.forEach(this::sends);
  }

  int status(String method, String path, String json) throws Exception {
    HttpRequest request =
        request(path)
            .header("Authorization", "Bearer " + token)
            .method(method, BodyPublishers.ofString(json))
            .build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  // What it hears.

  private synchronized void hears(String text) {
    Map<String, ?> frame = json(text);
    String type = String.valueOf(frame.get("type"));
    switch (type) {
      case "replay", "history" -> page(frame, false);
      case "message" -> shows(frame, true);
      case "edit" -> {
        if (frame.get("id") instanceof Long id && shown.containsKey(id)) {
          shown.put(id, String.valueOf(frame.get("content")));
        }
      }
      case "delete" -> {
        if (frame.get("id") instanceof Long id) {
          shown.remove(id);
        }
      }
      default -> {} // presence and the like
    }
    notifyAll();
  }

  /** A page is the truth about the stretch it covers. */
  private synchronized void page(Map<String, ?> page, boolean newestFirst) {
    List<?> messages = (List<?>) page.get("messages");
    if (messages == null || messages.isEmpty()) {
      return;
    }
    int oldest = newestFirst ? messages.size() - 1 : 0;
    long from = idOf(messages.get(oldest));
    long to = idOf(messages.get(messages.size() - 1 - oldest));
    shown.subMap(from, true, to, true).clear();
    messages.forEach(message -> shows(message, false));
  }

  private static long idOf(@Nullable Object message) {
    if (message instanceof Map<?, ?> fields && fields.get("id") instanceof Long id) {
      return id;
    }
    throw new AssertionError("no message with a number for an id: " + message);
  }

  private synchronized void shows(@Nullable Object shownNow, boolean live) {
    long id = idOf(shownNow);
    Map<?, ?> message = (Map<?, ?>) Objects.requireNonNull(shownNow);
    shown.put(id, String.valueOf(message.get("content")));
    if (live) {
      heardLive.add(id);
    }
    if (message.get("clientMessageId") instanceof String clientId) {
      pending.remove(clientId);
    }
    notifyAll();
  }

  private synchronized void loses() {
    http = HttpClient.newHttpClient(); // this one may yet take a connection that is dead too
    lost++;
    notifyAll();
  }

  // What the test asks.

  synchronized List<String> contents() {
    return List.copyOf(shown.values());
  }

  synchronized List<Long> ids() {
    return List.copyOf(shown.keySet());
  }

  /** Ids in the order in which live frames brought them. */
  synchronized List<Long> heardLive() {
    return List.copyOf(heardLive);
  }

  synchronized int lost() {
    return lost;
  }

  synchronized int pending() {
    return pending.size();
  }

  /** Waits until something is so; no longer than patience lasts. */
  synchronized void until(Predicate<SdkSession> so) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!so.test(this)) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (leftMs <= 0) {
        throw new AssertionError(user + " still shows " + shown + ", pending " + pending);
      }
      wait(leftMs);
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = request(path).header("Authorization", "Bearer " + token).build();
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + base + path))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(Duration.ofSeconds(PATIENCE_S));
  }

  private static Map<String, ?> json(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Frames of the socket, put together. */
  private final class Frames implements WebSocket.Listener {
    private final CompletableFuture<Void> welcomed;
    private final StringBuilder text = new StringBuilder();

    Frames(CompletableFuture<Void> welcomed) {
      this.welcomed = welcomed;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String frame = text.toString();
        text.setLength(0);
        hears(frame);
        if (frame.contains("\"subscription_succeeded\"")) {
          welcomed.complete(null);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      loses();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      welcomed.completeExceptionally(new CompletionException(error));
      loses();
    }
  }
}
