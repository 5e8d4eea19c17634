package io.fluxy.connection;

import io.fluxy.chat.Farewell;
import io.fluxy.wire.Frames;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How one protocol talks over one connection. Calls come one at a time. */
public interface Conversation {
  /** The connection is open; the first call. */
  void opened(Connection connection);

  /** A text message came: bytes that may not be UTF-8. */
  void text(Connection connection, byte[] bytes);

  /**
   * A pong came: all that was sent before its ping has arrived.
   *
   * @param payload what that ping said; empty for nothing
   */
  default void pong(Connection connection, ByteBuffer payload) {}

  /** The client closes of its own accord, with this code; 1005 stands for none. */
  default void goodbye(int code) {}

  /** It is over; the last call. */
  void closed(Connection connection);

  /** This protocol's close code for a farewell. */
  int closeCode(Farewell farewell);

  /** What to send right before it ends; null if the close code says all. */
  default @Nullable Frames lastWords(Farewell farewell) {
    return null;
  }

  /**
   * What to send now and then to a client that never says anything; null if it has to answer pings.
   */
  default @Nullable Frames heartbeat() {
    return null;
  }
}
