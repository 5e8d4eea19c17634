package io.fluxy.examples.quickstart;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket that hears what it is told. */
final class Hearing implements WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int PATIENCE_SECONDS = 20;

  private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
  private final StringBuilder part = new StringBuilder();

  /** Opens one. */
  static Hearing at(int port, String path) {
    Hearing hearing = new Hearing();
    URI uri = URI.create("ws://127.0.0.1:" + port + path);
    HTTP.newWebSocketBuilder().buildAsync(uri, hearing).join();
    return hearing;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      frames.add(part.toString());
      part.setLength(0);
    }
    socket.request(1);
    return null;
  }

  /** The next frame; fails if there is none for a while. */
  String next() throws InterruptedException {
    String frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("nothing was heard for " + PATIENCE_SECONDS + " s");
    }
    return frame;
  }

  /** The next frame that has this text in it. */
  String next(String with) throws InterruptedException {
    String frame = next();
    while (!frame.contains(with)) {
      frame = next();
    }
    return frame;
  }
}
