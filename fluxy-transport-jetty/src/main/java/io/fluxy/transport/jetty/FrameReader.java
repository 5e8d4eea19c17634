package io.fluxy.transport.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the bytes of a client apart into messages and control frames, as RFC 6455 has them, without
 * extensions. Text is not checked for UTF-8. For one thread.
 */
final class FrameReader {
  /** Hears what was read. */
  interface Sink {
    void text(byte[] message);

    void ping(byte[] payload);

    void pong(byte[] payload);

    /**
     * The client says goodbye; nothing it sends from now on counts.
     *
     * @param payload its code and reason, valid, or empty
     */
    void farewell(byte[] payload);
  }

  /** The client broke the rules. */
  static final class Violation extends Exception {
    final int code;
    final String reason;

    Violation(int code, String reason) {
      super(reason, null, false, false);
      this.code = code;
      this.reason = reason;
    }
  }

  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FRAGMENTS_MAX = 1_000;
  private static final byte[] NONE = new byte[0];

  private final long messageBytesMax;
  private final byte[] head = new byte[14]; // flags, length, up to 8 bytes of longer length, mask
  private int headSize;
  private int headNeeded = 2;
  private int missing; // bytes of the frame's payload that have not come yet
  private int taken; // bytes of it that have
  private byte[] control = NONE;
  private byte[] message = NONE;
  private int messageSize;
  private int fragments; // frames of the message under way; 0 if none is

  FrameReader(long messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
  }

  /** Reads all of it. After a violation or a farewell, no more may be read. */
  void read(ByteBuffer bytes, Sink sink) throws Violation {
    while (bytes.hasRemaining()) {
      if (headSize < headNeeded) {
        readHead(bytes);
      } else {
        readPayload(bytes);
      }
      if (headSize == headNeeded && missing == 0) {
        headSize = 0;
        headNeeded = 2;
        if (deliver(sink)) {
          return;
        }
      }
    }
  }

  private void readHead(ByteBuffer bytes) throws Violation {
    while (headSize < headNeeded && bytes.hasRemaining()) {
      head[headSize++] = bytes.get();
      if (headSize == 2) {
        checkFlags();
        int length = head[1] & 0x7F;
        headNeeded = 6 + (length == 127 ? 8 : length == 126 ? 2 : 0);
      }
    }
    if (headSize == headNeeded) {
      begin(payloadLength());
    }
  }

  private void checkFlags() throws Violation {
    if ((head[0] & 0x70) != 0) {
      throw new Violation(1002, "reserved bit set");
    }
    if ((head[1] & 0x80) == 0) {
      throw new Violation(1002, "frame not masked");
    }
    switch (opcode()) {
      case CLOSE, PING, PONG -> {
        if (!fin() || (head[1] & 0x7F) > 125) {
          throw new Violation(1002, "control frame too long or fragmented");
        }
      }
      case TEXT -> {
        if (fragments > 0) {
          throw new Violation(1002, "message within a message");
        }
      }
      case CONTINUATION -> {
        if (fragments == 0) {
          throw new Violation(1002, "continuation of nothing");
        }
      }
      case BINARY -> throw new Violation(1003, "text only");
      default -> throw new Violation(1002, "unknown opcode");
    }
  }

  private long payloadLength() throws Violation {
    long length = head[1] & 0x7F;
    if (length >= 126) {
      length = 0;
      for (int i = 2; i < headNeeded - 4; i++) {
        length = length << 8 | (head[i] & 0xFF);
      }
    }
    if (length < 0) {
      throw new Violation(1002, "length out of range");
    }
    return length;
  }

  private void begin(long length) throws Violation {
    taken = 0;
    if (isControl()) {
      control = length == 0 ? NONE : new byte[(int) length];
    } else {
      if (messageSize + length > messageBytesMax || messageSize + length < 0) {
        throw new Violation(1009, "message longer than " + messageBytesMax + " bytes");
      }
      if (++fragments > FRAGMENTS_MAX) {
        throw new Violation(1008, "message of more than " + FRAGMENTS_MAX + " fragments");
      }
    }
    missing = (int) length;
  }

  private void readPayload(ByteBuffer bytes) {
    int count = Math.min(missing, bytes.remaining());
    if (isControl()) {
      bytes.get(control, taken, count);
      unmask(control, taken, count);
    } else {
      makeRoom(count);
      bytes.get(message, messageSize, count);
      unmask(message, messageSize, count);
      messageSize += count;
    }
    missing -= count;
    taken += count;
  }

  /** Room for what is here, not for what was announced: memory has to be earned by sending. */
  private void makeRoom(int count) {
    if (messageSize + count > message.length) {
      int whole = messageSize + missing;
      message =
          Arrays.copyOf(
              message, Math.min(whole, Math.max(messageSize + count, 2 * message.length)));
    }
  }

  private void unmask(byte[] in, int from, int count) {
    for (int i = 0; i < count; i++) {
      in[from + i] ^= head[headNeeded - 4 + (taken + i & 3)];
    }
  }

  /** Returns whether it was the last frame. */
  private boolean deliver(Sink sink) throws Violation {
    switch (opcode()) {
      case PING -> sink.ping(control);
      case PONG -> sink.pong(control);
      case CLOSE -> {
        checkFarewell();
        sink.farewell(control);
        return true;
      }
      default -> {
        if (fin()) {
          byte[] whole =
              messageSize == message.length ? message : Arrays.copyOf(message, messageSize);
          message = NONE;
          messageSize = 0;
          fragments = 0;
          sink.text(whole);
        }
      }
    }
    return false;
  }

  private void checkFarewell() throws Violation {
    if (control.length == 0) {
      return;
    }
    int code = control.length == 1 ? 0 : (control[0] & 0xFF) << 8 | (control[1] & 0xFF);
    boolean known = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
    if (!known && (code < 3000 || code > 4999)) {
      throw new Violation(1002, "not a close code");
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(control, 2, control.length - 2));
    } catch (CharacterCodingException e) {
      throw new Violation(1007, "reason is not UTF-8");
    }
  }

  private int opcode() {
    return head[0] & 0x0F;
  }

  private boolean fin() {
    return head[0] < 0;
  }

  private boolean isControl() {
    return opcode() >= CLOSE;
  }
}
