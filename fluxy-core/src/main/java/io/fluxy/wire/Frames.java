package io.fluxy.wire;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.List;

/** Some frames of one codec, encoded: shared by all sockets of that codec, never changed. */
public final class Frames {
  private final byte[] bytes;
  private final int size;
  private final int[] texts;
  private final int count;

  /**
   * @param bytes all frames, in the first {@code size} of them
   * @param texts where the text of each of {@code count} frames begins and ends
   */
  Frames(byte[] bytes, int size, int[] texts, int count) {
    this.bytes = bytes;
    this.size = size;
    this.texts = texts;
    this.count = count;
  }

  /** Bytes that are no text frame, such as a comment in an event stream. */
  public static Frames raw(byte[] bytes) {
    return new Frames(bytes.clone(), bytes.length, new int[0], 0);
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
}
