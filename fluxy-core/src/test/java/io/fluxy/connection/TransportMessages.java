package io.fluxy.connection;

import static io.fluxy.connection.TransportClient.CONTINUATION;
import static io.fluxy.connection.TransportClient.PING;
import static io.fluxy.connection.TransportClient.PONG;
import static io.fluxy.connection.TransportClient.TEXT;
import static io.fluxy.connection.TransportClient.frame;
import static io.fluxy.connection.TransportScript.frames;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.connection.TransportScript.Guest;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every transport does with messages and signs of life; part of {@link TransportContract}. */
abstract class TransportMessages extends TransportStories {
  private static final byte[] NOTHING = new byte[0];

  TransportMessages(TransportContract suite) {
    super(suite);
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
}
