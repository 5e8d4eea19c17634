package io.fluxy.transport.jetty;

import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of a response that goes on. The connection serves nothing else afterwards. */
final class EventStreamSocket implements Socket {
  private static final Logger LOG = LoggerFactory.getLogger(EventStreamSocket.class);

  private final Response response;
  private final Callback callback;
  private final Scheduler scheduler;
  private final @Nullable EndPoint endPoint; // null if other requests share it, as in HTTP/2
  private @Nullable Listener listener;

  // Guarded by this.
  private boolean writing;
  private boolean closing;
  private boolean over;
  private boolean told;

  private EventStreamSocket(Request request, Response response, Callback callback) {
    this.response = response;
    this.callback = callback;
    this.scheduler = request.getComponents().getScheduler();
    ConnectionMetaData meta = request.getConnectionMetaData();
    boolean alone = meta.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
    this.endPoint = alone ? meta.getConnection().getEndPoint() : null;
  }

  /** Writes the head and opens the stream behind it. */
  static void open(
      Request request, Response response, Callback callback, ApiResponse.Stream stream) {
    EventStreamSocket socket = new EventStreamSocket(request, response, callback);
    request.addIdleTimeoutListener(timeout -> false);
    request.addFailureListener(socket::over);
    socket.write(false, BufferUtil.EMPTY_BUFFER, () -> socket.opened(stream), socket::over);
  }

  private void opened(ApiResponse.Stream stream) {
    Listener opened;
    try {
      opened = stream.open(this);
    } catch (Throwable e) {
      LOG.error("A stream failed to open", e);
      over(e);
      return;
    }
    boolean gone;
    synchronized (this) {
      listener = opened;
      gone = over;
    }
    if (gone) {
      tellClosed(); // it ended before there was anybody to tell
    } else if (endPoint != null) {
      new Watch(endPoint).look();
    }
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    boolean shut;
    synchronized (this) {
      shut = closing || over;
      writing = !shut;
    }
    if (shut) {
      sent.sent(false);
      return;
    }
    write(
        false,
        joined(frames),
        () -> {
          written();
          sent.sent(true);
        },
        failure -> {
          over(failure);
          sent.sent(false);
        });
  }

  private void write(boolean last, ByteBuffer bytes, Runnable ok, Consumer<Throwable> failed) {
    try {
      response.write(last, bytes, new NonBlocking(ok, failed));
    } catch (IllegalStateException e) {
      failed.accept(e); // it is over, by another thread, and so is the response
    }
  }

  private void written() {
    boolean end;
    synchronized (this) {
      writing = false;
      end = closing && !over;
    }
    if (end) {
      end();
    }
  }

  /** An event stream has none. */
  @Override
  public void ping() {}

  /** Ends the body; there is no place in it for a code or a reason. */
  @Override
  public void close(int code, String reason) {
    boolean end;
    synchronized (this) {
      if (closing || over) {
        return;
      }
      closing = true;
      end = !writing;
    }
    scheduler.schedule(this::abort, JettySocket.CLOSE_MS, TimeUnit.MILLISECONDS);
    if (end) {
      end();
    }
  }

  private void end() {
    write(true, BufferUtil.EMPTY_BUFFER, () -> over(null), this::over);
  }

  @Override
  public void abort() {
    over(new ClosedChannelException());
  }

  private void over(@Nullable Throwable failure) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    if (failure == null) {
      callback.succeeded();
    } else {
      if (endPoint != null) {
        endPoint.close();
      }
      callback.failed(failure);
    }
    tellClosed();
  }

  private void tellClosed() {
    Listener to;
    synchronized (this) {
      if (told || listener == null) {
        return;
      }
      told = true;
      to = listener;
    }
    to.closed();
  }

  private static ByteBuffer joined(List<Frames> frames) {
    if (frames.size() == 1) {
      return frames.get(0).bytes();
    }
    ByteBuffer all = ByteBuffer.allocate(frames.stream().mapToInt(Frames::size).sum());
    frames.forEach(some -> all.put(some.bytes()));
    return all.flip();
  }

  /** Reads what nobody should send, to see the client go although nothing is written. */
  private final class Watch implements Callback {
    private final EndPoint watched;

    Watch(EndPoint watched) {
      this.watched = watched;
    }

    void look() {
      watched.tryFillInterested(this);
    }

    @Override
    public void succeeded() {
      try {
        ByteBuffer ignored = BufferUtil.allocate(512);
        if (watched.fill(ignored) < 0) {
          over(new ClosedChannelException());
        } else {
          look();
        }
      } catch (IOException e) {
        over(e);
      }
    }

    @Override
    public void failed(Throwable cause) {
      over(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  private record NonBlocking(Runnable ok, Consumer<Throwable> failure) implements Callback {
    @Override
    public void succeeded() {
      ok.run();
    }

    @Override
    public void failed(Throwable cause) {
      failure.accept(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
