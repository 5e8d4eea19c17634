package io.fluxy.transport.servlet;

import io.fluxy.connection.PeerSocket;
import io.fluxy.http.ApiResponse;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of a response that goes on. No thread waits. */
final class EventStreamSocket extends PeerSocket implements WriteListener, AsyncListener {
  /** The attribute of a request whose connection is to be dropped. */
  static final String ABORTED = EventStreamSocket.class.getName() + ".aborted";

  private static final Logger LOG = LoggerFactory.getLogger(EventStreamSocket.class);

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final Scheduler scheduler;
  private final ApiResponse.Stream stream;
  private final Set<EventStreamSocket> all;

  private boolean started;

  // Where the write under way is: for whoever writes.
  private int frame;
  private boolean flushed;

  private volatile boolean waiting; // for the container to take more
  private volatile boolean over;

  private EventStreamSocket(
      AsyncContext async,
      ServletOutputStream out,
      Scheduler scheduler,
      ApiResponse.Stream stream,
      Set<EventStreamSocket> all) {
    super(Runnable::run); // nobody reads
    this.async = async;
    this.out = out;
    this.scheduler = scheduler;
    this.stream = stream;
    this.all = all;
  }

  /**
   * Writes the head and opens the stream behind it.
   *
   * @param all where it is listed as long as it goes on
   */
  static void open(
      AsyncContext async,
      Scheduler scheduler,
      ApiResponse.Stream stream,
      Set<EventStreamSocket> all) {
    try {
      ServletOutputStream out = async.getResponse().getOutputStream();
      EventStreamSocket socket = new EventStreamSocket(async, out, scheduler, stream, all);
      all.add(socket);
      async.addListener(socket);
      out.setWriteListener(socket);
    } catch (IOException e) {
      async.complete(); // the client has gone
    }
  }

  @Override
  public void onWritePossible() {
    if (!started) {
      started = true;
      send(
          List.of(),
          ok -> {
            if (ok) {
              open(stream::open);
            }
          });
    } else if (waiting) {
      written();
    }
  }

  @Override
  protected boolean write(List<Frames> frames) {
    waiting = true;
    try {
      while (!over && out.isReady()) {
        if (frame < frames.size()) {
          Frames some = frames.get(frame++);
          if (!some.isClose()) {
            write(some.bytes());
          }
        } else if (!flushed) {
          flushed = true;
          out.flush();
        } else {
          frame = 0;
          flushed = false;
          waiting = false;
          return true;
        }
      }
    } catch (IOException e) {
      over(); // the container will say so too
    }
    return false;
  }

  private void write(ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  @Override
  protected boolean isWritten() {
    return !waiting;
  }

  /** An event stream has none. */
  @Override
  public void ping() {}

  @Override
  protected void closeWritten() {
    over();
    complete();
  }

  @Override
  protected void cut() {
    scheduler.run(
        () -> {
          try {
            async.getRequest().setAttribute(ABORTED, true);
            async.dispatch();
          } catch (IllegalStateException e) {
            LOG.debug("A stream was over before it could be aborted", e);
          }
        });
  }

  @Override
  protected Scheduler.Timer after(long delayMs, Runnable task) {
    return scheduler.after(delayMs, task);
  }

  @Override
  public void over() {
    over = true;
    all.remove(this);
    super.over();
  }

  /** The server stops. */
  void stop() {
    over();
    complete();
  }

  private void complete() {
    try {
      async.complete();
    } catch (IllegalStateException e) {
      // it is complete
    }
  }

  @Override
  public void onError(Throwable failure) {
    stop();
  }

  @Override
  public void onError(AsyncEvent event) {
    stop();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    over();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    abort();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
