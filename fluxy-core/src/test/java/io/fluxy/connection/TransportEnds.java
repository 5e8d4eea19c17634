package io.fluxy.connection;

import static io.fluxy.connection.TransportClient.CLOSE;
import static io.fluxy.connection.TransportClient.frame;
import static io.fluxy.connection.TransportScript.frames;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.connection.TransportScript.Guest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every transport does with the end of a WebSocket; part of {@link TransportContract}. */
abstract class TransportEnds extends TransportStories {
  TransportEnds(TransportContract suite) {
    super(suite);
  }

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

    server().stop();

    for (Guest guest : all) {
      guest.isToldClosed();
    }
  }
}
