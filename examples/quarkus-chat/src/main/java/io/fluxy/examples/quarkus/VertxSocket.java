package io.fluxy.examples.quarkus;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.connection.PeerSocket;
import io.fluxy.time.Scheduler.Timer;
import io.fluxy.wire.Frames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A WebSocket of Vert.x as the engine wants it. */
final class VertxSocket extends PeerSocket {
  private static final short TEXT_ONLY = 1003;
  private static final short ABNORMAL = 1006;

  private final Vertx vertx = Vertx.currentContext().owner();
  private final ServerWebSocket socket;
  private final HttpConnection connection;

  private VertxSocket(ServerWebSocket socket, HttpConnection connection, Fluxy fluxy) {
    super(fluxy::read);
    this.socket = socket;
    this.connection = connection;
  }

  static void open(
      ServerWebSocket socket, HttpConnection connection, Handshake handshake, Fluxy fluxy) {
    VertxSocket ours = new VertxSocket(socket, connection, fluxy);
    ours.open(handshake::open);
    socket.textMessageHandler(
        text -> ours.tell(() -> ours.text(text.getBytes(StandardCharsets.UTF_8))));
    socket.binaryMessageHandler(bytes -> ours.close(TEXT_ONLY, "text only"));
    socket.pongHandler(pong -> ours.tell(() -> ours.pong(ByteBuffer.wrap(pong.getBytes()))));
    socket.exceptionHandler(failure -> connection.close());
    socket.closeHandler(closed -> ours.closed());
  }

  private void closed() {
    Short code = socket.closeStatusCode(); // null if the connection was cut
    if (code != null && code != ABNORMAL) {
      goodbye(code);
    }
    over();
  }

  @Override
  protected boolean write(List<Frames> frames) {
    Future<Void> last = Future.succeededFuture();
    for (Frames some : frames) {
      last = write(some);
    }
    last.onSuccess(done -> written()).onFailure(this::broken);
    return false;
  }

  private Future<Void> write(Frames some) {
    ByteBuffer ping = some.pinging();
    if (ping != null) {
      byte[] payload = new byte[ping.remaining()];
      ping.get(payload);
      return socket.writePing(Buffer.buffer(payload));
    } else if (some.isClose()) {
      return socket.close((short) some.closeCode(), some.closeReason());
    }
    Future<Void> last = Future.succeededFuture();
    for (String text : some.strings()) {
      last = socket.writeTextMessage(text);
    }
    return last;
  }

  @Override
  protected void cut() {
    connection.close();
  }

  @Override
  protected Timer after(long delayMs, Runnable task) {
    long timer = vertx.setTimer(delayMs, due -> task.run());
    return () -> vertx.cancelTimer(timer);
  }
}
