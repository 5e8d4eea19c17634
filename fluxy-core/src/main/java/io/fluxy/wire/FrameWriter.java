package io.fluxy.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Collects JSON texts as frames, one after the other, in one array. For one thread. */
public final class FrameWriter {
  private static final int FIN_TEXT = 0x81;
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};

  private final Codec.Framing framing;
  private final Payload payload = new Payload();
  private byte[] bytes = new byte[512];
  private int size;
  private int[] texts = new int[4]; // start and end of each payload
  private int bounds;

  public FrameWriter(Codec.Framing framing) {
    this.framing = framing;
  }

  /** Adds one frame that holds what {@code json} writes. */
  public void frame(Json.Writing json) {
    payload.reset();
    try (JsonGenerator generator = Json.generator(payload)) {
      json.to(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    if (framing == Codec.Framing.WEBSOCKET) {
      webSocketHeader(payload.size());
      text();
    } else {
      append(DATA, DATA.length);
      text();
      room(2);
      bytes[size++] = '\n';
      bytes[size++] = '\n';
    }
  }

  /** What has been collected; empty frames if nothing was. */
  public Frames frames() {
    return new Frames(Arrays.copyOf(bytes, size), Arrays.copyOf(texts, bounds));
  }

  private void webSocketHeader(int length) {
    room(10);
    bytes[size++] = (byte) FIN_TEXT;
    if (length < 126) {
      bytes[size++] = (byte) length;
    } else if (length < 65_536) {
      bytes[size++] = 126;
      bytes[size++] = (byte) (length >> 8);
      bytes[size++] = (byte) length;
    } else {
      bytes[size++] = 127;
      for (int shift = 56; shift >= 0; shift -= 8) {
        bytes[size++] = (byte) ((long) length >> shift);
      }
    }
  }

  private void text() {
    if (bounds == texts.length) {
      texts = Arrays.copyOf(texts, bounds * 2);
    }
    texts[bounds++] = size;
    append(payload.array(), payload.size());
    texts[bounds++] = size;
  }

  private void append(byte[] from, int length) {
    room(length);
    System.arraycopy(from, 0, bytes, size, length);
    size += length;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  /** A byte array stream that lends its array. */
  private static final class Payload extends ByteArrayOutputStream {
    Payload() {
      super(512);
    }

    byte[] array() {
      return buf;
    }
  }
}
