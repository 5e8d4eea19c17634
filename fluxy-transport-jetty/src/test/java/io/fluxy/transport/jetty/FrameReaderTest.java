package io.fluxy.transport.jetty;

import static io.fluxy.connection.TransportClient.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  /** Remembers. */
  private static final class Heard implements FrameReader.Sink {
    final List<String> all = new ArrayList<>();

    @Override
    public void text(byte[] message) {
      all.add("text " + new String(message, UTF_8));
    }

    @Override
    public void ping(byte[] payload) {
      all.add("ping " + new String(payload, UTF_8));
    }

    @Override
    public void pong(byte[] payload) {
      all.add("pong" + new String(payload, UTF_8));
    }

    @Override
    public void farewell(byte[] payload) {
      all.add("farewell " + payload.length);
    }
  }

  @Test
  void theSameIsHeardHoweverTheBytesAreCut() throws Exception {
    Random chance = new Random(7);
    for (int run = 0; run < 500; run++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      List<String> said = conversation(chance, bytes);
      FrameReader reader = new FrameReader(1_000_000);
      Heard heard = new Heard();
      ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
      int most = 1 + chance.nextInt(300);
      while (all.hasRemaining()) {
        int count = Math.min(all.remaining(), 1 + chance.nextInt(most));
        reader.read(all.slice(all.position(), count), heard);
        all.position(all.position() + count);
      }
      assertThat(heard.all).isEqualTo(said);
    }
  }

  private static List<String> conversation(Random chance, ByteArrayOutputStream bytes) {
    List<String> said = new ArrayList<>();
    for (int i = chance.nextInt(10); i >= 0; i--) {
      StringBuilder text = new StringBuilder();
      List<String> between = new ArrayList<>();
      int fragments = 1 + chance.nextInt(4);
      for (int f = 0; f < fragments; f++) {
        String part = "x".repeat(chance.nextInt(chance.nextInt(10) == 0 ? 70_000 : 200));
        text.append(part);
        bytes.writeBytes(frame((f == fragments - 1 ? 0x80 : 0) | (f == 0 ? 1 : 0), bytes(part)));
        if (f < fragments - 1 && chance.nextBoolean()) {
          bytes.writeBytes(frame(0x89, bytes("p" + f)));
          between.add("ping p" + f);
        }
      }
      said.addAll(between);
      said.add("text " + text);
    }
    bytes.writeBytes(frame(0x8A, bytes("")));
    said.add("pong");
    bytes.writeBytes(frame(0x88, new byte[] {3, (byte) 0xE8, 'o', 'k'}));
    said.add("farewell 4");
    return said;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void nothingIsReadBehindAFarewell() throws Exception {
    Heard heard = new Heard();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(frame(0x88, new byte[0]));
    bytes.writeBytes(frame(0x81, bytes("too late")));

    new FrameReader(100).read(ByteBuffer.wrap(bytes.toByteArray()), heard);

    assertThat(heard.all).containsExactly("farewell 0");
  }

  @Test
  void anyNonsenseIsRefusedOrHeardAndNothingWorse() {
    Random chance = new Random(11);
    int refused = 0;
    for (int run = 0; run < 20_000; run++) {
      byte[] nonsense = new byte[1 + chance.nextInt(60)];
      chance.nextBytes(nonsense);
      try {
        new FrameReader(10_000).read(ByteBuffer.wrap(nonsense), new Heard());
      } catch (FrameReader.Violation e) {
        refused++;
        assertThat(e.code).isIn(1002, 1003, 1007, 1009);
      }
    }
    assertThat(refused).isGreaterThan(15_000);
  }

  @Test
  void theLengthOfAllFragmentsCounts() throws Exception {
    FrameReader reader = new FrameReader(10);
    reader.read(ByteBuffer.wrap(frame(1, bytes("123456"))), new Heard());

    assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(frame(0, bytes("78901"))), new Heard()))
        .hasMessage("message longer than 10 bytes");
  }
}
