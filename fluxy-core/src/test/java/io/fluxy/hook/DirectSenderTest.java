package io.fluxy.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fluxy.hook.WebhookSender.Outcome;
import io.fluxy.hook.WebhookSender.Reach;
import io.fluxy.time.RunningScheduler;
import io.fluxy.time.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sender against real receivers on this machine. */
class DirectSenderTest {
  private static final byte[] BODY = "{\"ü\":1}".getBytes(StandardCharsets.UTF_8);

  private final RunningScheduler threads = Scheduler.start(4);
  private final List<String> got = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          got.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Test")
                  + " "
                  + new String(body, StandardCharsets.UTF_8));
          String path = exchange.getRequestURI().getPath();
          if (path.startsWith("/to/")) {
            exchange.getResponseHeaders().add("Location", path.substring(3));
            exchange.sendResponseHeaders(307, -1);
          } else if (path.startsWith("/away")) {
            exchange.getResponseHeaders().add("Location", exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(302, -1);
          } else {
            exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), 0);
            exchange.getResponseBody().write("thanks".getBytes(StandardCharsets.UTF_8));
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Outcome send(String url) {
    return send(new DirectSender(threads, Reach.ANYWHERE, 2_000, InetAddress::getAllByName), url);
  }

  private static Outcome send(WebhookSender sender, String url) {
    return sender.send(url, Map.of("X-Test", "yes"), BODY).toCompletableFuture().join();
  }

  @Test
  void aReceiverGetsTheBodyAndTheHeaders() {
    assertThat(send(url("/200?a=b"))).isEqualTo(new Outcome(200, null));
    assertThat(got).containsExactly("POST /200?a=b yes {\"ü\":1}");
    assertThat(send(url("/500"))).isEqualTo(new Outcome(500, "http_500"));
    assertThat(send(url("/404"))).isEqualTo(new Outcome(404, "http_404"));
  }

  @Test
  void aRedirectIsFollowedWithTheSameBodyUpToFiveTimes() {
    assertThat(send(url("/to/to/200"))).isEqualTo(new Outcome(200, null));
    assertThat(got).hasSize(3).allMatch(request -> request.endsWith("yes {\"ü\":1}"));
    assertThat(send(url("/to/to/to/to/to/200"))).isEqualTo(new Outcome(200, null));
    assertThat(send(url("/to/to/to/to/to/to/200"))).isEqualTo(Outcome.failed("too_many_redirects"));
  }

  @Test
  void aRedirectToAPrivateAddressIsNotFollowed() {
    DirectSender sender =
        new DirectSender(
            threads,
            Reach.ANYWHERE,
            2_000,
            InetAddress::getAllByName,
            address -> address.getHostAddress().equals("127.0.0.1"));
    int port = server.getAddress().getPort();

    assertThat(send(sender, url("/away?http://127.0.0.1:" + port + "/200")).error()).isNull();
    got.clear();
    for (String away :
        List.of(
            "http://127.0.0.2:" + port + "/200",
            "//127.0.0.2:" + port + "/200",
            "http://[::1]:" + port + "/200",
            "http://x:y@127.0.0.1:" + port + "/200",
            "http://2130706434:" + port + "/200",
            "file:///etc/passwd")) {
      assertThat(send(sender, url("/away?" + away))).isEqualTo(Outcome.failed("ssrf_blocked"));
    }
    assertThat(got).hasSize(6).allMatch(request -> request.startsWith("POST /away"));
  }

  /** Rebinding: harmless when it is looked at, another when it is looked up again. */
  @Test
  void aNameIsLookedUpOnceAndTheAddressThatWasLookedAtIsConnectedTo() {
    AtomicInteger lookups = new AtomicInteger();
    DirectSender sender =
        new DirectSender(
            threads,
            Reach.ANYWHERE,
            2_000,
            host ->
                new InetAddress[] {
                  InetAddress.getByName(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")
                });
    String url = "http://rebind.example:" + server.getAddress().getPort() + "/200";

    assertThat(send(sender, url)).isEqualTo(new Outcome(200, null));
    assertThat(lookups).hasValue(1);
  }

  @Test
  @SuppressWarnings("try")
  void aReceiverThatIsDownOrSilentOrDribblesIsAnErrorInTime() throws Exception {
    DirectSender hasty = new DirectSender(threads, Reach.ANYWHERE, 300, InetAddress::getAllByName);
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      assertThat(send(hasty, url)).isEqualTo(Outcome.failed("timeout"));
      threads.run(
          () -> {
            try (var dribbling = silent.accept();
                var dribblingToo = silent.accept()) {
              InputStream in = dribblingToo.getInputStream();
              while (in.read() >= 0) { // a byte for each byte, and never an end
                dribblingToo.getOutputStream().write('H');
              }
            } catch (IOException e) {
              got.add("cut off");
            }
          });
      assertThat(send(hasty, url).error()).isIn("timeout", "connection_failed");
      silent.close();
      assertThat(send(hasty, url)).isEqualTo(Outcome.failed("connection_failed"));
    }
  }

  @Test
  void whatIsNoHttpIsAnError() throws Exception {
    try (ServerSocket odd = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      threads.run(
          () -> {
            try (var client = odd.accept()) {
              client.getOutputStream().write("SSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
              client.getInputStream().read();
            } catch (IOException e) {
              got.add("cut off");
            }
          });
      assertThat(send("http://127.0.0.1:" + odd.getLocalPort() + "/"))
          .isEqualTo(Outcome.failed("connection_failed"));
    }
  }
}
