package io.fluxy.examples.quickstart;

import io.fluxy.wire.Json;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** By WebSocket: the room's own word that it has the message is the acknowledgement. */
final class SocketWay implements Way, WebSocket.Listener {
  private final String user;
  private final Map<String, CompletableFuture<Ack>> waiting = new ConcurrentHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  SocketWay(Wire wire, String token, String user) throws IOException {
    this.user = user;
    try {
      socket = wire.http.newWebSocketBuilder().buildAsync(wire.socket(token), this).join();
    } catch (CompletionException e) {
      throw new IOException("no socket", e);
    }
  }

  @Override
  public CompletableFuture<Ack> send(String clientMessageId, String content) throws IOException {
    if (over.getCount() == 0) {
      throw new IOException("the socket is gone");
    }
    CompletableFuture<Ack> acknowledged = new CompletableFuture<>();
    waiting.put(clientMessageId, acknowledged);
    String frame =
        "{\"type\":\"message\",\"clientMessageId\":\"%s\",\"content\":\"%s\"}"
            .formatted(clientMessageId, content);
    try {
      socket.sendText(frame, true).join();
    } catch (CompletionException e) {
      throw new IOException("the socket is gone", e);
    }
    if (over.getCount() == 0) { // meanwhile, perhaps before we were waiting
      acknowledged.completeExceptionally(new IOException("the socket is gone"));
    }
    return acknowledged;
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      heard(Json.object(text.toString().getBytes(StandardCharsets.UTF_8)));
      text.setLength(0);
    }
    from.request(1);
    return CompletableFuture.completedFuture(null);
  }

  private void heard(Map<String, @Nullable Object> frame) {
    String type = String.valueOf(frame.get("type"));
    String clientMessageId = String.valueOf(frame.get("clientMessageId"));
    if (type.equals("message") && user.equals(frame.get("userId"))) {
      CompletableFuture<Ack> acknowledged = waiting.remove(clientMessageId);
      if (acknowledged != null) {
        acknowledged.complete(Ack.of(frame));
      }
    } else if (type.equals("error")) {
      CompletableFuture<Ack> refused = waiting.remove(clientMessageId);
      if (refused != null) {
        refused.completeExceptionally(new IOException("refused: " + frame.get("message")));
      }
    }
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    gone();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    gone();
  }

  private void gone() {
    over.countDown();
    waiting
        .values()
        .forEach(ack -> ack.completeExceptionally(new IOException("the socket is gone")));
  }

  @Override
  public void close() {
    try {
      if (waiting.isEmpty() || !over.await(5, TimeUnit.SECONDS)) {
        socket.abort();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      socket.abort();
    }
  }
}
