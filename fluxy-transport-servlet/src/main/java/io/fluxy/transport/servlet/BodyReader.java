package io.fluxy.transport.servlet;

import io.fluxy.time.Scheduler;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Collects the body of a request; holds no thread while it waits for more. */
final class BodyReader implements ReadListener {
  /** How it went; a body comes with {@link #READ} only. */
  enum Outcome {
    READ,
    TOO_LARGE,
    TOO_SLOW,
    BROKEN
  }

  private static final byte[] NONE = {};
  private static final int PIECE_BYTES = 4 * 1024;

  private final ServletInputStream in;
  private final int bytesMax;
  private final BiConsumer<Outcome, byte[]> then;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Scheduler.@Nullable Timer deadline; // guarded by this, as all below
  private boolean reading;
  private boolean late;
  private boolean done;

  private BodyReader(ServletInputStream in, int bytesMax, BiConsumer<Outcome, byte[]> then) {
    this.in = in;
    this.bytesMax = bytesMax;
    this.then = then;
  }

  /** Reads the whole body, then calls {@code then} once, on any thread. */
  static void read(
      HttpServletRequest request,
      Scheduler scheduler,
      int bytesMax,
      long msMax,
      BiConsumer<Outcome, byte[]> then)
      throws IOException {
    long length = request.getContentLengthLong();
    if (length > bytesMax) {
      then.accept(Outcome.TOO_LARGE, NONE);
    } else if (length == 0 || length < 0 && hasNone(request)) {
      then.accept(Outcome.READ, NONE);
    } else {
      BodyReader reader = new BodyReader(request.getInputStream(), bytesMax, then);
      synchronized (reader) {
        reader.deadline = scheduler.after(msMax, reader::tooLate);
      }
      reader.in.setReadListener(reader);
    }
  }

  private static boolean hasNone(HttpServletRequest request) {
    return request.getProtocol().startsWith("HTTP/1")
        && request.getHeader("Transfer-Encoding") == null;
  }

  @Override
  public void onDataAvailable() throws IOException {
    synchronized (this) {
      if (done) {
        return;
      }
      reading = true;
    }
    boolean fits = take();
    boolean over;
    synchronized (this) {
      reading = false;
      over = late;
    }
    if (over) {
      end(Outcome.TOO_SLOW);
    } else if (!fits) {
      end(Outcome.TOO_LARGE);
    }
  }

  private boolean take() throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    while (in.isReady() && !in.isFinished()) {
      int count = in.read(piece);
      if (count < 0) {
        return true;
      }
      body.write(piece, 0, count);
      if (body.size() > bytesMax) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void onAllDataRead() {
    end(Outcome.READ);
  }

  @Override
  public void onError(Throwable failure) {
    end(Outcome.BROKEN);
  }

  private void tooLate() {
    synchronized (this) {
      late = true;
      if (reading) {
        return; // the reader will see: nobody may answer while it reads
      }
    }
    end(Outcome.TOO_SLOW);
  }

  private void end(Outcome outcome) {
    synchronized (this) {
      if (done) {
        return;
      }
      done = true;
      if (deadline != null) {
        deadline.cancel();
      }
    }
    then.accept(outcome, outcome == Outcome.READ ? body.toByteArray() : NONE);
  }
}
