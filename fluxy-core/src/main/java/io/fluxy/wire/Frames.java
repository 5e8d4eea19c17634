package io.fluxy.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some frames of one codec, encoded: shared by all sockets of that codec, never changed. */
public final class Frames {
  private static final byte CLOSE = (byte) 0x88; // RFC 6455, section 5.2: FIN and the opcode
  private static final byte PING = (byte) 0x89;
  private static final byte PONG = (byte) 0x8A;
  private static final int CONTROL_HEADER = 2;
  private static final int CONTROL_BYTES_MAX = 125;
  private static final int NO_CODE = 1005;

  private final byte[] bytes;
  private final int size;
  private final int[] texts;
  private final int count;
  private final byte control; // which kind of control frame; 0 for none
  private @Nullable List<String> strings; // an immutable list: a race costs at most a decoding

  /**
   * @param bytes all frames, in the first {@code size} of them
   * @param texts where the text of each of {@code count} frames begins and ends
   */
  Frames(byte[] bytes, int size, int[] texts, int count) {
    this(bytes, size, texts, count, (byte) 0);
  }

  private Frames(byte[] bytes, int size, int[] texts, int count, byte control) {
    this.control = control;
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
    return control(PING, payload);
  }

  /**
   * The answer to a client's ping.
   *
   * @param payload what the ping said, at most 125 bytes
   */
  public static Frames pong(byte[] payload) {
    return control(PONG, payload);
  }

  /**
   * The end of a WebSocket, and the last of its frames.
   *
   * @param code 1005 for a close that says nothing
   * @param reason cut between two characters if it is longer than 123 bytes
   */
  public static Frames close(int code, String reason) {
    if (code == NO_CODE) {
      return control(CLOSE, new byte[0]);
    }
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, CONTROL_BYTES_MAX - 2);
    while (length < text.length && length > 0 && (text[length] & 0xC0) == 0x80) {
      length--; // not within a character
    }
    byte[] payload = new byte[2 + length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, length);
    return control(CLOSE, payload);
  }

  private static Frames control(byte kind, byte[] payload) {
    if (payload.length > CONTROL_BYTES_MAX) {
      throw new IllegalArgumentException("a ping has at most 125 bytes: " + payload.length);
    }
    byte[] frame = new byte[CONTROL_HEADER + payload.length];
    frame[0] = kind;
    frame[1] = (byte) payload.length;
    System.arraycopy(payload, 0, frame, CONTROL_HEADER, payload.length);
    return new Frames(frame, frame.length, new int[0], 0, kind);
  }

  /** The payload, if this is a {@link #ping} and no text. */
  public @Nullable ByteBuffer pinging() {
    return control == PING ? payload().slice() : null;
  }

  /** Whether this is a {@link #close}: nothing follows. */
  public boolean isClose() {
    return control == CLOSE;
  }

  /** The code of a {@link #close}; 1005 if it says none. */
  public int closeCode() {
    return size < CONTROL_HEADER + 2 ? NO_CODE : payload().getShort() & 0xFFFF;
  }

  /** The reason of a {@link #close}, cut to what fits. */
  public String closeReason() {
    int start = Math.min(CONTROL_HEADER + 2, size);
    return new String(bytes, start, size - start, StandardCharsets.UTF_8);
  }

  private ByteBuffer payload() {
    return ByteBuffer.wrap(bytes, CONTROL_HEADER, size - CONTROL_HEADER);
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
