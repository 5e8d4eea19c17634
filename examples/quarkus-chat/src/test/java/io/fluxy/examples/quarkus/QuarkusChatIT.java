package io.fluxy.examples.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built application in a JVM of its own, spoken to by real clients. */
@Timeout(120)
class QuarkusChatIT {
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://\\S+)");
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Queue<String> OUTPUT = new ConcurrentLinkedQueue<>();
  private static Process app;
  private static String server;

  @BeforeAll
  static void starts(@TempDir Path folder) throws Exception {
    app =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dquarkus.http.port=0",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.datasource.jdbc.url=jdbc:h2:file:"
                    + folder.resolve("chat").toAbsolutePath()
                    + ";DB_CLOSE_ON_EXIT=FALSE",
                "-jar",
                JAR.toString())
            .redirectErrorStream(true)
            .start();
    CompletableFuture<String> listening = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(listening), "app-output");
    reader.setDaemon(true);
    reader.start();
    server = listening.get(60, TimeUnit.SECONDS);
  }

  private static void read(CompletableFuture<String> listening) {
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(app.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        OUTPUT.add(line);
        Matcher said = LISTENING.matcher(line);
        if (said.find()) {
          listening.complete(said.group(1));
        }
      }
    } catch (IOException e) {
      OUTPUT.add(e.toString());
    }
    listening.completeExceptionally(new AssertionError("it ended: " + OUTPUT));
  }

  @AfterAll
  static void stops() throws InterruptedException {
    app.destroy();
    assertThat(app.waitFor(20, TimeUnit.SECONDS)).as("stops within 20 s: " + OUTPUT).isTrue();
    assertThat(String.join("\n", OUTPUT)).doesNotContain("ERROR");
  }

  @Test
  void twoUsersOfTheApplicationChat() throws Exception {
    Line ann = new Line(token("ann"));
    Line bob = new Line(token("bob"));

    ann.says("hello bob");
    assertThat(bob.hears("hello bob")).contains("\"userId\":\"ann\"");
    bob.says("hello ann");
    assertThat(ann.hears("hello ann")).contains("\"userId\":\"bob\"");
  }

  @Test
  void whatIsSentByHttpIsHeardOnSocketsAndStreams() throws Exception {
    String token = token("ann");
    Line bob = new Line(token("bob"));
    HttpResponse<InputStream> stream =
        HTTP.send(
            request("/rooms/lobby/stream?token=" + token)
                .header("Accept", "text/event-stream")
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);

    assertThat(post(token, "by http").statusCode()).isEqualTo(200);
    bob.hears("by http");
    try (BufferedReader events =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      assertThat(events.lines().anyMatch(line -> line.contains("by http"))).isTrue();
    }
  }

  @Test
  void anOrderIsToldWithItsCommitAndOfOneThatIsTakenBackNothingIsLeft() throws Exception {
    Line bob = new Line(token("bob"));
    assertThat(order("ann", "POST", "?item=a%20kite").statusCode()).isEqualTo(201);
    String kite = bob.hears("I ordered a kite");

    HttpResponse<String> unicorn = order("ann", "POST", "?item=a%20unicorn");
    assertThat(order("ann", "POST", "?item=a%20hat").statusCode()).isEqualTo(201);
    String hat = bob.hears("I ordered a hat");

    assertThat(unicorn.statusCode()).isEqualTo(409);
    assertThat(unicorn.body()).isEqualTo("a unicorn is sold out");
    assertThat(kite).contains("\"userId\":\"ann\"");
    assertThat(seq(hat)).as("no hole").isEqualTo(seq(kite) + 1);
    assertThat(bob.heard).noneMatch(frame -> frame.contains("unicorn"));
    assertThat(order("bob", "GET", "").body()).isEqualTo("a hat\na kite");
  }

  private static long seq(String frame) {
    Matcher seq = Pattern.compile("\"seq\":(\\d+)").matcher(frame);
    assertThat(seq.find()).as(frame).isTrue();
    return Long.parseLong(seq.group(1));
  }

  private static HttpResponse<String> order(String user, String method, String query)
      throws Exception {
    return HTTP.send(
        request("/orders" + query)
            .header("Authorization", login(user))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void aSocketIsRefusedBeforeTheUpgradeWithAStatus() {
    CompletableFuture<WebSocket> refused =
        HTTP.newWebSocketBuilder().buildAsync(socket("junk"), new WebSocket.Listener() {});
    try {
      refused.join();
      throw new AssertionError("let in");
    } catch (CompletionException e) {
      assertThat(((WebSocketHandshakeException) e.getCause()).getResponse().statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void withoutALoginThereIsNoToken() throws Exception {
    assertThat(HTTP.send(request("/session").build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    assertThat(post(token("ann"), "x".repeat(1_100_000)).statusCode()).isEqualTo(413);
  }

  private static HttpResponse<String> post(String token, String content) throws Exception {
    return HTTP.send(
        request("/messages")
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofString("{\"roomId\":\"lobby\",\"content\":\"" + content + "\"}"))
            .build(),
        BodyHandlers.ofString());
  }

  private static String token(String user) throws Exception {
    HttpResponse<String> session =
        HTTP.send(
            request("/session").header("Authorization", login(user)).build(),
            BodyHandlers.ofString());
    Matcher token = TOKEN.matcher(session.body());
    assertThat(token.find()).as(session + session.body()).isTrue();
    return token.group(1);
  }

  private static String login(String user) {
    byte[] utf8 = (user + ":chat").getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(utf8);
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path));
  }

  private static URI socket(String token) {
    return URI.create(server.replace("http", "ws") + "/ws/room/lobby?token=" + token);
  }

  /** One client. */
  private static final class Line implements WebSocket.Listener {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final WebSocket socket;

    Line(String token) {
      socket = HTTP.newWebSocketBuilder().buildAsync(socket(token), this).join();
    }

    void says(String text) {
      socket.sendText("{\"type\":\"message\",\"content\":\"" + text + "\"}", true).join();
    }

    String hears(String text) throws InterruptedException {
      while (true) {
        String frame = frames.poll(10, TimeUnit.SECONDS);
        assertThat(frame).as("a frame with " + text).isNotNull();
        if (frame.contains(text)) {
          return frame;
        }
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      frames.add(data.toString());
      heard.add(data.toString());
      from.request(1);
      return null;
    }
  }
}
