package io.fluxy.connection;

import static io.fluxy.connection.TransportClient.CLOSE;
import static io.fluxy.connection.TransportClient.CONTINUATION;
import static io.fluxy.connection.TransportClient.PING;
import static io.fluxy.connection.TransportClient.PONG;
import static io.fluxy.connection.TransportClient.TEXT;
import static io.fluxy.connection.TransportClient.frame;
import static io.fluxy.connection.TransportScript.events;
import static io.fluxy.connection.TransportScript.frames;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportScript.Guest;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every transport gives the engine and its clients. Clients are raw sockets: what counts is
 * bytes.
 */
public abstract class TransportContract {
  /** A server that runs. */
  public interface Running {
    int port();

    /** Stops it; doing so twice is fine. */
    void stop() throws Exception;
  }

  private static final byte[] NOTHING = new byte[0];

  protected final TransportScript engine = new TransportScript();
  private final Fluxy fluxy = engine.start();
  private final List<TransportClient> clients = new ArrayList<>();
  private final List<Guest> guests = new ArrayList<>();
  private Running server;

  /** A suite for one transport. */
  protected TransportContract() {}

  /** Starts a server on a free port of the loopback address, with the engine at its root. */
  protected abstract Running start(Fluxy fluxy) throws Exception;

  @BeforeEach
  void startServer() throws Exception {
    server = start(fluxy);
  }

  @AfterEach
  void stopServer() throws Exception {
    for (TransportClient client : clients) {
      client.close();
    }
    server.stop();
    fluxy.close();
    for (Guest guest : guests) {
      guest.isToldClosed();
      assertThat(guest.brokenPromises()).isEmpty();
    }
  }

  protected final Fluxy fluxy() {
    return fluxy;
  }

  protected final int port() {
    return server.port();
  }

  protected final Running server() {
    return server;
  }

  protected final TransportClient connect() throws Exception {
    TransportClient client = TransportClient.connect(port());
    clients.add(client);
    return client;
  }

  /** A client with an open web socket. */
  protected final TransportClient joined() throws Exception {
    return connect().upgrade("/ws");
  }

  protected final Guest guest() throws Exception {
    Guest guest = engine.nextGuest();
    guests.add(guest);
    return guest;
  }

  /** A client with an open web socket that soon holds the server up if it does not read. */
  protected final TransportClient narrow() throws Exception {
    TransportClient client = TransportClient.narrow(port());
    clients.add(client);
    return client.upgrade("/ws");
  }

  // The handshake.

  @Test
  void theUpgradeAnswersTheClientsKeyAndOffersNothingItWasNotAsked() throws Exception {
    TransportClient client = connect();
    client.askUpgrade(
        "/ws/lobby?token=a%20b",
        "Sec-WebSocket-Protocol: chat",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");

    TransportClient.Answer answer = client.head();
    guest();

    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("upgrade")).isEqualToIgnoringCase("websocket");
    assertThat(answer.header("connection")).isEqualToIgnoringCase("upgrade");
    assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(answer.headers())
        .doesNotContainKeys("sec-websocket-protocol", "sec-websocket-extensions");
    ApiRequest asked = engine.asked.take();
    assertThat(asked.rawPath()).isEqualTo("/ws/lobby");
    assertThat(asked.rawQuery()).isEqualTo("token=a%20b");
    assertThat(asked.peer()).isEqualTo("127.0.0.1");
  }

  @Test
  void theUpgradeNamesTheSubprotocolThatTheEngineHasChosen() throws Exception {
    engine.handshakes(CompletableFuture.completedFuture(engine.welcome().in("pusher-7.x")));
    TransportClient client = connect();
    client.askUpgrade("/ws", "Sec-WebSocket-Protocol: chat, pusher-7.x,other");

    TransportClient.Answer answer = client.head();
    Guest guest = guest();

    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-protocol")).isEqualTo("pusher-7.x");
    client.text("hello");
    assertThat(guest.hears()).isEqualTo("hello");
  }

  @Test
  void aRefusedUpgradeIsAnOrdinaryAnswer() throws Exception {
    engine.handshakes(
        CompletableFuture.completedFuture(
            Handshake.refuse(ApiResponse.text(403, "not you").with("X-Reason", "guest list"))));
    TransportClient client = connect();
    client.askUpgrade("/ws");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("x-reason")).isEqualTo("guest list");
    assertThat(answer.text()).isEqualTo("not you");
  }

  @Test
  void aHandshakeMayTakeItsTime() throws Exception {
    CompletableFuture<Handshake> decision = new CompletableFuture<>();
    engine.handshakes(decision);
    TransportClient client = connect();
    client.askUpgrade("/ws");
    TransportScript.next(engine.asked);

    new Thread(() -> decision.complete(engine.welcome())).start();

    assertThat(client.head().status()).isEqualTo(101);
    client.text("at last");
    assertThat(guest().hears()).isEqualTo("at last");
  }

  @Test
  void framesSentRightBehindTheUpgradeRequestAreHeard() throws Exception {
    CompletableFuture<Handshake> decision = new CompletableFuture<>();
    engine.handshakes(decision);
    TransportClient client = connect();
    client.askUpgrade("/ws");
    client.text("in a hurry");
    TransportScript.next(engine.asked);

    decision.complete(engine.welcome());

    assertThat(guest().hears()).isEqualTo("in a hurry");
  }

  @Test
  void aSocketMaySpeakWhileItIsOpened() throws Exception {
    engine.handshakes(
        CompletableFuture.completedFuture(
            Handshake.accept(
                socket -> {
                  socket.send(List.of(frames("hello")), ok -> {});
                  return new Guest(socket);
                })));

    assertThat(joined().text()).isEqualTo("hello");
  }

  @Test
  void aRequestForASocketsPathThatIsNoUpgradeIsAnOrdinaryRequest() throws Exception {
    TransportClient client = connect();
    client.say("GET /ws HTTP/1.1", "Host: localhost", "");

    assertThat(client.answer().text()).isEqualTo("ok");
  }

  // Bad handshakes.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Sec-WebSocket-Key: AQID",
        "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==",
        "Sec-WebSocket-Key: "
      })
  void anUpgradeNeedsAKeyOfSixteenBytes(String key) throws Exception {
    TransportClient client = connect();
    client.say(
        "GET /ws HTTP/1.1",
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        key + (key.isEmpty() ? "" : "\r\n"));

    assertThat(client.answer().status()).isEqualTo(400);
    assertThat(engine.asked).isEmpty();
  }

  @Test
  void anUpgradeOfAnotherVersionIsToldTheOneWeSpeak() throws Exception {
    TransportClient client = connect();
    client.say(
        "GET /ws HTTP/1.1",
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 8",
        "Sec-WebSocket-Key: " + TransportClient.KEY,
        "");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(426);
    assertThat(answer.header("sec-websocket-version")).isEqualTo("13");
  }

  @Test
  void anUpgradeHasNoBody() throws Exception {
    TransportClient client = connect();
    client.askUpgrade("/ws", "Content-Length: 2");
    assertThat(client.answer().status()).isEqualTo(400);
  }

  @Test
  void anUpgradeHasNoChunkedBody() throws Exception {
    TransportClient client = connect();
    client.askUpgrade("/ws", "Transfer-Encoding: chunked");
    assertThat(client.answer().status()).isEqualTo(400);
  }

  // Messages.

  @Test
  void whatIsSaidIsHeardByteForByte() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.text("Grüße 👋");
    assertThat(guest.hears()).isEqualTo("Grüße 👋");

    assertThat(guest.says("\"ah 👋\"")).isTrue();
    assertThat(client.frame())
        .usingRecursiveComparison()
        .isEqualTo(new TransportClient.Frame(true, TEXT, "\"ah 👋\"".getBytes(UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void messagesOfAllSizesPass(int size) throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    String text = "x".repeat(size);

    client.text(text);
    assertThat(guest.hears()).isEqualTo(text);
    guest.says(text);
    assertThat(client.text()).isEqualTo(text);
  }

  static Stream<Integer> sizes() {
    return Stream.of(0, 1, 125, 126, 127, 4_096, 65_535, 65_536, TransportScript.FRAME_BYTES_MAX);
  }

  @Test
  void messagesThatArriveTogetherAreHeardInOrder() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 1_000; i++) {
      all.writeBytes(frame(0x80 | TEXT, ("message " + i).getBytes(UTF_8)));
    }

    client.raw(all.toByteArray());

    for (int i = 0; i < 1_000; i++) {
      assertThat(guest.hears()).isEqualTo("message " + i);
    }
  }

  @Test
  void aMessageThatArrivesByteByByteIsHeard() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    for (byte b : frame(0x80 | TEXT, "y".repeat(200).getBytes(UTF_8))) {
      client.raw(new byte[] {b});
    }

    assertThat(guest.hears()).isEqualTo("y".repeat(200));
  }

  @Test
  void fragmentsBecomeOneMessageAndAPingBetweenThemIsAnswered() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.raw(frame(TEXT, "one ".getBytes(UTF_8)));
    client.raw(frame(0x80 | PING, "?".getBytes(UTF_8)));
    client.raw(frame(CONTINUATION, NOTHING));
    client.raw(frame(CONTINUATION, "two ".getBytes(UTF_8)));
    client.raw(frame(0x80 | CONTINUATION, "three".getBytes(UTF_8)));

    assertThat(client.frame().opcode()).isEqualTo(PONG);
    assertThat(guest.hears()).isEqualTo("one two three");
  }

  @Test
  void severalFramesGoOutTogetherAndInOrder() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    CompletableFuture<Boolean> sent =
        guest.sends(frames("1", "2"), frames("3"), frames("4".repeat(70_000), "5"));

    assertThat(client.text()).isEqualTo("1");
    assertThat(client.text()).isEqualTo("2");
    assertThat(client.text()).isEqualTo("3");
    assertThat(client.text()).hasSize(70_000);
    assertThat(client.text()).isEqualTo("5");
    assertThat(TransportScript.wait(sent)).isTrue();
  }

  @Test
  void sendingAgainAsSoonAsSomethingIsSentNeverEndsInADeepStack() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    AtomicInteger left = new AtomicInteger(50_000);
    Frames one = frames("1");
    guest.socket.send(
        List.of(one),
        new Socket.Sent() {
          @Override
          public void sent(boolean ok) {
            if (ok && left.decrementAndGet() > 0) {
              guest.socket.send(List.of(one), this);
            }
          }
        });

    for (int i = 0; i < 50_000; i++) {
      assertThat(client.text()).isEqualTo("1");
    }
  }

  @Test
  void whoDoesNotReadHoldsNobodyElseUp() throws Exception {
    TransportClient sleeper = narrow();
    Guest asleep = guest();
    TransportClient reader = joined();
    Guest awake = guest();
    CompletableFuture<Boolean> stuck = fill(asleep);

    reader.text("are you there?");
    assertThat(awake.hears()).isEqualTo("are you there?");
    awake.says("yes");
    assertThat(reader.text()).isEqualTo("yes");

    assertThat(stuck).isNotDone();
    while (!stuck.isDone()) {
      assertThat(sleeper.text()).hasSize(200_000);
    }
    assertThat(stuck.join()).isTrue();
  }

  // Signs of life.

  /** Nobody has to be told: servers that answer by themselves need not say so. */
  @Test
  void aPingIsAnsweredWithItsOwnPayload() throws Exception {
    TransportClient client = joined();
    guest();

    client.raw(frame(0x80 | PING, "p".repeat(125).getBytes(UTF_8)));

    TransportClient.Frame pong = client.frame();
    assertThat(pong.opcode()).isEqualTo(PONG);
    assertThat(pong.text()).isEqualTo("p".repeat(125));
  }

  @Test
  void ourPingReachesTheClientAndItsPongReachesUs() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    guest.socket.ping();
    TransportClient.Frame ping = client.frame();
    assertThat(ping.opcode()).isEqualTo(PING);
    client.raw(frame(0x80 | PONG, ping.payload()));

    guest.hearsLife();
  }

  @Test
  void pingsAndPongsFindTheirWayBetweenMessagesUnderLoad() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    AtomicInteger left = new AtomicInteger(5_000);
    Frames some = frames("m".repeat(1_000));
    guest.socket.send(
        List.of(some),
        new Socket.Sent() {
          @Override
          public void sent(boolean ok) {
            if (ok && left.decrementAndGet() > 0) {
              guest.socket.send(List.of(some), this);
            }
          }
        });
    int pongs = 0;
    int pings = 0;
    int texts = 0;
    client.raw(frame(0x80 | PING, "last".getBytes(UTF_8)));
    guest.socket.ping();
    while (texts < 5_000 || pongs < 1 || pings < 1) {
      TransportClient.Frame frame = client.frame();
      texts += frame.opcode() == TEXT ? 1 : 0;
      pongs += frame.opcode() == PONG ? 1 : 0;
      pings += frame.opcode() == PING ? 1 : 0;
    }
    assertThat(texts).isEqualTo(5_000);
  }

  /** An answer proves that all that was sent before has arrived. */
  @Test
  void aPingAmongMessagesKeepsItsPlaceAndItsPongSaysWhichItAnswers() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    CompletableFuture<Boolean> sent =
        guest.sends(frames("before"), Frames.ping("mark 7".getBytes(UTF_8)), frames("after"));

    assertThat(client.frame().text()).isEqualTo("before");
    TransportClient.Frame ping = client.frame();
    assertThat(ping.opcode()).isEqualTo(PING);
    assertThat(ping.text()).isEqualTo("mark 7");
    assertThat(client.frame().text()).isEqualTo("after");
    client.raw(frame(0x80 | PONG, ping.payload()));
    assertThat(guest.hearsLife()).isEqualTo("pong mark 7");
    assertThat(TransportScript.wait(sent)).isTrue();
  }

  // The end.

  @Test
  void whoeverClosesOfItsOwnAccordSaysSo() throws Exception {
    for (int code : new int[] {1000, 4321, 1005}) {
      TransportClient client = joined();
      Guest guest = guest();
      client.raw(
          frame(0x80 | CLOSE, code == 1005 ? new byte[0] : TransportClient.farewell(code, "")));

      guest.isToldClosed();
      int said = guest.goodbye.getNow(0);
      assertThat(said).isIn(code, code == 1005 ? 1000 : code); // some containers say so for none
    }
  }

  @Test
  void whoeverIsCutOffOrIsSentAwaySaysNoGoodbye() throws Exception {
    TransportClient cut = joined();
    Guest guest = guest();
    cut.vanish();
    guest.isToldClosed();
    assertThat(guest.goodbye).isNotDone();

    TransportClient sentAway = joined();
    Guest second = guest();
    second.socket.close(4001, "go");
    assertThat(sentAway.frame().opcode()).isEqualTo(CLOSE);
    sentAway.close(4001, "");
    second.isToldClosed();
    assertThat(second.goodbye).isNotDone();
  }

  @Test
  void aFarewellCarriesItsCodeAndReason() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    guest.socket.close(4001, "see you, 👋");

    TransportClient.Frame close = client.frame();
    assertThat(close.opcode()).isEqualTo(CLOSE);
    assertThat(close.code()).isEqualTo(4001);
    assertThat(close.reason()).isEqualTo("see you, 👋");
    client.close(4001, "");
    client.gone();
    guest.isToldClosed();
  }

  @Test
  void aReasonThatIsTooLongIsCutBetweenTwoCharacters() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    guest.socket.close(4000, "a" + "ü".repeat(100));

    assertThat(client.frame().reason()).isEqualTo("a" + "ü".repeat(61));
  }

  @Test
  void whatWasSentBeforeTheFarewellArrivesBeforeIt() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    CompletableFuture<Boolean> sent = guest.sends(frames("a".repeat(300_000)), frames("b"));
    guest.socket.close(1001, "bye");

    assertThat(client.text()).hasSize(300_000);
    assertThat(client.text()).isEqualTo("b");
    assertThat(client.frame().code()).isEqualTo(1001);
    assertThat(TransportScript.wait(sent)).isTrue();
  }

  @Test
  void nothingIsSentAfterTheFarewell() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    guest.socket.close(1000, "");

    CompletableFuture<Boolean> late = guest.sends(frames("one more thing"));

    assertThat(TransportScript.wait(late)).isFalse();
    assertThat(client.frame().opcode()).isEqualTo(CLOSE);
  }

  @Test
  void theSecondOfTwoFarewellsIsNotSaid() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    guest.socket.close(4001, "first");
    guest.socket.close(4002, "second");

    assertThat(client.frame().code()).isEqualTo(4001);
    client.close(4001, "");
    client.gone();
  }

  @Test
  void aClientsFarewellIsAnsweredWithItsCode() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.close(4321, "got to go");

    TransportClient.Frame close = client.frame();
    assertThat(close.opcode()).isEqualTo(CLOSE);
    assertThat(close.code()).isEqualTo(4321);
    client.gone();
    guest.isToldClosed();
  }

  @Test
  void aClientThatClosesItsHalfIsGone() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.halfClose();

    guest.isToldClosed();
    client.gone();
  }

  @Test
  void aClientThatVanishesIsGone() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.vanish();

    guest.isToldClosed();
  }

  @Test
  void aClientThatVanishesWhileItIsSentToIsGoneAndTheSendFails() throws Exception {
    TransportClient client = narrow();
    Guest guest = guest();
    CompletableFuture<Boolean> stuck = fill(guest);

    client.vanish();

    guest.isToldClosed();
    assertThat(TransportScript.wait(stuck)).isFalse();
  }

  @Test
  void abortingEndsASocketWhoseClientDoesNotRead() throws Exception {
    TransportClient client = narrow();
    Guest guest = guest();
    CompletableFuture<Boolean> stuck = fill(guest);

    guest.socket.abort();

    guest.isToldClosed();
    assertThat(TransportScript.wait(stuck)).isFalse();
    client.gone();
  }

  /** Sends until a send does not come back; that one. */
  protected static CompletableFuture<Boolean> fill(Guest guest) throws Exception {
    Frames big = frames("z".repeat(200_000));
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Boolean> sent = guest.sends(big);
      try {
        sent.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        return sent;
      }
    }
    throw new AssertionError("40 MB fit into the kernel");
  }

  @Test
  void aSocketThatIsGoneTakesAllCallsAndSendsNothing() throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    client.vanish();
    guest.isToldClosed();

    guest.socket.ping();
    guest.socket.close(1000, "");
    guest.socket.abort();

    assertThat(guest.says("anybody?")).isFalse();
  }

  @Test
  void everybodyIsToldWhenTheServerStops() throws Exception {
    List<Guest> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      joined();
      all.add(guest());
    }
    engine.answers(engine.stream());
    TransportClient reader = connect();
    reader.say("GET /stream HTTP/1.1", "Host: localhost", "");
    reader.head();
    all.add(guest());

    server.stop();

    for (Guest guest : all) {
      guest.isToldClosed();
    }
  }

  // What is against the rules.

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFrames")
  void aFrameAgainstTheRulesEndsTheConnection(String what, byte[] bytes, int code)
      throws Exception {
    TransportClient client = joined();
    Guest guest = guest();

    client.raw(bytes);

    TransportClient.Frame close = client.control();
    assertThat(close.opcode()).isEqualTo(CLOSE);
    assertThat(close.code()).isIn(acceptable(code));
    client.halfClose();
    client.gone();
    guest.isToldClosed();
  }

  static Stream<Arguments> badFrames() {
    byte[] hi = "hi".getBytes(UTF_8);
    return Stream.of(
        Arguments.of("not masked", new byte[] {(byte) 0x81, 2, 'h', 'i'}, 1002),
        Arguments.of("RSV1", frame(0xC1, hi), 1002),
        Arguments.of("RSV2", frame(0xA1, hi), 1002),
        Arguments.of("RSV3", frame(0x91, hi), 1002),
        Arguments.of("RSV1 on a ping", frame(0xC9, hi), 1002),
        Arguments.of("opcode 3", frame(0x83, hi), 1002),
        Arguments.of("opcode 7", frame(0x87, hi), 1002),
        Arguments.of("opcode 11", frame(0x8B, hi), 1002),
        Arguments.of("opcode 15", frame(0x8F, hi), 1002),
        Arguments.of("fragmented ping", frame(PING, hi), 1002),
        Arguments.of("fragmented close", frame(CLOSE, TransportClient.farewell(1000, "")), 1002),
        Arguments.of("ping of 126 bytes", frame(0x80 | PING, new byte[126]), 1002),
        Arguments.of("close of 126 bytes", frame(0x80 | CLOSE, new byte[126]), 1002),
        Arguments.of("continuation of nothing", frame(0x80 | CONTINUATION, hi), 1002),
        Arguments.of("message in a message", twice(frame(TEXT, hi)), 1002),
        Arguments.of("close of one byte", frame(0x80 | CLOSE, new byte[] {3}), 1002),
        Arguments.of(
            "close with 999", frame(0x80 | CLOSE, TransportClient.farewell(999, "")), 1002),
        Arguments.of(
            "close with 1005", frame(0x80 | CLOSE, TransportClient.farewell(1005, "")), 1002),
        Arguments.of(
            "close with 1006", frame(0x80 | CLOSE, TransportClient.farewell(1006, "")), 1002),
        Arguments.of(
            "close with 1016", frame(0x80 | CLOSE, TransportClient.farewell(1016, "")), 1002),
        Arguments.of(
            "close with 5000", frame(0x80 | CLOSE, TransportClient.farewell(5000, "")), 1002),
        Arguments.of(
            "reason not UTF-8", frame(0x88, new byte[] {3, (byte) 0xE8, (byte) 0xC0}), 1007),
        Arguments.of("binary", frame(0x82, hi), 1003));
  }

  /**
   * Which codes will do where one is right; servers differ in whether a length that cannot be is
   * too big.
   */
  protected List<Integer> acceptable(int code) {
    return List.of(code);
  }

  private static byte[] twice(byte[] bytes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(bytes);
    all.writeBytes(bytes);
    return all.toByteArray();
  }

  @Test
  void aMessageThatIsMuchTooLongEndsTheConnectionButNotOneThatTheEngineCanRefuse()
      throws Exception {
    TransportClient client = joined();
    Guest guest = guest();
    int most = 2 * TransportScript.FRAME_BYTES_MAX;

    client.text("a".repeat(most));
    assertThat(guest.hears()).hasSize(most);
    client.raw(frame(TEXT, "b".repeat(most).getBytes(UTF_8)));
    client.raw(frame(0x80 | CONTINUATION, "c".getBytes(UTF_8)));

    assertThat(client.frame().code()).isEqualTo(1009);
    client.halfClose();
    client.gone();
    guest.isToldClosed();
  }

  // HTTP.

  @Test
  void theEngineSeesARequestAsItCame() throws Exception {
    TransportClient client = connect();
    client.say(
        "GET /a%2Bb/%C3%BC/x+y?q=%41&r=a+b&&s HTTP/1.1",
        "Host: localhost", "X-One: 1", "x-two: a", "X-Two: b", "");
    client.answer();

    ApiRequest asked = engine.asked.take();
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.rawPath()).isEqualTo("/a%2Bb/%C3%BC/x+y");
    assertThat(asked.rawQuery()).isEqualTo("q=%41&r=a+b&&s");
    assertThat(asked.header("X-ONE")).hasValue("1");
    assertThat(asked.header("X-Two"))
        .hasValueSatisfying(v -> assertThat(v.replace(" ", "")).isEqualTo("a,b"));
    assertThat(asked.body()).isEmpty();
    assertThat(asked.peer()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @MethodSource("methodsWithBody")
  void anyMethodMayHaveABody(String method) throws Exception {
    TransportClient client = connect();
    client.say(method + " /x HTTP/1.1", "Host: localhost", "Content-Length: 4", "", "\0\377");

    client.answer();

    ApiRequest asked = engine.asked.take();
    assertThat(asked.method()).isEqualTo(method);
    assertThat(asked.body()).isEqualTo(new byte[] {0, (byte) 0xFF, '\r', '\n'});
  }

  static Stream<String> methodsWithBody() {
    return Stream.of("POST", "PUT", "PATCH", "DELETE");
  }

  @Test
  void aBodyMayComeInChunksAndSlowly() throws Exception {
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked", "");
    client.say("3", "abc");
    client.say("2", "de");
    client.say("0", "");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(new String(engine.asked.take().body(), UTF_8)).isEqualTo("abcde");
  }

  @Test
  void aBodyThatIsAnnouncedTooLargeIsNotWaitedFor() throws Exception {
    engine.answers(
        request ->
            CompletableFuture.completedFuture(
                ApiResponse.empty(request.isBodyTooLarge() ? 413 : 200)));
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 10001", "");

    assertThat(client.answer().status()).isEqualTo(413);
    client.halfClose();
    client.gone();
  }

  @Test
  void aBodyThatTurnsOutTooLargeIsRefused() throws Exception {
    engine.answers(
        request ->
            CompletableFuture.completedFuture(
                ApiResponse.empty(request.isBodyTooLarge() ? 413 : 200)));
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked", "");
    client.say("1388", "x".repeat(5_000));
    client.say("1389", "x".repeat(5_001));

    assertThat(client.answer().status()).isEqualTo(413);
  }

  @Test
  void aBodyOfTheLargestSizePasses() throws Exception {
    TransportClient client = connect();
    client.say(
        "POST /x HTTP/1.1", "Host: localhost", "Content-Length: 10000", "", "x".repeat(9_998));

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(engine.asked.take().body()).hasSize(10_000);
  }

  @Test
  void anAnswerHasItsHeadersItsLengthAndItsBodyAndTheConnectionGoesOn() throws Exception {
    engine.answers(
        ApiResponse.of(201, "application/json", "{}".getBytes(UTF_8)).with("X-More", "1"));
    TransportClient client = connect();
    for (int i = 0; i < 3; i++) {
      client.say("GET /x HTTP/1.1", "Host: localhost", "");

      TransportClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.headers())
          .containsAllEntriesOf(
              Map.of("content-type", "application/json", "x-more", "1", "content-length", "2"));
      assertThat(answer.text()).isEqualTo("{}");
    }
  }

  @Test
  void anAnswerMayTakeItsTime() throws Exception {
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    engine.answers(request -> later);
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "");
    TransportScript.next(engine.asked);

    later.complete(ApiResponse.text(200, "later"));

    assertThat(client.answer().text()).isEqualTo("later");
  }

  @Test
  void aHeadRequestIsAnsweredLikeAGetWithoutTheBody() throws Exception {
    TransportClient client = connect();
    client.say("HEAD /x HTTP/1.1", "Host: localhost", "");
    assertThat(client.head().header("content-length")).isEqualTo("2");

    client.say("GET /x HTTP/1.1", "Host: localhost", "");
    assertThat(client.answer().text()).isEqualTo("ok");
    assertThat(engine.asked.take().method()).isEqualTo("GET");
  }

  @Test
  void anEngineThatFailsIsNotShownToTheClient() throws Exception {
    engine.answers(request -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("{\"error\":\"internal_error\"}");
  }

  @Test
  void anEngineThatThrowsIsNotShownToTheClient() throws Exception {
    engine.answers(
        request -> {
          throw new IllegalStateException("secret");
        });
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "Connection: close", "");

    assertThat(client.rest()).contains("500").contains("internal_error").doesNotContain("secret");
  }

  // What became of an answer.

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 5_000_000})
  void anAnswerThatHasLeftIsToldToHaveLeft(int size) throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    engine.answers(ApiResponse.text(200, "x".repeat(size)).telling(told::add));
    TransportClient client = connect();
    for (int i = 0; i < 2; i++) {
      client.say("GET /x HTTP/1.1", "Host: localhost", "");

      assertThat(client.answer().body()).hasSize(size);
      assertThat(TransportScript.next(told)).isTrue();
    }
    assertThat(told).as("told once").isEmpty();
  }

  @Test
  void anAnswerWithoutABodyIsToldToHaveLeft() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    engine.answers(ApiResponse.empty(204).telling(told::add));
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "");

    assertThat(client.head().status()).isEqualTo(204);
    assertThat(TransportScript.next(told)).isTrue();
  }

  @Test
  void anAnswerToAClientThatIsGoneIsToldToBeLost() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    engine.answers(request -> later);
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 2", "", "");
    TransportScript.next(engine.asked);

    client.vanish();
    later.complete(ApiResponse.text(201, "ok").telling(told::add));

    assertThat(TransportScript.next(told)).isFalse();
    assertThat(told).as("told once").isEmpty();
  }

  @Test
  void anAnswerThatIsCutInTheMiddleIsToldToBeLost() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    engine.answers(ApiResponse.text(200, "x".repeat(20_000_000)).telling(told::add));
    TransportClient client = TransportClient.narrow(port());
    client.say("GET /x HTTP/1.1", "Host: localhost", "");
    client.head();

    client.vanish();

    assertThat(TransportScript.next(told)).isFalse();
  }

  @Test
  void aClientThatGoesWhileItsBodyIsReadLeavesNothingBehind() throws Exception {
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 100", "", "half");
    client.vanish();

    TransportClient next = connect();
    next.say("GET /x HTTP/1.1", "Host: localhost", "");
    assertThat(next.answer().status()).isEqualTo(200);
    assertThat(engine.asked.take().method()).isEqualTo("GET");
  }

  // Streams.

  @Test
  void aStreamsHeadComesBeforeItsFirstEvent() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");

    TransportClient.Answer head = client.head();
    guest();

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-type")).isEqualTo("text/event-stream");
    assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
  }

  @Test
  void eventsOfAStreamArriveAtOnceAndInOrderUntilItIsClosed() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();
    Guest guest = guest();

    TransportScript.wait(guest.sends(events("1")));
    assertThat(client.chunk()).isEqualTo("data: 1\n\n");
    TransportScript.wait(guest.sends(events("2"), events("3", "4")));
    StringBuilder more = new StringBuilder();
    while (more.length() < 27) {
      more.append(client.chunk());
    }
    assertThat(more.toString()).isEqualTo("data: 2\n\ndata: 3\n\ndata: 4\n\n");
    guest.socket.ping();
    guest.socket.close(1000, "done");
    assertThat(client.chunk()).isEmpty();
    guest.isToldClosed();
    assertThat(TransportScript.wait(guest.sends(events("late")))).isFalse();
  }

  @Test
  void aStreamWhoseClientHasGoneIsOver() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();
    Guest guest = guest();

    client.vanish();

    while (TransportScript.wait(guest.sends(events("anybody?")))) {
      Thread.onSpinWait(); // until the kernel has noticed
    }
    guest.isToldClosed();
  }

  @Test
  void aStreamCanBeAborted() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("GET /stream HTTP/1.1", "Host: localhost", "");
    client.head();
    Guest guest = guest();

    guest.socket.abort();

    client.bodyEnds(); // whether or not the server can close what it shares with later requests
    guest.isToldClosed();
  }

  @Test
  void aHeadRequestOpensNoStream() throws Exception {
    engine.answers(engine.stream());
    TransportClient client = connect();
    client.say("HEAD /stream HTTP/1.1", "Host: localhost", "Connection: close", "");

    assertThat(client.head().header("content-type")).isEqualTo("text/event-stream");
    client.gone();
    assertThat(engine.came).isEmpty();
  }
}
