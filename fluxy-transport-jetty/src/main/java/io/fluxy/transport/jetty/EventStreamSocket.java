package io.fluxy.transport.jetty;

import io.fluxy.connection.PeerSocket;
import io.fluxy.http.ApiResponse;
import io.fluxy.time.Scheduler.Timer;
import io.fluxy.wire.Frames;
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

/** The body of a response that goes on. The connection serves nothing else afterwards. */
final class EventStreamSocket extends PeerSocket implements Callback {
  private final Response response;
  private final Callback callback;
  private final Scheduler scheduler;
  private final @Nullable EndPoint endPoint; // null if other requests share it, as in HTTP/2

  // Guarded by this.
  private boolean writing;
  private boolean ended;
  private @Nullable Throwable cause;

  private EventStreamSocket(Request request, Response response, Callback callback) {
    super(Runnable::run); // nobody reads
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
    request.addFailureListener(socket::end);
    socket.send(
        List.of(),
        ok -> {
          if (ok && socket.open(stream::open) && socket.endPoint != null) {
            socket.new Watch(socket.endPoint).look();
          }
        });
  }

  @Override
  protected boolean write(List<Frames> frames) {
    synchronized (this) {
      writing = true;
    }
    boolean last = !frames.isEmpty() && frames.get(frames.size() - 1).isClose();
    response.write(last, joined(last ? frames.subList(0, frames.size() - 1) : frames), this);
    return false;
  }

  private static ByteBuffer joined(List<Frames> frames) {
    if (frames.size() == 1) {
      return frames.get(0).bytes();
    }
    ByteBuffer all = ByteBuffer.allocate(frames.stream().mapToInt(Frames::size).sum());
    frames.forEach(some -> all.put(some.bytes()));
    return all.flip();
  }

  @Override
  public void succeeded() {
    if (goesOn()) {
      written();
    }
  }

  @Override
  public void failed(Throwable failure) {
    if (goesOn()) {
      end(failure);
    }
  }

  /** A write is over. */
  private boolean goesOn() {
    synchronized (this) {
      writing = false;
      if (!ended) {
        return true;
      }
    }
    complete();
    return false;
  }

  /** An event stream has none. */
  @Override
  public void ping() {}

  @Override
  protected void closeWritten() {
    end(null);
  }

  @Override
  protected void cut() {
    end(new ClosedChannelException());
  }

  private void end(@Nullable Throwable failure) {
    boolean idle;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      cause = failure;
      idle = !writing;
    }
    if (failure != null && endPoint != null) {
      endPoint.close();
    }
    if (idle) {
      complete(); // otherwise when the write has failed: Jetty must not be told before
    }
    over();
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

  @Override
  protected Timer after(long delayMs, Runnable task) {
    return scheduler.schedule(task, delayMs, TimeUnit.MILLISECONDS)::cancel;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
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
          end(new ClosedChannelException());
        } else {
          look();
        }
      } catch (IOException e) {
        end(e);
      }
    }

    @Override
    public void failed(Throwable failure) {
      end(failure);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
