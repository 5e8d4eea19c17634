package io.fluxy.transport.jetty;

import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private boolean writing = true; // the head, to begin with
  private boolean closing;
  private boolean ended; // the end of the body has been written
  private boolean over;
  private @Nullable Throwable cause;
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
    socket.write(
        false,
        BufferUtil.EMPTY_BUFFER,
        ok -> {
          if (ok) {
            socket.opened(stream);
          }
        });
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
      writing |= !shut;
    }
    if (shut) {
      sent.sent(false);
    } else {
      write(false, joined(frames), sent);
    }
  }

  private void write(boolean last, ByteBuffer bytes, Sent sent) {
    response.write(last, bytes, new Written(sent));
  }

  private void written(@Nullable Throwable failure, Sent sent) {
    boolean done;
    synchronized (this) {
      writing = false;
      done = over;
    }
    if (done) {
      complete();
    } else if (failure != null) {
      over(failure);
    }
    sent.sent(failure == null && !done);
    endIfClosing();
  }

  /** An event stream has none. */
  @Override
  public void ping() {}

  /** Ends the body; there is no place in it for a code or a reason. */
  @Override
  public void close(int code, String reason) {
    synchronized (this) {
      if (closing || over) {
        return;
      }
      closing = true;
    }
    scheduler.schedule(this::abort, JettySocket.CLOSE_MS, TimeUnit.MILLISECONDS);
    endIfClosing();
  }

  private void endIfClosing() {
    synchronized (this) {
      if (!closing || ended || writing || over) {
        return;
      }
      ended = true;
      writing = true;
    }
    write(
        true,
        BufferUtil.EMPTY_BUFFER,
        ok -> {
          if (ok) {
            over(null);
          }
        });
  }

  @Override
  public void abort() {
    over(new ClosedChannelException());
  }

  private void over(@Nullable Throwable failure) {
    boolean idle;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      cause = failure;
      idle = !writing;
    }
    if (failure != null && endPoint != null) {
      endPoint.close();
    }
    if (idle) {
      complete(); // otherwise when the write has failed: Jetty must not be told before
    }
    tellClosed();
  }

  private void complete() {
    Throwable failure;
    synchronized (this) {
      failure = cause;
    }
    if (failure == null) {
      callback.succeeded();
    } else {
      callback.failed(failure);
    }
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

  private final class Written implements Callback {
    private final Sent sent;

    Written(Sent sent) {
      this.sent = sent;
    }

    @Override
    public void succeeded() {
      written(null, sent);
    }

    @Override
    public void failed(Throwable cause) {
      written(cause, sent);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
