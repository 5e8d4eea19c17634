package io.fluxy.protocol.pushflo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client over a real socket that does what the stock SDK does, and does not what it does not: it
 * subscribes once, and after a cut it only connects again.
 */
final class FloClient {
  private static final long PATIENCE_S = 60;
  private static final long LOOK_MS = 1_000;
  private static final Pattern NUMBER = Pattern.compile("\"data\":\\{\"n\":(\\d+)\\}");

  private final HttpClient http;
  private final URI address;
  private final List<String> frames = new ArrayList<>(); // guarded by this, as all below
  private final List<List<Integer>> runs = new ArrayList<>(); // one for each connection
  private final List<List<Integer>> pinged = new ArrayList<>(); // newest when a ping came, likewise
  private @Nullable WebSocket socket;
  private boolean lost;
  private int newest;
  private int closeCode;

  FloClient(HttpClient http, int port, String target) {
    this.http = http;
    this.address = URI.create("ws://127.0.0.1:" + port + target);
  }

  FloClient connects() {
    synchronized (this) {
      lost = false;
      socket = null;
      runs.add(new ArrayList<>());
      pinged.add(new ArrayList<>());
    }
    WebSocket opened =
        http.newWebSocketBuilder().buildAsync(address, new Hearing(runs.size() - 1)).join();
    synchronized (this) {
      socket = opened;
    }
    return this;
  }

  void subscribes(String channel) throws InterruptedException {
    WebSocket open;
    synchronized (this) {
      open = socket;
    }
    if (open != null) {
      open.sendText("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}", true).join();
    }
    String answer = "{\"type\":\"subscribed\",\"channel\":\"" + channel + "\"}";
    until(() -> frames().contains(answer));
  }

  synchronized void until(BooleanSupplier done) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!done.getAsBoolean()) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (leftMs <= 0) {
        throw new AssertionError("it never happened; newest is " + newest);
      }
      wait(Math.min(leftMs, LOOK_MS));
      look();
    }
  }

  /**
   * Pings, as clients do. The JDK's client tells nobody of an end of stream that comes while its
   * listener is at work; what is sent afterwards fails.
   */
  private void look() {
    WebSocket looked = socket;
    if (looked != null && !lost) {
      CompletionStage<WebSocket> pinged = looked.sendPing(ByteBuffer.allocate(0));
      pinged.whenComplete((sent, failure) -> looked(looked, failure));
    }
  }

  private synchronized void looked(WebSocket at, @Nullable Throwable failure) {
    if (failure instanceof IOException && at == socket) {
      end(1006);
    }
  }

  synchronized List<String> frames() {
    return List.copyOf(frames);
  }

  synchronized int newest() {
    return newest;
  }

  synchronized boolean isLost() {
    return lost;
  }

  synchronized int closeCode() {
    return closeCode;
  }

  /** The numbers each connection has told, those without any left out. */
  synchronized List<List<Integer>> runs() {
    return runs.stream().filter(run -> !run.isEmpty()).map(List::copyOf).toList();
  }

  /**
   * Up to where the server knew that the client had received when the connection before was cut.
   * One mark is under way at a time, so a ping proves that the server has the answer to the ping
   * before it. That one stands for what was sent before it was made, and not for what was sent
   * between its making and its sending; whatever came before the ping before that is certainly part
   * of it.
   */
  synchronized int confirmedBeforeCut(int connection) {
    List<Integer> pings = pinged.get(connection - 1);
    return pings.size() < 3 ? 0 : pings.get(pings.size() - 3);
  }

  /** The ids of a channel's messages, as they came. */
  synchronized List<String> ids(String channel) {
    return frames.stream()
        .filter(frame -> frame.contains("\"message\",\"channel\":\"" + channel + "\""))
        .map(frame -> ids(frame, "\"messageId\"").get(0))
        .toList();
  }

  static List<String> ids(String json, String field) {
    List<String> ids = new ArrayList<>();
    Matcher found = Pattern.compile(field + ":\"(msg_\\d+)\"").matcher(json);
    while (found.find()) {
      ids.add(found.group(1));
    }
    return ids;
  }

  private synchronized void hear(int connection, String frame) {
    frames.add(frame);
    Matcher number = NUMBER.matcher(frame);
    if (number.find()) {
      int n = Integer.parseInt(number.group(1));
      runs.get(connection).add(n);
      newest = Math.max(newest, n);
    }
    notifyAll();
  }

  private synchronized void pinged(int connection) {
    pinged.get(connection).add(newest);
  }

  private synchronized void end(int code) {
    lost = true;
    closeCode = code;
    notifyAll();
  }

  /** One connection's ears. Java's client answers pings by itself. */
  private final class Hearing implements WebSocket.Listener {
    private final int connection;
    private final StringBuilder parts = new StringBuilder();

    Hearing(int connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        hear(connection, parts.toString());
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer payload) {
      pinged(connection);
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      end(1006);
    }
  }
}
