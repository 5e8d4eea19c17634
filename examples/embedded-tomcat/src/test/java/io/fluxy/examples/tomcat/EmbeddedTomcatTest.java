package io.fluxy.examples.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTomcatTest {
  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private EmbeddedTomcat application;

  @BeforeEach
  void start() throws Exception {
    application = new EmbeddedTomcat(0, folder);
  }

  @AfterEach
  void stop() throws Exception {
    application.close();
  }

  @Test
  void twoWhoHaveLoggedInTalkInTheLobby() throws Exception {
    Heard annHears = new Heard();
    Heard bobHears = new Heard();
    WebSocket ann = enters("ann", annHears);
    enters("bob", bobHears);

    ann.sendText("{\"type\":\"message\",\"content\":\"is anybody there?\"}", true).join();

    assertThat(bobHears.frameWith("is anybody there?")).contains("\"ann\"");
    assertThat(annHears.frameWith("is anybody there?")).contains("\"ann\"");
  }

  @Test
  void whoHasNoTokenStaysOutAndTheApplicationServesWhatIsItsOwn() throws Exception {
    assertThat(get("/rooms").statusCode()).isEqualTo(401);
    assertThat(get("/login?user=NOBODY!").statusCode()).isEqualTo(400);
    assertThat(get("/nothing/of/the/chat").statusCode()).isEqualTo(404);
  }

  @Test
  void thePageIsServedAndNothingOfTheDisk() throws Exception {
    assertThat(get("/").body()).contains("/fluxy/fluxy.js");
    assertThat(get("/fluxy/fluxy.js").statusCode()).isEqualTo(200);
    assertThat(folder.resolve("chat.db")).exists();
    assertThat(get("/chat.db").statusCode()).isEqualTo(404);
  }

  private WebSocket enters(String user, Heard heard) throws Exception {
    String token = get("/login?user=" + user).body();
    URI room = URI.create("ws://127.0.0.1:" + application.port() + "/ws/room/lobby?token=" + token);
    WebSocket socket = http.newWebSocketBuilder().buildAsync(room, heard).join();
    heard.frameWith("\"subscription_succeeded\"");
    return socket;
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + application.port() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What one client is told. */
  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final StringBuilder frame = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      frame.append(part);
      if (last) {
        frames.add(frame.toString());
        frame.setLength(0);
      }
      from.request(1);
      return null;
    }

    String frameWith(String text) throws InterruptedException {
      while (true) {
        String next = frames.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a frame with " + text).isNotNull();
        if (next.contains(text)) {
          return next;
        }
      }
    }
  }
}
