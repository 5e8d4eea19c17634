package io.fluxy.examples.quarkus;

import io.fluxy.connection.PeerSocket;
import io.fluxy.http.ApiResponse;
import io.fluxy.time.Scheduler.Timer;
import io.fluxy.wire.Frames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** The body of a response that goes on, as the engine wants it. */
final class VertxStream extends PeerSocket {
  private final Vertx vertx = Vertx.currentContext().owner();
  private final HttpServerResponse response;
  private final HttpConnection connection;

  private VertxStream(HttpServerResponse response, HttpConnection connection) {
    super(Runnable::run); // nobody reads
    this.response = response;
    this.connection = connection;
  }

  static void open(
      HttpServerResponse response, HttpConnection connection, ApiResponse.Stream stream) {
    response.setChunked(true);
    VertxStream ours = new VertxStream(response, connection);
    ours.open(stream::open);
    response.endHandler(over -> ours.over()); // however it ended
  }

  @Override
  protected boolean write(List<Frames> frames) {
    Future<Void> last = Future.succeededFuture();
    for (Frames some : frames) {
      last = some.isClose() ? response.end() : response.write(Buffer.buffer(bytes(some)));
    }
    last.onSuccess(done -> written()).onFailure(this::broken);
    return false;
  }

  private static byte[] bytes(Frames frames) {
    byte[] bytes = new byte[frames.size()];
    frames.bytes().get(bytes);
    return bytes;
  }

  /** An event stream has none. */
  @Override
  public void ping() {}

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
