package io.fluxy.connection;

import static io.fluxy.connection.TransportClient.CLOSE;
import static io.fluxy.connection.TransportClient.CONTINUATION;
import static io.fluxy.connection.TransportClient.PING;
import static io.fluxy.connection.TransportClient.TEXT;
import static io.fluxy.connection.TransportClient.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.connection.TransportScript.Guest;
import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every transport does with frames against the rules, and with those that are too long; part
 * of {@link TransportContract}.
 */
abstract class TransportLimits extends TransportStories {
  TransportLimits(TransportContract suite) {
    super(suite);
  }

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
}
