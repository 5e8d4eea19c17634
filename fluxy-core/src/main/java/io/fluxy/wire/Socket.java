package io.fluxy.wire;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a transport gives us of one client: a WebSocket, or the streaming body of an HTTP response.
 * The engine calls {@link #send} from one thread at a time and never before the last one has been
 * {@link Sent}; the other methods may come at any time, from any thread. No method blocks.
 */
public interface Socket {
  /**
   * Writes all frames in order, in one network write where the server can. Among texts there may be
   * {@link Frames#pinging pings}.
   *
   * @param sent called once, on any thread, perhaps before this method returns
   */
  void send(List<Frames> frames, Sent sent);

  /** Sends a ping, if this kind of socket has pings; at most one waits to be sent. */
  void ping();

  /**
   * Closes with a code and reason once the write under way, if any, is done; {@link
   * Listener#closed} follows.
   */
  void close(int code, String reason);

  /** Closes at once, whatever is being written; {@link Listener#closed} follows. */
  void abort();

  /** Hears that a write is over. */
  interface Sent {
    /**
     * The write is over.
     *
     * @param ok false if the bytes may not have left: the socket is of no more use
     */
    void sent(boolean ok);
  }

  /** What a client does, told by the transport: one call at a time, in order. */
  interface Listener {
    /** A whole text message came. Not checked for UTF-8. */
    void text(byte[] bytes);

    /** A pong came, or any other sign of life that is no text. */
    void pong();

    /** The same, of a transport that knows what the pong says. */
    default void pong(ByteBuffer payload) {
      pong();
    }

    /**
     * The client closes, without having been asked to; {@link #closed} follows. Not called if the
     * connection was cut.
     *
     * @param code as it says; 1005, or 1000 from some servers, if it says none
     */
    default void goodbye(int code) {}

    /** It is over, for whatever reason. The last call. */
    void closed();
  }
}
