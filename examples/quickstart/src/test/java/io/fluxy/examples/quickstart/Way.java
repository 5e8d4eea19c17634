package io.fluxy.examples.quickstart;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A way to say something in the lobby. */
interface Way extends AutoCloseable {
  /** Sends; completes with what the server acknowledged, or exceptionally if it did not. */
  CompletableFuture<Ack> send(String clientMessageId, String content)
      throws IOException, InterruptedException;

  /** Hears the last acknowledgement there may be. */
  @Override
  void close();

  /** By {@code POST /messages}, one after another. */
  static Way rest(Wire wire, String token) {
    return new Way() {
      @Override
      public CompletableFuture<Ack> send(String clientMessageId, String content)
          throws IOException, InterruptedException {
        return CompletableFuture.completedFuture(wire.post(token, clientMessageId, content));
      }

      @Override
      public void close() {
        // every answer has been heard
      }
    };
  }
}
