package io.fluxy.transport.jetty;

import static io.fluxy.connection.TransportClient.CLOSE;
import static io.fluxy.connection.TransportClient.CONTINUATION;
import static io.fluxy.connection.TransportClient.PING;
import static io.fluxy.connection.TransportClient.TEXT;
import static io.fluxy.connection.TransportClient.frame;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportClient;
import io.fluxy.connection.TransportContract;
import io.fluxy.connection.TransportScript;
import io.fluxy.connection.TransportScript.Guest;
import io.fluxy.http.ApiResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JettyTransportTest extends TransportContract {
  private static final long HEAD_MS_MAX = 400;
  private static final long BODY_MS_MAX = 400;

  private final Server server = new Server(new QueuedThreadPool(8));
  private final ServerConnector connector =
      FluxyJetty.connector(server, "127.0.0.1", 0, HEAD_MS_MAX);

  /** Fluxy between a neighbour, and, once more, below a context. */
  @Override
  protected Running start(Fluxy fluxy) throws Exception {
    server.addConnector(connector);
    server.setHandler(
        new Handler.Sequence(
            new ContextHandler(handler(fluxy), "/other/chat"), handler(fluxy), new Neighbour()));
    FluxyJetty.tune(server);
    server.start();
    return new Running() {
      @Override
      public int port() {
        return connector.getLocalPort();
      }

      @Override
      public void stop() throws Exception {
        server.stop();
      }
    };
  }

  private static Handler handler(Fluxy fluxy) {
    return new FluxyHandler(fluxy, BODY_MS_MAX);
  }

  /** Serves what is below /other/house, and fails below /other/fails. */
  private static final class Neighbour extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (Request.getPathInContext(request).startsWith("/other/fails")) {
        throw new IllegalStateException("secret");
      }
      if (!Request.getPathInContext(request).startsWith("/other/house")) {
        return false;
      }
      response.write(true, ByteBuffer.wrap("neighbour".getBytes(ISO_8859_1)), callback);
      return true;
    }
  }

  // In the house of others.

  @Test
  void whatIsNotFluxysGoesToTheNextHandler() throws Exception {
    TransportClient client = connect();
    client.say("GET /other/house HTTP/1.1", "Host: localhost", "");
    assertThat(client.answer().text()).isEqualTo("neighbour");
    assertThat(engine.asked).isEmpty();
  }

  @Test
  void belowAContextPathsAreRelativeToIt() throws Exception {
    TransportClient client = connect();
    client.say(
        "POST /other/chat/api/x%20y?q=%41 HTTP/1.1", "Host: localhost", "Content-Length: 0", "");
    client.answer();
    assertThat(engine.asked.peek().rawPath()).isEqualTo("/api/x%20y");
    assertThat(engine.asked.take().rawQuery()).isEqualTo("q=%41");

    TransportClient socket = connect().upgrade("/other/chat/ws/lobby");
    Guest guest = guest();
    assertThat(engine.asked.take().rawPath()).isEqualTo("/ws/lobby");
    socket.text("hello");
    assertThat(guest.hears()).isEqualTo("hello");
  }

  @Test
  void whatNobodyServesIsNotFoundWithoutAWordAboutTheServer() throws Exception {
    TransportClient client = connect();
    client.say("GET /other/nowhere HTTP/1.1", "Host: localhost", "");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by");
  }

  @Test
  void anotherHandlersFailureIsNotShownEither() throws Exception {
    TransportClient client = connect();
    client.say("GET /other/fails HTTP/1.1", "Host: localhost", "");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("{\"error\":\"internal_error\"}");
  }

  // Signs of life, and lies about lengths.

  @Test
  void aPingIsASignOfLife() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.raw(frame(0x80 | PING, new byte[0]));

    guest.hearsLife();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lengths")
  void aLengthThatCannotBeIsRefusedBeforeItsBytesCome(String what, long length, int code)
      throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.raw(longFrame(length));

    assertThat(client.control().code()).isEqualTo(code);
    client.halfClose();
    client.gone();
    guest.isToldClosed();
  }

  static Stream<Arguments> lengths() {
    return Stream.of(
        Arguments.of("the top bit", Long.MIN_VALUE + 2, 1002),
        Arguments.of("2^62", 1L << 62, 1009),
        Arguments.of("2^31", 1L << 31, 1009),
        Arguments.of("2^63 - 1", Long.MAX_VALUE, 1009));
  }

  private static byte[] longFrame(long length) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x81);
    frame.write(0xFF);
    for (int shift = 56; shift >= 0; shift -= 8) {
      frame.write((int) (length >> shift));
    }
    frame.writeBytes(new byte[4]);
    return frame.toByteArray();
  }

  // Too much of everything.

  @Test
  void aMessageHasAThousandFragmentsAtMost() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    client.raw(fragments(1_000));
    client.raw(frame(0x80 | TEXT, new byte[0]));
    assertThat(guest.hears()).hasSize(1_000);
    assertThat(guest.hears()).isEmpty();

    client.raw(fragments(1_001));

    assertThat(client.frame().code()).isEqualTo(1008);
  }

  private static byte[] fragments(int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] one = {'x'};
    for (int i = 0; i < count; i++) {
      int last = i == count - 1 ? 0x80 : 0;
      all.writeBytes(frame(last | (i == 0 ? TEXT : CONTINUATION), one));
    }
    return all.toByteArray();
  }

  @Test
  void aClientPingsTwoHundredTimesInTenSecondsAtMost() throws Exception {
    TransportClient client = joined();
    guest();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 201; i++) {
      all.writeBytes(frame(0x80 | PING, new byte[] {(byte) i}));
    }

    client.raw(all.toByteArray());

    TransportClient.Frame frame = client.frame();
    while (frame.opcode() != CLOSE) {
      frame = client.frame();
    }
    assertThat(frame.code()).isEqualTo(1008);
  }

  @Test
  void whoDoesNotAnswerAFarewellOrDoesNotEvenReadItIsDroppedInTime() throws Exception {
    TransportClient silent = joined();
    Guest first = guest();
    TransportClient sleeper = narrow();
    Guest second = guest();
    CompletableFuture<Boolean> stuck = fill(second);

    first.socket.close(4000, "bye");
    second.socket.close(4000, "bye");

    assertThat(silent.frame().code()).isEqualTo(4000);
    first.isToldClosed();
    second.isToldClosed();
    assertThat(stuck.join()).isFalse();
    sleeper.gone();
  }

  @Test
  void aGracefulStopSaysFarewell() throws Exception {
    TransportClient client = joined();
    guest();

    server.setStopTimeout(20_000);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> LifeCycle.stop(server));

    assertThat(client.frame().code()).isEqualTo(1001);
    client.close(1001, "");
    client.gone();
    stopped.join();
  }

  // Slow and malformed requests.

  @Test
  void aHeadThatComesTooSlowlyIsNotWaitedForButOtherClientsAre() throws Exception {
    TransportClient socket = joined();
    Guest member = guest();
    engine.answers(engine.stream());
    TransportClient stream = connect();
    stream.say("GET /stream HTTP/1.1", "Host: localhost", "");
    stream.head();
    Guest reader = guest();
    TransportClient keptAlive = connect();
    keptAlive.say("GET /other/house HTTP/1.1", "Host: localhost", "");
    keptAlive.answer();

    TransportClient dribbler = connect();
    dribble(dribbler);
    TransportClient second = connect();
    second.say("GET /other/house HTTP/1.1", "Host: localhost", "");
    second.answer();
    dribble(second);

    keptAlive.say("GET /other/house HTTP/1.1", "Host: localhost", "");
    assertThat(keptAlive.answer().status()).isEqualTo(200);
    socket.text("still here");
    assertThat(member.hears()).isEqualTo("still here");
    TransportScript.wait(reader.sends(TransportScript.events("1")));
    assertThat(stream.chunk()).isEqualTo("data: 1\n\n");
  }

  /** Sends a head letter by letter until the server has had enough. */
  private static void dribble(TransportClient client) throws Exception {
    try {
      client.raw("GET /other/house HTTP/1.1\r\nX-Long: ".getBytes(ISO_8859_1));
      while (!client.isGone(20)) {
        client.raw(new byte[] {'x'});
      }
    } catch (IOException e) {
      // reset: gone as well
    }
  }

  @Test
  void aBodyThatComesTooSlowlyIsRefused() throws Exception {
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 10", "", "half");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.text()).isEqualTo("{\"error\":\"request_timeout\"}");
    client.gone();
    assertThat(engine.asked).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void aMalformedRequestIsRefusedWithABareStatus(String what, String request) throws Exception {
    TransportClient client = connect();
    client.raw(request.getBytes(ISO_8859_1));

    String answer = client.rest();

    assertThat(answer).matches("(?s)HTTP/1\\.[01] (400|414|417|426|431|501|505) .*");
    assertThat(answer.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("jetty", "<html", "exception");
    assertThat(answer).endsWith("\r\n\r\n");
    assertThat(engine.asked).isEmpty();
  }

  static Stream<Arguments> malformed() {
    String host = "Host: localhost\r\nConnection: close\r\n";
    return Stream.of(
        Arguments.of("nonsense", "hello\r\n\r\n"),
        Arguments.of("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"),
        Arguments.of("no host", "GET /x HTTP/1.1\r\n\r\n"),
        Arguments.of("two hosts", "GET /x HTTP/1.1\r\n" + host + host + "\r\n"),
        Arguments.of("space before colon", "GET /x HTTP/1.1\r\nHost : localhost\r\n\r\n"),
        Arguments.of("NUL in the path", "GET /x\u0000y HTTP/1.1\r\n" + host + "\r\n"),
        Arguments.of("NUL in a header", "GET /x HTTP/1.1\r\n" + host + "A: \u0000\r\n\r\n"),
        Arguments.of("broken percent", "GET /x%zz HTTP/1.1\r\n" + host + "\r\n"),
        Arguments.of("encoded slash", "GET /a%2Fb HTTP/1.1\r\n" + host + "\r\n"),
        Arguments.of("encoded dots", "GET /a/%2e%2e/b HTTP/1.1\r\n" + host + "\r\n"),
        Arguments.of("beyond the root", "GET /../../x HTTP/1.1\r\n" + host + "\r\n"),
        Arguments.of("HTTP/3.0", "GET /x HTTP/3.0\r\n" + host + "\r\n"),
        Arguments.of("two lengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "ab")),
        Arguments.of("negative length", post("Content-Length: -1\r\n", "")),
        Arguments.of("length 1x", post("Content-Length: 1x\r\n", "a")),
        Arguments.of(
            "length and chunks",
            post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        Arguments.of("unknown coding", post("Transfer-Encoding: gzip\r\n", "0\r\n\r\n")),
        Arguments.of("bad chunk", post("Transfer-Encoding: chunked\r\n", "zz\r\n")),
        Arguments.of("long path", "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n" + host + "\r\n"),
        Arguments.of(
            "long header", "GET /x HTTP/1.1\r\n" + host + "A: " + "x".repeat(20_000) + "\r\n\r\n"),
        Arguments.of(
            "many headers", "GET /x HTTP/1.1\r\n" + host + "A: b\r\n".repeat(5_000) + "\r\n"));
  }

  private static String post(String headers, String body) {
    return "POST /x HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
  }

  // What became of an answer.

  @Test
  void anAnswerToAClientThatHasClosedIsToldToBeLostAlthoughTheKernelTakesIt() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    engine.answers(request -> later);
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 2", "", "");
    TransportScript.next(engine.asked);

    client.halfClose();
    later.complete(ApiResponse.text(201, "ok").telling(told::add));

    assertThat(TransportScript.next(told)).isFalse();
    assertThat(client.answer().text()).as("who only sends no more is answered").isEqualTo("ok");
  }

  @Test
  void aRequestThatIsSentBehindAnotherIsNoReasonToBelieveThatItsClientHasGone() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    engine.answers(request -> later);
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 2", "", "");
    TransportScript.next(engine.asked);

    client.say("GET /y HTTP/1.1", "Host: localhost", "");
    client.say("GET /z HTTP/1.1", "Host: localhost", "");
    later.complete(ApiResponse.text(201, "ok").telling(told::add));

    for (int i = 0; i < 3; i++) {
      assertThat(client.answer().text()).isEqualTo("ok");
      assertThat(TransportScript.next(told)).isTrue();
    }
    assertThat(TransportScript.next(engine.asked).rawPath()).isEqualTo("/y");
    assertThat(TransportScript.next(engine.asked).rawPath()).isEqualTo("/z");
  }

  // Streams.

  @Test
  void aStreamIsOverAsSoonAsItsClientCloses() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();
    Guest guest = guest();

    client.close();

    guest.isToldClosed();
  }

  @Test
  void anAbortedStreamsConnectionIsClosed() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();

    guest().socket.abort();

    client.gone();
  }

  @Test
  void streamsAndSocketsAreNotIdleHoweverQuietTheyAre() throws Exception {
    connector.setIdleTimeout(500);
    TransportClient socket = joined();
    Guest member = guest();
    engine.answers(engine.stream());
    TransportClient stream = connect();
    stream.say("GET /stream HTTP/1.1", "Host: localhost", "");
    stream.head();
    Guest reader = guest();

    for (int i = 0; i < 3; i++) {
      TransportClient idle = connect();
      idle.say("GET /other/house HTTP/1.1", "Host: localhost", "");
      idle.answer();
      idle.gone();
    }

    TransportScript.wait(reader.sends(TransportScript.events("1")));
    assertThat(stream.chunk()).isEqualTo("data: 1\n\n");
    socket.text("still here");
    assertThat(member.hears()).isEqualTo("still here");
  }
}
