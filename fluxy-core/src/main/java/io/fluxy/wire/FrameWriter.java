package io.fluxy.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects JSON texts as frames, one after the other, in one array. For one thread. */
public final class FrameWriter {
  private static final int FIN_TEXT = 0x81;
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};
  private static final int SHORT_MAX = 125;
  private static final int MEDIUM_MAX = 65_535;
  private static final int MEDIUM_HEADER = 4;

  private final Codec.Framing framing;
  private final Payload payload = new Payload();
  private byte[] bytes = new byte[1_024];
  private int size;
  private int[] texts = new int[4]; // start and end of each payload
  private int bounds;

  public FrameWriter(Codec.Framing framing) {
    this.framing = framing;
  }

  /** Adds one frame that holds what {@code json} writes. */
  public void frame(Json.Writing json) {
    if (framing == Codec.Framing.WEBSOCKET) {
      int start = size;
      room(MEDIUM_HEADER);
      size += MEDIUM_HEADER; // most frames are of medium length; the others are moved
      write(json);
      header(start, size - start - MEDIUM_HEADER);
    } else {
      payload.write(DATA, 0, DATA.length);
      int start = size;
      write(json);
      text(start);
      payload.write('\n');
      payload.write('\n');
    }
  }

  /** How many frames there are. */
  public int count() {
    return bounds / 2;
  }

  /**
   * Names the last frame, for clients that come back and say what they heard last; event streams
   * only.
   */
  public void id(long seq) {
    if (framing == Codec.Framing.WEBSOCKET) {
      return;
    }
    byte[] line = ("id: " + seq + "\n").getBytes(StandardCharsets.US_ASCII);
    int start = texts[bounds - 2] - DATA.length;
    room(line.length);
    System.arraycopy(bytes, start, bytes, start + line.length, size - start);
    System.arraycopy(line, 0, bytes, start, line.length);
    size += line.length;
    texts[bounds - 2] += line.length;
    texts[bounds - 1] += line.length;
  }

  /** What has been collected, without a copy: the last call. Empty frames if nothing was. */
  public Frames frames() {
    return new Frames(bytes, size, texts, bounds / 2);
  }

  private void write(Json.Writing json) {
    try (JsonGenerator generator = Json.generator(payload)) {
      json.to(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
  }

  /** Puts an RFC 6455 header in front of a payload that begins {@link #MEDIUM_HEADER} after it. */
  private void header(int start, int length) {
    int header = length <= SHORT_MAX ? 2 : length <= MEDIUM_MAX ? MEDIUM_HEADER : 10;
    if (header != MEDIUM_HEADER) {
      room(header);
      System.arraycopy(bytes, start + MEDIUM_HEADER, bytes, start + header, length);
      size = start + header + length;
    }
    bytes[start] = (byte) FIN_TEXT;
    if (header == 2) {
      bytes[start + 1] = (byte) length;
    } else if (header == MEDIUM_HEADER) {
      bytes[start + 1] = 126;
      bytes[start + 2] = (byte) (length >> 8);
      bytes[start + 3] = (byte) length;
    } else {
      bytes[start + 1] = 127;
      for (int i = 0; i < 8; i++) {
        bytes[start + 2 + i] = (byte) ((long) length >> (56 - 8 * i));
      }
    }
    text(start + header);
  }

  private void text(int start) {
    if (bounds == texts.length) {
      texts = Arrays.copyOf(texts, bounds * 2);
    }
    texts[bounds++] = start;
    texts[bounds++] = size;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  /** The end of the array, for a generator to write to. */
  private final class Payload extends OutputStream {
    @Override
    public void write(int b) {
      room(1);
      bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      room(length);
      System.arraycopy(from, offset, bytes, size, length);
      size += length;
    }
  }
}
