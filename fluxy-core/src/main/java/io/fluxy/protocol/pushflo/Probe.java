package io.fluxy.protocol.pushflo;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The payload of a ping that asks a socket whether it is still there, since somebody has come who
 * may be the same. A pong repeats it, so it says which newcomer the socket has met. Longer than a
 * {@link Cursor}'s mark by its first byte.
 */
final class Probe {
  private static final byte FIRST = '?';

  private Probe() {}

  /**
   * @param newcomer the number of the socket that has come
   */
  static byte[] of(long newcomer) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(FIRST).putLong(newcomer).array();
  }

  /** Which newcomer's question a pong answers; empty if it answers something else. */
  static OptionalLong newcomer(ByteBuffer payload) {
    int at = payload.position();
    return payload.remaining() == 1 + Long.BYTES && payload.get(at) == FIRST
        ? OptionalLong.of(payload.getLong(at + 1))
        : OptionalLong.empty();
  }
}
