package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a browser does: keeps cookies, says where its page is from, fills in a form, opens sockets.
 */
final class Browser {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final String server;
  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
          .build();
  private @Nullable String origin;

  /**
   * @param server such as {@code http://127.0.0.1:8080}; its own page is open
   */
  Browser(String server) {
    this.server = server;
    this.origin = server;
  }

  /** The same browser, with the same cookies, on a page of another site. */
  Browser visits(String otherOrigin) {
    origin = otherOrigin;
    return this;
  }

  /** No browser, but a program: it says nothing about pages. */
  Browser isProgram() {
    origin = null;
    return this;
  }

  Browser logsIn(String name, String password) throws IOException, InterruptedException {
    HttpResponse<String> landed =
        form("/login", "username=" + encoded(name) + "&password=" + encoded(password));
    assertThat(landed.statusCode()).isEqualTo(302);
    assertThat(landed.headers().firstValue("Location").orElse("")).doesNotContain("error");
    return this;
  }

  void logsOut() throws IOException, InterruptedException {
    assertThat(form("/logout", "").statusCode()).isEqualTo(302);
  }

  /** Fills in the form of a page and sends it, with the page's CSRF token. */
  private HttpResponse<String> form(String path, String fields)
      throws IOException, InterruptedException {
    String page = get(path).body();
    Matcher token = CSRF.matcher(page);
    assertThat(token.find()).as("a form at " + path + ": " + page).isTrue();
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "text/html")
            .POST(BodyPublishers.ofString(fields + "&_csrf=" + encoded(token.group(1)))));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).header("Accept", "text/html,*/*;q=0.8"));
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** The events of a page that is open; returns when the server has begun to send. */
  InputStream stream(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            request(path).header("Accept", "text/event-stream").build(),
            BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path));
    return origin == null ? request : request.header("Origin", origin);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Opens a socket; fails with the status if it is refused. */
  Line socket(String path) {
    Line line = new Line();
    WebSocket.Builder builder = http.newWebSocketBuilder();
    if (origin != null) {
      builder.header("Origin", origin);
    }
    line.socket =
        builder.buildAsync(URI.create(server.replaceFirst("^http", "ws") + path), line).join();
    return line;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** One open socket. */
  static final class Line implements WebSocket.Listener {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final StringBuilder parts = new StringBuilder();
    private @Nullable WebSocket socket;

    /** The next frame that contains a text; others before it are passed over. */
    String hears(String text) throws InterruptedException {
      while (true) {
        String frame = frames.poll(10, TimeUnit.SECONDS);
        if (frame == null) {
          throw new AssertionError("never heard " + text);
        }
        if (frame.contains(text)) {
          return frame;
        }
      }
    }

    void says(String frame) {
      Objects.requireNonNull(socket).sendText(frame, true).join();
    }

    /** The close code and reason, when the server has ended it. */
    String end() {
      return end.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        frames.add(parts.toString());
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      end.complete(status + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      end.completeExceptionally(error);
    }
  }
}
