package io.fluxy.transport.servlet;

import io.fluxy.wire.Socket;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Writes a whole body and ends the response; holds no thread while the client is slow. */
final class BodyWriter implements WriteListener, AsyncListener {
  private final AsyncContext async;
  private final ServletOutputStream out;
  private final byte[] body;
  private final Socket.@Nullable Sent sent;
  private final AtomicBoolean done = new AtomicBoolean();
  private boolean headFlushed;
  private int at; // how much of the body the container has
  private boolean written;
  private boolean flushed;

  private BodyWriter(
      AsyncContext async, ServletOutputStream out, byte[] body, Socket.@Nullable Sent sent) {
    this.async = async;
    this.out = out;
    this.body = body;
    this.sent = sent;
  }

  /**
   * Writes.
   *
   * @param sent is told what became of it; null if nobody asks
   */
  static void write(AsyncContext async, byte[] body, Socket.@Nullable Sent sent)
      throws IOException {
    ServletOutputStream out = async.getResponse().getOutputStream();
    if (sent == null && body.length < async.getResponse().getBufferSize()) {
      out.write(body); // nothing leaves before the response ends
      async.complete();
      return;
    }
    BodyWriter writer = new BodyWriter(async, out, body, sent);
    if (sent != null) {
      async.addListener(writer);
    }
    out.setWriteListener(writer);
  }

  @Override
  public void onWritePossible() throws IOException {
    try {
      step();
    } catch (IOException e) {
      told(false); // not every container says so by itself
      throw e;
    }
  }

  private void step() throws IOException {
    if (sent != null) {
      pushed();
    } else if (!written && out.isReady()) {
      written = true;
      out.write(body);
    }
    if ((sent == null ? written : flushed) && !done.get() && out.isReady()) {
      told(true);
      async.complete();
    }
  }

  /**
   * What a container buffers until the end, it tells nothing of. And one that could not write
   * something may keep silent about it, but takes no more then: so the head goes out first, and the
   * last byte for itself.
   */
  private void pushed() throws IOException {
    if (!headFlushed && out.isReady()) {
      headFlushed = true;
      out.flush();
    }
    while (headFlushed && at < body.length && out.isReady()) {
      int next = at < body.length - 1 ? body.length - 1 : body.length;
      out.write(body, at, next - at);
      at = next;
    }
    if (headFlushed && at == body.length && !flushed && out.isReady()) {
      flushed = true;
      out.flush();
    }
  }

  @Override
  public void onError(Throwable failure) {
    told(false);
    async.complete();
  }

  private void told(boolean ok) {
    if (done.compareAndSet(false, true) && sent != null) {
      sent.sent(ok);
    }
  }

  @Override
  public void onError(AsyncEvent event) {
    told(false);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    told(false);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    told(false);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
