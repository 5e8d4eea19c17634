package io.fluxy.examples.quarkus;

import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** The body of a response that goes on, as the engine wants it. */
final class VertxStream implements Socket {
  private final HttpServerResponse response;
  private final HttpConnection connection;

  private VertxStream(HttpServerResponse response, HttpConnection connection) {
    this.response = response;
    this.connection = connection;
  }

  static void open(
      HttpServerResponse response, HttpConnection connection, ApiResponse.Stream stream) {
    response.setChunked(true);
    Listener listener = stream.open(new VertxStream(response, connection));
    response.endHandler(over -> listener.closed()); // however it ended
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    if (response.ended() || response.closed()) {
      sent.sent(false);
      return;
    }
    Future<Void> last = Future.succeededFuture();
    for (Frames some : frames) {
      last = response.write(Buffer.buffer(bytes(some)));
    }
    last.onComplete(written -> sent.sent(written.succeeded()));
  }

  private static byte[] bytes(Frames frames) {
    byte[] bytes = new byte[frames.size()];
    frames.bytes().get(bytes);
    return bytes;
  }

  /** An event stream has none. */
  @Override
  public void ping() {}

  /** Ends the body; there is no place in it for a code or a reason. */
  @Override
  public void close(int code, String reason) {
    if (!response.ended()) {
      response.end();
    }
  }

  @Override
  public void abort() {
    connection.close();
  }
}
