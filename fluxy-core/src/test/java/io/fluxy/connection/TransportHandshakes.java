package io.fluxy.connection;

import static io.fluxy.connection.TransportScript.frames;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.connection.TransportScript.Guest;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every transport does with a handshake; part of {@link TransportContract}. */
abstract class TransportHandshakes extends TransportStories {
  TransportHandshakes(TransportContract suite) {
    super(suite);
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
}
