package io.fluxy.transport.jetty;

import io.fluxy.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Does on the wire what the FluxyChat SDK does (contract 0, 2.6, 3 and 10): a socket for hearing,
 * REST for sending and the socket if that fails; six tries to come back, with its delays; then the
 * event stream, and after any error of that polling, for good. It keeps what a user would see.
 */
final class SdkClient implements AutoCloseable {
  private static final long[] DELAYS_MS = {1_000, 2_000, 4_000, 8_000, 16_000, 20_000};
  private static final int WAIT_S = 20;

  /** How it hears. */
  enum Way {
    NONE,
    SOCKET,
    STREAM,
    POLLING
  }

  private final String base;
  private final String token;
  private final String room;
  private final LongConsumer pause;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final List<String> traffic = new CopyOnWriteArrayList<>();

  // Guarded by this.
  private final TreeMap<Long, String> shown = new TreeMap<>(); // by id
  private final List<String> wrong = new ArrayList<>();
  private final Set<String> sentAgain = new HashSet<>(); // client message ids, by the socket
  private Way way = Way.NONE;
  private @Nullable WebSocket socket;
  private long lastLiveId;
  private boolean closed;

  /**
   * @param pause waits, for so many milliseconds, before the next try to come back
   */
  SdkClient(String base, String token, String room, LongConsumer pause) {
    this.base = base;
    this.token = token;
    this.room = room;
    this.pause = pause;
  }

  /** Connects for the first time, and asks what the SDK asks then. */
  void start() {
    openSocket();
    history();
    get("/client/feature-flags");
    get("/api/rooms/" + room + "/messages/crdt-snapshot");
  }

  /** Every request so far: method, path and query without the token. */
  List<String> traffic() {
    return List.copyOf(traffic);
  }

  /** What was not as it has to be: something told twice on one connection, or out of order. */
  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** What the user sees, oldest first. */
  synchronized List<String> shown() {
    return List.copyOf(shown.values());
  }

  /** Waits until the user sees something. */
  synchronized void awaits(Predicate<List<String>> what) throws InterruptedException {
    waitFor(() -> what.test(List.copyOf(shown.values())), "sees only " + shown.values());
  }

  synchronized void awaits(Way wanted) throws InterruptedException {
    waitFor(() -> way == wanted, "does not get to " + wanted);
  }

  private void waitFor(BooleanSupplier met, String otherwise) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
    while (!met.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(otherwise + "; by " + way + "; " + traffic);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Sends by REST; if that fails, the same by the socket. */
  void send(String clientMessageId, String content) {
    String fields =
        "\"content\":\"%s\",\"clientMessageId\":\"%s\"".formatted(content, clientMessageId);
    traffic.add("POST /messages");
    HttpResponse<String> answer =
        exchange(
            request("/messages")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"roomId\":\"%s\",%s,\"replyTo\":null}".formatted(room, fields)))
                .build());
    if (answer.statusCode() == 200) {
      show((Map<?, ?>) json(answer.body()).get("message"));
      return;
    }
    WebSocket open;
    synchronized (this) {
      open = socket;
    }
    if (open == null) {
      throw new AssertionError("not sent: " + answer.statusCode());
    }
    synchronized (this) {
      sentAgain.add(clientMessageId);
    }
    open.sendText("{\"type\":\"message\",\"userId\":\"alice\",%s}".formatted(fields), true).join();
  }

  /** What the SDK does every four seconds once it polls: the answer replaces the list. */
  void poll() {
    HttpResponse<String> answer = get("/api/messages?roomId=" + room + "&limit=500");
    Map<Long, String> page = page(answer.body());
    synchronized (this) {
      shown.clear();
      shown.putAll(page);
      notifyAll();
    }
  }

  // Hearing.

  private void openSocket() {
    String path = "/ws/room/" + room + "?replay=connect&replayLimit=50&cache=1";
    traffic.add("UPGRADE " + path);
    URI uri =
        URI.create(
            base.replace("http:", "ws:") + path.replace("?", "?token=" + token + "&userId=alice&"));
    synchronized (this) {
      lastLiveId = 0;
    }
    WebSocket open = http.newWebSocketBuilder().buildAsync(uri, new Frames()).join();
    synchronized (this) {
      socket = open;
      way = Way.SOCKET;
      notifyAll();
    }
  }

  private void comeBack() {
    synchronized (this) {
      socket = null;
      way = Way.NONE;
    }
    for (long delayMs : DELAYS_MS) {
      pause.accept(delayMs);
      try {
        openSocket();
        history();
        return;
      } catch (CompletionException refused) {
        // and once more
      }
    }
    openStream();
  }

  private void openStream() {
    String path = "/rooms/" + room + "/stream";
    traffic.add("GET " + path);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path + "?token=" + token + "&userId=alice"))
            .header("Accept", "text/event-stream")
            .build();
    try {
      HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() == 200) {
        synchronized (this) {
          lastLiveId = 0;
          way = Way.STREAM;
          notifyAll();
        }
        read(answer.body());
      }
    } catch (IOException e) {
      // an error like any other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      way = Way.POLLING;
      notifyAll();
    }
  }

  private void read(InputStream stream) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          heard(line.substring("data: ".length()));
        }
      }
    }
  }

  private void heard(String text) {
    Map<String, @Nullable Object> frame = json(text);
    switch (String.valueOf(frame.get("type"))) {
      case "replay", "history" -> {
        if (frame.get("messages") instanceof List<?> messages) {
          messages.forEach(message -> show((Map<?, ?>) message));
        }
      }
      case "message" -> {
        live(frame);
        show(frame);
      }
      case "edit" -> show(frame);
      case "delete" -> {
        synchronized (this) {
          shown.remove(id(frame));
          notifyAll();
        }
      }
      default -> {} // nothing that changes the list
    }
  }

  private synchronized void live(Map<?, ?> message) {
    if (shown.containsKey(id(message)) && sentAgain.remove(message.get("clientMessageId"))) {
      return; // the answer to the second sending: the first message
    }
    if (id(message) <= lastLiveId) {
      wrong.add(way + " tells " + id(message) + " after " + lastLiveId);
    }
    lastLiveId = id(message);
  }

  private synchronized void show(@Nullable Map<?, ?> message) {
    if (message != null) {
      shown.put(id(message), String.valueOf(message.get("content")));
      notifyAll();
    }
  }

  private void history() {
    Map<Long, String> page = page(get("/api/messages?roomId=" + room + "&limit=50").body());
    synchronized (this) {
      shown.putAll(page);
      notifyAll();
    }
  }

  private static Map<Long, String> page(String body) {
    Map<Long, String> page = new TreeMap<>();
    if (json(body).get("messages") instanceof List<?> messages) {
      for (Object each : messages) {
        Map<?, ?> message = (Map<?, ?>) each;
        page.put(id(message), String.valueOf(message.get("content")));
      }
    }
    return page;
  }

  /** The SDK compares ids with ===, so anything but a number is of no use to it: -1. */
  private static long id(Map<?, ?> message) {
    return message.get("id") instanceof Long id ? id : -1;
  }

  private HttpResponse<String> get(String path) {
    traffic.add("GET " + path);
    return exchange(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Map<String, @Nullable Object> json(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (socket != null) {
        socket.abort();
      }
    }
    thread.shutdownNow();
  }

  private final class Frames implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      over();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      over();
    }

    private void over() {
      synchronized (SdkClient.this) {
        if (closed) {
          return;
        }
      }
      thread.execute(SdkClient.this::comeBack);
    }
  }
}
