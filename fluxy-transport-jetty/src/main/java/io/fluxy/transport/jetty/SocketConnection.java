package io.fluxy.transport.jetty;

import io.fluxy.connection.Handshake;
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

/**
 * An upgraded connection: reads from the client, tells its socket, and knows when it is over. It
 * reads on the selector's own thread, since a listener never blocks: no hand-over to another
 * thread, and the selection key stays as it is. Between two reads it holds no buffer.
 */
final class SocketConnection extends AbstractConnection
    implements Connection.UpgradeTo, FrameReader.Sink {
  private static final int READ_BYTES = 8 * 1024;

  /**
   * One for each thread that reads. Jetty's own pool has another signature in 12.1 than in 12.0.
   */
  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(READ_BYTES));

  private static final int NO_CODE = 1005;
  private static final int PINGS_MAX = 200;
  private static final long PINGS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private @Nullable Handshake handshake; // forgotten when it is done, and the request with it
  private final JettySocket socket;
  private final FrameReader reader;
  private final Runnable filling = this::fill;
  private final Callback readable = new Filling();
  private ByteBuffer early = BufferUtil.EMPTY_BUFFER; // came right behind the upgrade request
  private boolean broken; // no frame can be made of what follows
  private long pingsSince = NanoTime.now();
  private int pings;

  SocketConnection(
      EndPoint endPoint,
      Connector connector,
      long messageBytesMax,
      Handshake handshake,
      Executor reading) {
    super(endPoint, connector.getExecutor());
    this.handshake = handshake;
    this.socket = new JettySocket(endPoint, connector.getScheduler(), reading);
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
    Handshake accepted = handshake;
    if (accepted != null) {
      handshake = null;
      socket.open(accepted::open);
      goOn(socket.tell(() -> read(early)));
      early = BufferUtil.EMPTY_BUFFER;
    }
  }

  @Override
  public void onFillable() {
    goOn(socket.tell(filling));
  }

  private void goOn(boolean open) {
    if (open) {
      fillInterested();
      if (!getEndPoint().isOpen()) {
        socket.over(); // it closed before the interest was known
      }
    }
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
    socket.text(message);
  }

  @Override
  public void ping(byte[] payload) {
    long now = NanoTime.now();
    if (now - pingsSince > PINGS_NANOS) {
      pingsSince = now;
      pings = 0;
    }
    if (++pings <= PINGS_MAX) {
      socket.pinged(payload);
    } else {
      socket.close(1008, "more than " + PINGS_MAX + " pings in 10 s");
    }
  }

  @Override
  public void pong(byte[] payload) {
    socket.pong(ByteBuffer.wrap(payload));
  }

  @Override
  public void farewell(byte[] payload) {
    broken = true;
    socket.peerClosed(
        payload.length < 2 ? NO_CODE : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF));
  }

  @Override
  public void fillInterested() {
    getEndPoint().fillInterested(readable);
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    getEndPoint().close();
    socket.over();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    socket.over();
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
