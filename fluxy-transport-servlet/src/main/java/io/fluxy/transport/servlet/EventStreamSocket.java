package io.fluxy.transport.servlet;

import io.fluxy.http.ApiResponse;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of a response that goes on. One thread at a time works at it, and none waits. */
final class EventStreamSocket implements Socket, WriteListener, AsyncListener {
  /** The attribute of a request whose connection is to be dropped. */
  static final String ABORTED = EventStreamSocket.class.getName() + ".aborted";

  private static final Logger LOG = LoggerFactory.getLogger(EventStreamSocket.class);
  private static final long CLOSE_MS = 5_000;

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final Scheduler scheduler;
  private final ApiResponse.Stream stream;
  private final Set<EventStreamSocket> all;

  // Guarded by this.
  private final Queue<Step> steps = new ArrayDeque<>(4);
  private boolean busy = true; // a thread works at it, or the container will call
  private @Nullable Listener listener;
  private @Nullable Sent sent;
  private boolean closing;
  private boolean over;

  /** What is done when the container takes more. */
  private interface Step {
    void run() throws IOException;
  }

  private EventStreamSocket(
      AsyncContext async,
      ServletOutputStream out,
      Scheduler scheduler,
      ApiResponse.Stream stream,
      Set<EventStreamSocket> all) {
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
      socket.steps.add(out::flush);
      socket.steps.add(socket::opened);
      all.add(socket);
      async.addListener(socket);
      out.setWriteListener(socket);
    } catch (IOException e) {
      async.complete(); // the client has gone
    }
  }

  private void opened() {
    Listener opened = stream.open(this);
    boolean gone;
    synchronized (this) {
      listener = opened;
      gone = over;
    }
    if (gone) {
      opened.closed(); // it ended before there was anybody to tell
    }
  }

  @Override
  public void send(List<Frames> frames, Sent then) {
    boolean shut;
    boolean mine = false;
    synchronized (this) {
      shut = closing || over;
      if (!shut) {
        sent = then;
        frames.forEach(some -> steps.add(() -> write(some.bytes())));
        steps.add(out::flush);
        steps.add(this::sent);
        mine = begin();
      }
    }
    if (shut) {
      then.sent(false);
    } else if (mine) {
      work();
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  private void sent() {
    Sent told;
    synchronized (this) {
      told = sent;
      sent = null;
    }
    if (told != null) {
      told.sent(true);
    }
  }

  /** An event stream has none. */
  @Override
  public void ping() {}

  /** Ends the body; there is no place in it for a code or a reason. */
  @Override
  public void close(int code, String reason) {
    boolean mine;
    synchronized (this) {
      if (closing || over) {
        return;
      }
      closing = true;
      steps.add(
          () -> {
            over();
            async.complete();
          });
      mine = begin();
    }
    scheduler.after(CLOSE_MS, this::abort);
    if (mine) {
      work();
    }
  }

  @Override
  public void abort() {
    if (over()) {
      scheduler.run(this::drop);
    }
  }

  private void drop() {
    try {
      async.getRequest().setAttribute(ABORTED, true);
      async.dispatch();
    } catch (IllegalStateException e) {
      LOG.debug("A stream was over before it could be aborted", e);
    }
  }

  private boolean begin() {
    boolean mine = !busy;
    busy = true;
    return mine;
  }

  @Override
  public void onWritePossible() {
    work();
  }

  /** Takes steps until none is left, or the container takes no more for now. */
  private void work() {
    try {
      while (!isOver() && out.isReady()) {
        Step step;
        synchronized (this) {
          step = steps.poll();
          busy = step != null;
        }
        if (step == null) {
          return;
        }
        step.run();
      }
    } catch (IOException e) {
      over();
    } catch (RuntimeException e) {
      LOG.error("A stream failed", e);
      abort();
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** However it ended; false if that was known. */
  private boolean over() {
    Sent unsent;
    Listener to;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      unsent = sent;
      sent = null;
      to = listener;
    }
    all.remove(this);
    if (unsent != null) {
      unsent.sent(false);
    }
    if (to != null) {
      to.closed();
    }
    return true;
  }

  /** The server stops. */
  void stop() {
    over();
    complete();
  }

  @Override
  public void onError(Throwable failure) {
    over();
    complete();
  }

  @Override
  public void onError(AsyncEvent event) {
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
