package io.fluxy.connection;

import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What to do with a request for a WebSocket: refuse it before the upgrade, or upgrade and open it.
 */
public final class Handshake {
  private final @Nullable ApiResponse refusal;
  private final @Nullable Function<Socket, Socket.Listener> opening;

  private final @Nullable String subprotocol;

  private Handshake(
      @Nullable ApiResponse refusal,
      @Nullable Function<Socket, Socket.Listener> opening,
      @Nullable String subprotocol) {
    this.refusal = refusal;
    this.opening = opening;
    this.subprotocol = subprotocol;
  }

  /** The upgrade is refused with this answer. */
  public static Handshake refuse(ApiResponse answer) {
    return new Handshake(answer, null, null);
  }

  /** The upgrade is fine; {@code opening} is called once it is done. */
  public static Handshake accept(Function<Socket, Socket.Listener> opening) {
    return new Handshake(null, opening, null);
  }

  /**
   * The upgrade is made only to say why there will be no conversation, for clients that understand
   * no other answer: the words are written, then the socket is closed; what it says is not heard.
   */
  public static Handshake turnAway(Frames words, int closeCode, String reason) {
    return accept(
        socket -> {
          socket.send(
              List.of(words),
              ok -> {
                if (ok) {
                  socket.close(closeCode, reason);
                } else {
                  socket.abort();
                }
              });
          return new Deaf();
        });
  }

  /** Whom a client that was turned away may tell what it likes. */
  private static final class Deaf implements Socket.Listener {
    @Override
    public void text(byte[] bytes) {}

    @Override
    public void pong() {}

    @Override
    public void closed() {}
  }

  /** The same, in one of the subprotocols that the client has offered. */
  public Handshake in(String chosen) {
    return new Handshake(refusal, opening, chosen);
  }

  /** What to answer as Sec-WebSocket-Protocol; null for no such header. */
  public @Nullable String subprotocol() {
    return subprotocol;
  }

  /** The answer to refuse with, or null to go on with the upgrade. */
  public @Nullable ApiResponse refusal() {
    return refusal;
  }

  /**
   * Hands over the upgraded socket; called once, when it can be written to.
   *
   * @return whom to tell what the client does
   */
  public Socket.Listener open(Socket socket) {
    if (opening == null) {
      throw new IllegalStateException("a refused handshake has no socket");
    }
    return opening.apply(socket);
  }
}
