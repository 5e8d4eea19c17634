package io.fluxy.transport.jetty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Collects the body of a request; holds no thread while it waits for more. */
final class BodyReader extends Invocable.Task.Abstract {
  /** How it went; a body comes with {@link #READ} only. */
  enum Outcome {
    READ,
    TOO_LARGE,
    TOO_SLOW,
    BROKEN
  }

  private final Request request;
  private final int bytesMax;
  private final long msMax;
  private final BiConsumer<Outcome, byte[]> then;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private Scheduler.@Nullable Task deadline;
  private boolean reading; // guarded by this, as all below
  private boolean late;
  private boolean done;

  private BodyReader(Request request, int bytesMax, long msMax, BiConsumer<Outcome, byte[]> then) {
    super(InvocationType.NON_BLOCKING);
    this.request = request;
    this.bytesMax = bytesMax;
    this.msMax = msMax;
    this.then = then;
  }

  /** Reads the whole body, then calls {@code then} once, on any thread. */
  static void read(Request request, int bytesMax, long msMax, BiConsumer<Outcome, byte[]> then) {
    if (request.getLength() > bytesMax) {
      then.accept(Outcome.TOO_LARGE, new byte[0]);
    } else {
      new BodyReader(request, bytesMax, msMax, then).run();
    }
  }

  @Override
  public void run() {
    synchronized (this) {
      if (done) {
        return;
      }
      reading = true;
    }
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        await();
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        boolean slow = chunk.getFailure() instanceof TimeoutException;
        end(slow ? Outcome.TOO_SLOW : Outcome.BROKEN);
        return;
      }
      boolean fits = take(chunk);
      boolean last = chunk.isLast();
      chunk.release();
      if (!fits || last) {
        end(fits ? Outcome.READ : Outcome.TOO_LARGE);
        return;
      }
    }
  }

  private void await() {
    boolean over;
    synchronized (this) {
      reading = false;
      over = late;
      if (deadline == null) {
        deadline =
            request
                .getComponents()
                .getScheduler()
                .schedule(this::tooLate, msMax, TimeUnit.MILLISECONDS);
      }
    }
    if (over) {
      end(Outcome.TOO_SLOW);
      return;
    }
    try {
      request.demand(this);
    } catch (IllegalStateException e) {
      // it has become too late right now, and has been answered
    }
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

  private boolean take(Content.Chunk chunk) {
    ByteBuffer bytes = chunk.getByteBuffer();
    if (body.size() + bytes.remaining() > bytesMax) {
      return false;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    body.writeBytes(copy);
    return true;
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
    then.accept(outcome, outcome == Outcome.READ ? body.toByteArray() : new byte[0]);
  }
}
