package io.fluxy.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some frames of one codec, encoded: shared by all sockets of that codec, never changed. */
public final class Frames {
  private static final byte FIN_PING = (byte) 0x89;
  private static final int PING_HEADER = 2;
  private static final int PING_BYTES_MAX = 125;

  private final byte[] bytes;
  private final int size;
  private final int[] texts;
  private final int count;
  private final boolean isPing;
  private @Nullable List<String> strings; // an immutable list: a race costs at most a decoding

  /**
   * @param bytes all frames, in the first {@code size} of them
   * @param texts where the text of each of {@code count} frames begins and ends
   */
  Frames(byte[] bytes, int size, int[] texts, int count) {
    this(bytes, size, texts, count, false);
  }

  private Frames(byte[] bytes, int size, int[] texts, int count, boolean isPing) {
    this.isPing = isPing;
    this.bytes = bytes;
    this.size = size;
    this.texts = texts;
    this.count = count;
  }

  /** Bytes that are no text frame, such as a comment in an event stream. */
  public static Frames raw(byte[] bytes) {
    return new Frames(bytes.clone(), bytes.length, new int[0], 0);
  }

  /**
   * A ping between text frames, for WebSockets: whoever answers it has received all that was sent
   * before it.
   *
   * @param payload at most 125 bytes, which the answer repeats
   */
  public static Frames ping(byte[] payload) {
    if (payload.length > PING_BYTES_MAX) {
      throw new IllegalArgumentException("a ping has at most 125 bytes: " + payload.length);
    }
    byte[] frame = new byte[PING_HEADER + payload.length];
    frame[0] = FIN_PING;
    frame[1] = (byte) payload.length;
    System.arraycopy(payload, 0, frame, PING_HEADER, payload.length);
    return new Frames(frame, frame.length, new int[0], 0, true);
  }

  /** The payload, if this is a {@link #ping} and no text. */
  public @Nullable ByteBuffer pinging() {
    return isPing ? ByteBuffer.wrap(bytes, PING_HEADER, size - PING_HEADER).slice() : null;
  }

  /** The bytes to write as they are, framing included. A view of its own for every caller. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /** How many bytes {@link #bytes()} has. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The UTF-8 text of each frame without framing, for transports that frame by themselves. */
  public List<ByteBuffer> texts() {
    return new AbstractList<>() {
      @Override
      public ByteBuffer get(int index) {
        int start = texts[2 * index];
        return ByteBuffer.wrap(bytes, start, texts[2 * index + 1] - start);
      }

      @Override
      public int size() {
        return count;
      }
    };
  }

  /**
   * The text of each frame, for servers that take nothing but strings; decoded by the first call
   * and shared like the bytes.
   */
  public List<String> strings() {
    List<String> known = strings;
    if (known == null) {
      String[] decoded = new String[count];
      for (int i = 0; i < count; i++) {
        int start = texts[2 * i];
        decoded[i] = new String(bytes, start, texts[2 * i + 1] - start, StandardCharsets.UTF_8);
      }
      known = List.of(decoded);
      strings = known;
    }
    return known;
  }
}
