package io.fluxy.transport.jetty;

import io.fluxy.connection.Handshake;
import io.fluxy.wire.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upgraded connection: reads from the client, tells the engine's listener, and knows when it is
 * over. It reads on the selector's own thread, since a listener never blocks: no hand-over to
 * another thread, and the selection key stays as it is. Between two reads it holds no buffer.
 */
final class SocketConnection extends AbstractConnection
    implements Connection.UpgradeTo, FrameReader.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);
  private static final int READ_BYTES = 8 * 1024;

  /**
   * One for each thread that reads. Jetty's own pool has another signature in 12.1 than in 12.0.
   */
  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(READ_BYTES));

  private static final int NO_CODE = 1005;
  private static final int CONTROLS_MAX = 200;
  private static final long CONTROLS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private @Nullable Handshake handshake; // forgotten when it is done, and the request with it
  private final Executor reading;
  private final JettySocket socket;
  private final FrameReader reader;
  private final Callback readable = new Filling();
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER; // came right behind the upgrade request
  private Socket.@Nullable Listener listener;
  private boolean broken; // no frame can be made of what follows
  private long controlsSince = NanoTime.now();
  private int controls;

  // Guarded by this: the listener hears one call at a time, and closed() last.
  private boolean telling;
  private boolean over;
  private boolean told;

  SocketConnection(
      EndPoint endPoint,
      Connector connector,
      long messageBytesMax,
      Handshake handshake,
      Executor reading) {
    super(endPoint, connector.getExecutor());
    this.handshake = handshake;
    this.reading = reading;
    this.socket = new JettySocket(endPoint, connector.getScheduler());
    this.reader = new FrameReader(messageBytesMax);
  }

  @Override
  public void onUpgradeTo(ByteBuffer bytes) {
    early = bytes;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(0); // the engine watches for silence and for stalled writes
    telling(this::open);
  }

  private void open() {
    if (handshake != null) {
      listener = handshake.open(socket);
      handshake = null;
      read(early);
      early = BufferUtil.EMPTY_BUFFER;
    }
  }

  @Override
  public void onFillable() {
    reading.execute(() -> telling(this::fill));
  }

  /** Reads once: whoever sends without end must queue behind the others after each buffer. */
  private void fill() {
    ByteBuffer bytes = BUFFER.get();
    BufferUtil.clear(bytes);
    try {
      if (getEndPoint().fill(bytes) < 0) {
        getEndPoint().close();
      } else {
        read(bytes);
      }
    } catch (IOException e) {
      getEndPoint().close();
    }
  }

  private void read(ByteBuffer bytes) {
    if (broken) {
      return;
    }
    try {
      reader.read(bytes, this);
    } catch (FrameReader.Violation e) {
      broken = true;
      socket.close(e.code, e.reason);
    }
  }

  @Override
  public void text(byte[] message) {
    if (listener != null && !socket.isClosing()) {
      listener.text(message);
    }
  }

  @Override
  public void ping(byte[] payload) {
    if (countControl()) {
      socket.pong(payload);
      if (listener != null && !socket.isClosing()) {
        listener.pong();
      }
    }
  }

  @Override
  public void pong(byte[] payload) {
    if (listener != null && !socket.isClosing()) {
      listener.pong(ByteBuffer.wrap(payload));
    }
  }

  @Override
  public void farewell(byte[] payload) {
    broken = true;
    if (listener != null && !socket.isClosing()) {
      listener.goodbye(
          payload.length < 2 ? NO_CODE : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF));
    }
    socket.peerClosed(payload);
  }

  private boolean countControl() {
    long now = NanoTime.now();
    if (now - controlsSince > CONTROLS_NANOS) {
      controlsSince = now;
      controls = 0;
    }
    if (++controls <= CONTROLS_MAX) {
      return true;
    }
    socket.close(1008, "more than " + CONTROLS_MAX + " pings in 10 s");
    return false;
  }

  /** Runs what may call the listener, then waits for more to read, or tells that it is over. */
  private void telling(Runnable task) {
    synchronized (this) {
      if (over) {
        return;
      }
      telling = true;
    }
    try {
      task.run();
    } catch (Throwable e) {
      LOG.warn("A socket's listener failed", e);
      broken = true;
      socket.close(1011, "internal error");
    }
    boolean end;
    synchronized (this) {
      telling = false;
      end = over;
    }
    if (end) {
      tellClosed();
    } else {
      fillInterested();
      if (!getEndPoint().isOpen()) {
        over(); // it closed before the interest was known
      }
    }
  }

  /** However it ended. */
  private void over() {
    boolean tell;
    synchronized (this) {
      over = true;
      tell = !telling;
    }
    socket.over();
    if (tell) {
      tellClosed();
    }
  }

  private void tellClosed() {
    synchronized (this) {
      if (told) {
        return;
      }
      told = true;
    }
    if (listener != null) {
      try {
        listener.closed();
      } catch (Throwable e) {
        LOG.warn("A socket's listener failed", e);
      }
    }
  }

  @Override
  public void fillInterested() {
    getEndPoint().fillInterested(readable);
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    getEndPoint().close();
    over();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    over();
  }

  /** Only a graceful stop of the server sets an idle timeout. */
  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    socket.close(1001, "server stops");
    return false;
  }

  private final class Filling implements Callback {
    @Override
    public void succeeded() {
      onFillable();
    }

    @Override
    public void failed(Throwable cause) {
      onFillInterestedFailed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
