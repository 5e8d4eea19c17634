package io.fluxy.examples.quarkus;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A WebSocket of Vert.x as the engine wants it. */
final class VertxSocket implements Socket {
  private static final short TEXT_ONLY = 1003;
  private static final short ABNORMAL = 1006;
  private static final int REASON_CHARS_MAX = 40; // at most 120 bytes; 123 fit

  private final ServerWebSocket socket;
  private final HttpConnection connection;
  private volatile boolean closing; // by us

  private VertxSocket(ServerWebSocket socket, HttpConnection connection) {
    this.socket = socket;
    this.connection = connection;
  }

  static void open(
      ServerWebSocket socket, HttpConnection connection, Handshake handshake, Fluxy fluxy) {
    VertxSocket ours = new VertxSocket(socket, connection);
    Listener listener = handshake.open(ours);
    socket.textMessageHandler(
        text -> fluxy.read(() -> listener.text(text.getBytes(StandardCharsets.UTF_8))));
    socket.binaryMessageHandler(bytes -> socket.close(TEXT_ONLY, "text only"));
    socket.pongHandler(pong -> listener.pong(ByteBuffer.wrap(pong.getBytes())));
    socket.exceptionHandler(failure -> connection.close());
    socket.closeHandler(closed -> ours.over(listener));
  }

  private void over(Listener listener) {
    Short code = socket.closeStatusCode(); // null if the connection was cut
    if (code != null && code != ABNORMAL && !closing) {
      listener.goodbye(code);
    }
    listener.closed();
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    Future<Void> last = Future.succeededFuture();
    for (Frames some : frames) {
      ByteBuffer ping = some.pinging();
      if (ping != null) {
        last = socket.writePing(bytes(ping));
      }
      for (String text : some.strings()) {
        last = socket.writeTextMessage(text);
      }
    }
    last.onComplete(written -> sent.sent(written.succeeded()));
  }

  private static Buffer bytes(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return Buffer.buffer(bytes);
  }

  @Override
  public void ping() {
    socket.writePing(Buffer.buffer());
  }

  @Override
  public void close(int code, String reason) {
    closing = true;
    String fitting = reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX));
    socket.close((short) code, fitting);
  }

  @Override
  public void abort() {
    connection.close();
  }
}
