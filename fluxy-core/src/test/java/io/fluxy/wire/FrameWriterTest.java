package io.fluxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameWriterTest {
  private static Frames webSocket(Json.Writing... texts) {
    return written(Codec.Framing.WEBSOCKET, texts);
  }

  private static Frames written(Codec.Framing framing, Json.Writing... texts) {
    FrameWriter out = new FrameWriter(framing);
    for (Json.Writing text : texts) {
      out.frame(text);
    }
    return out.frames();
  }

  private static byte[] bytes(Frames frames) {
    byte[] bytes = new byte[frames.size()];
    frames.bytes().get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer).toString();
  }

  /** A JSON string of so many bytes, quotes included. */
  private static Json.Writing ofLength(int length) {
    return json -> json.writeRawValue(length == 0 ? "" : "\"" + "x".repeat(length - 2) + "\"");
  }

  /** RFC 6455, 5.2: a final text frame without a mask. */
  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "2, 8102",
    "125, 817d",
    "126, 817e007e",
    "127, 817e007f",
    "255, 817e00ff",
    "256, 817e0100",
    "65535, 817effff",
    "65536, 817f0000000000010000",
    "65537, 817f0000000000010001",
    "1000000, 817f00000000000f4240",
  })
  void aFramesHeaderTellsItsLength(int length, String header) {
    byte[] bytes = bytes(webSocket(ofLength(length)));
    int headerLength = header.length() / 2;

    assertThat(HexFormat.of().formatHex(bytes, 0, headerLength)).isEqualTo(header);
    assertThat(bytes).hasSize(headerLength + length);
    if (length > 0) {
      assertThat(bytes[headerLength]).isEqualTo((byte) '"');
      assertThat(bytes[bytes.length - 1]).isEqualTo((byte) '"');
    }
  }

  @Test
  void framesFollowEachOtherInOneArray() {
    Frames frames = webSocket(json -> json.writeNumber(1), ofLength(126), ofLength(65_536));

    assertThat(frames.size()).isEqualTo(3 + 130 + 65_546);
    assertThat(frames.texts()).hasSize(3);
    assertThat(text(frames.texts().get(0))).isEqualTo("1");
    assertThat(frames.texts().get(1).remaining()).isEqualTo(126);
    assertThat(frames.texts().get(2).remaining()).isEqualTo(65_536);
    assertThat(frames.isEmpty()).isFalse();
  }

  @Test
  void manyFramesFit() {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      out.frame(json -> json.writeNumber(number));
    }
    Frames frames = out.frames();

    assertThat(frames.texts()).hasSize(10_000);
    assertThat(text(frames.texts().get(9_999))).isEqualTo("9999");
  }

  @Test
  void anEventStreamsFrameIsADataLineAndAnEmptyLine() {
    Frames frames =
        written(
            Codec.Framing.EVENT_STREAM,
            json -> json.writeString("a\nb\r\n\ndata: x"),
            json -> json.writeNull());

    assertThat(new String(bytes(frames), StandardCharsets.UTF_8))
        .isEqualTo("data: \"a\\nb\\r\\n\\ndata: x\"\n\ndata: null\n\n");
    assertThat(frames.texts().stream().map(FrameWriterTest::text))
        .containsExactly("\"a\\nb\\r\\n\\ndata: x\"", "null");
  }

  @Test
  void nothingWrittenIsNothing() {
    Frames none = webSocket();

    assertThat(none.isEmpty()).isTrue();
    assertThat(none.size()).isZero();
    assertThat(none.texts()).isEmpty();
  }

  @Test
  void framesDoNotChangeWhenTheWriterGoesOn() {
    FrameWriter out = new FrameWriter(Codec.Framing.WEBSOCKET);
    out.frame(json -> json.writeNumber(1));
    Frames first = out.frames();
    out.frame(json -> json.writeNumber(2));

    assertThat(first.texts()).hasSize(1);
    assertThat(out.frames().texts()).hasSize(2);
  }

  @Test
  void everyoneReadsTheSharedBytesFromTheStart() {
    Frames frames = webSocket(json -> json.writeNumber(1));
    ByteBuffer mine = frames.bytes();
    mine.position(mine.limit());

    assertThat(frames.bytes().remaining()).isEqualTo(3);
  }

  @Test
  void rawBytesAreCopiedAndAreNoText() {
    byte[] comment = ": heartbeat\n\n".getBytes(StandardCharsets.UTF_8);
    Frames frames = Frames.raw(comment);
    Arrays.fill(comment, (byte) 0);

    assertThat(new String(bytes(frames), StandardCharsets.UTF_8)).isEqualTo(": heartbeat\n\n");
    assertThat(frames.texts()).isEmpty();
  }

  @Test
  void emojiAndControlsArriveAsTheyWere() {
    String odd = "💥 é \u0001 \u2028 \u007f \" \\ /";
    Frames frames = webSocket(json -> json.writeStartObject(), json -> json.writeString(odd));
    byte[] object =
        ("{\"x\":" + text(frames.texts().get(1)) + "}").getBytes(StandardCharsets.UTF_8);

    assertThat(Json.object(object)).containsEntry("x", odd);
  }
}
