package io.fluxy.connection;

import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a transport's sockets have in common, WebSockets and bodies that go on alike: one write
 * under way, what waits for it, the close and its deadline of five seconds, and a listener that
 * hears one call at a time and {@link Socket.Listener#closed} last. A transport extends it with the
 * calls of its server:
 *
 * <ul>
 *   <li>{@link #write}, {@link #cut} and {@link #after} are asked of the server;
 *   <li>{@link #written} or {@link #broken} is what it says of a write;
 *   <li>{@link #open}, {@link #tell} and {@link #over} is what happens to its client.
 * </ul>
 *
 * <p>Safe for use by many threads.
 */
public abstract class PeerSocket extends Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(PeerSocket.class);

  /** Who may call the listener now. */
  private enum State {
    QUIET,
    TELLING,
    TELLING_AND_OVER,
    TOLD
  }

  private final Executor reading;
  private final AtomicReference<State> state = new AtomicReference<>(State.QUIET);
  private @Nullable Listener listener; // for whoever tells, as is what follows
  private volatile int goodbye; // the client's own close code; 0 if it has said none

  /**
   * @param reading within which the listener is called: {@link io.fluxy.Fluxy#read}
   */
  protected PeerSocket(Executor reading) {
    this.reading = reading;
  }

  /**
   * Opens the conversation, once the client can be written to.
   *
   * @param opening {@link Handshake#open}, or that of an answer's stream
   * @return whether it goes on
   */
  public final boolean open(Function<Socket, Listener> opening) {
    return tell(() -> listener = opening.apply(this));
  }

  /**
   * Runs what may call {@link #text}, {@link #pinged} and {@link #pong}, on the thread of the
   * caller; they are called from nowhere else. One such call is under way at a time.
   *
   * @return whether it goes on: false once it is over
   */
  public final boolean tell(Runnable task) {
    if (!state.compareAndSet(State.QUIET, State.TELLING)) {
      return false;
    }
    try {
      reading.execute(task);
    } catch (Throwable e) {
      LOG.warn("A socket's listener failed", e);
      close(1011, "internal error");
    }
    if (state.compareAndSet(State.TELLING, State.QUIET)) {
      return true;
    }
    state.set(State.TOLD);
    tellClosed();
    return false;
  }

  /** A whole text message came; it is dropped if the end has been asked for. */
  public final void text(byte[] message) {
    Listener to = hearing();
    if (to != null) {
      to.text(message);
    }
  }

  /** A ping came that the server leaves to us: it is answered, and counts as a sign of life. */
  public final void pinged(byte[] payload) {
    answer(Frames.pong(payload));
    Listener to = hearing();
    if (to != null) {
      to.pong();
    }
  }

  /** A pong came. */
  public final void pong(ByteBuffer payload) {
    Listener to = hearing();
    if (to != null) {
      to.pong(payload);
    }
  }

  private @Nullable Listener hearing() {
    return isClosing() ? null : listener;
  }

  /**
   * The client closes, by itself unless the end has been asked for; the listener hears so when it
   * is over. A server that has not answered already does so by {@link #close}.
   *
   * @param code as the client says it; 1005 if it says none
   */
  public final void goodbye(int code) {
    if (!isClosing()) {
      goodbye = code;
    }
  }

  /** The connection is gone, for whatever reason; may be called again, and from any thread. */
  @Override
  public void over() {
    forget();
    State before;
    do {
      before = state.get();
      if (before == State.TELLING && state.compareAndSet(before, State.TELLING_AND_OVER)) {
        return; // whoever tells will say so
      }
      if (before == State.QUIET && state.compareAndSet(before, State.TOLD)) {
        tellClosed();
        return;
      }
    } while (before == State.QUIET || before == State.TELLING); // it has changed under our hands
  }

  private void tellClosed() {
    if (listener == null) {
      return;
    }
    try {
      if (goodbye != 0) {
        listener.goodbye(goodbye);
      }
      listener.closed();
    } catch (RuntimeException e) {
      LOG.warn("A socket's listener failed", e);
    }
  }
}
