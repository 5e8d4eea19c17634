package io.fluxy.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who logs in to the shop, orders, and chats. */
final class Visitor implements WebSocket.Listener {
  private static final Pattern FORM = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
  private static final Pattern PAGE = Pattern.compile("\"csrfToken\":\"([^\"]+)\"");
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final String server;
  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
  private WebSocket socket;

  Visitor(int port, String name) throws IOException, InterruptedException {
    server = "http://127.0.0.1:" + port;
    String token = found(FORM, get("/login"));
    HttpResponse<String> landed =
        post(
            "/login",
            "application/x-www-form-urlencoded",
            "username=" + name + "&password=chat&_csrf=" + token,
            "");
    assertThat(landed.headers().firstValue("Location").orElse("")).doesNotContain("error");
  }

  String get(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  /** Orders something; the answer is the order's id, or empty if the shop says no. */
  String orders(String item) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        post(
            "/api/orders",
            "application/json",
            "{\"item\":\"" + item + "\"}",
            found(PAGE, get("/api/me")));
    return answer.statusCode() == 200 ? found(ID, answer.body()) : "";
  }

  /** Opens the room of an order. */
  Visitor enters(String order) {
    socket =
        http.newWebSocketBuilder()
            .header("Origin", server)
            .buildAsync(URI.create(server.replace("http", "ws") + "/chat/ws/room/" + order), this)
            .join();
    return this;
  }

  void says(String text) {
    socket.sendText("{\"type\":\"message\",\"content\":\"" + text + "\"}", true).join();
  }

  /** The next frame that contains a text. */
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
    from.request(1);
    return null;
  }

  private HttpResponse<String> post(String path, String type, String body, String csrf)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body));
    if (!csrf.isEmpty()) {
      request.header("X-CSRF-TOKEN", csrf);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path)).header("Origin", server);
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
    return matcher.group(1);
  }
}
