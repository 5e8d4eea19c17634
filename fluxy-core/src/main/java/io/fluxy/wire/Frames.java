package io.fluxy.wire;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.List;

/** Some frames of one codec, encoded: shared by all sockets of that codec, never changed. */
public final class Frames {
  private final byte[] bytes;
  private final int[] texts;

  Frames(byte[] bytes, int[] texts) {
    this.bytes = bytes;
    this.texts = texts;
  }

  /** Bytes that are no text frame, such as a comment in an event stream. */
  public static Frames raw(byte[] bytes) {
    return new Frames(bytes.clone(), new int[0]);
  }

  /** The bytes to write as they are, framing included. A view of its own for every caller. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes);
  }

  /** How many bytes {@link #bytes()} has. */
  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
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
        return texts.length / 2;
      }
    };
  }
}
