package io.fluxy.connection;

import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one client. One write is under way at a time; everything queued
 * meanwhile goes out in the next. What is over the budget is not taken, so a client that does not
 * read costs its budget and no more.
 *
 * <p>Safe for use by many threads. Calls the socket outside its lock.
 */
final class Outbox implements Socket.Sent {
  private static final int WRITE_BYTES_MAX = 256 * 1024;

  private final Socket socket;
  private final Scheduler scheduler;
  private final int bytesMax;
  private final Runnable drained;
  private final Runnable failed;

  private List<Frames> queue = new ArrayList<>(2); // guarded by this, as all below
  private List<Frames> spare = new ArrayList<>(2); // the batch of the last write, for the next
  private int queuedBytes;
  private boolean writing;
  private boolean overflowed; // somebody was turned away since the queue was last empty
  private boolean closed;
  private @Nullable Runnable finished; // called once all is written, after the last frames
  private int
      looping; // writes that ended inside send(), to be followed by the loop and not by recursion
  private long writingSince;

  /**
   * @param drained called when the queue is empty again after something was not taken
   * @param failed called when a write has failed
   */
  Outbox(Socket socket, Scheduler scheduler, int bytesMax, Runnable drained, Runnable failed) {
    this.socket = socket;
    this.scheduler = scheduler;
    this.bytesMax = bytesMax;
    this.drained = drained;
    this.failed = failed;
  }

  /**
   * Queues frames, if they fit. Something always fits into an empty queue.
   *
   * @return false if they were not taken
   */
  boolean offer(Frames frames) {
    synchronized (this) {
      if (closed || frames.isEmpty()) {
        return true; // nobody is there to miss it, or there is nothing to miss
      }
      if (queuedBytes > 0 && queuedBytes + frames.size() > bytesMax) {
        overflowed = true;
        return false;
      }
      queue.add(frames);
      queuedBytes += frames.size();
      if (writing) {
        return true;
      }
      writing = true;
    }
    write();
    return true;
  }

  /** Forgets what waits; takes nothing more. */
  synchronized void close() {
    closed = true;
    finished = null;
    queue = new ArrayList<>(0);
    queuedBytes = 0;
  }

  /**
   * Forgets what waits, but for these last frames; takes nothing more.
   *
   * @param then called when they are written; not if that fails, or if it was closed before
   */
  void finish(Frames last, Runnable then) {
    synchronized (this) {
      if (closed) {
        return;
      }
      close();
      finished = then;
      queue.add(last);
      queuedBytes = last.size();
      if (writing) {
        return;
      }
      writing = true;
    }
    write();
  }

  /** True if nothing waits and nothing is being written. */
  synchronized boolean isIdle() {
    return !writing;
  }

  /** What waits, beside the write under way. */
  synchronized int waitingBytes() {
    return queuedBytes;
  }

  /** For how long the write under way has been going on; 0 if there is none. */
  synchronized long writingForMs() {
    return writing ? scheduler.ticksMs() - writingSince : 0;
  }

  @Override
  public void sent(boolean ok) {
    if (!ok) {
      close();
      failed.run();
      return;
    }
    synchronized (this) {
      if (looping > 0) {
        looping = 2; // send() is still on the stack: let it go on
        return;
      }
    }
    write();
  }

  private void write() {
    boolean again = true;
    while (again) {
      List<Frames> batch;
      boolean tell = false;
      Runnable end = null;
      synchronized (this) {
        batch = next();
        if (batch.isEmpty()) {
          writing = false;
          tell = overflowed;
          overflowed = false;
          end = finished;
          finished = null;
        } else {
          looping = 1;
        }
      }
      if (batch.isEmpty()) {
        if (tell) {
          drained.run();
        }
        if (end != null) {
          end.run();
        }
        return;
      }
      socket.send(batch, this);
      synchronized (this) {
        again = looping == 2;
        looping = 0;
      }
    }
  }

  private List<Frames> next() {
    if (queue.isEmpty()) {
      return List.of();
    }
    int bytes = 0;
    int count = 0;
    while (count < queue.size()
        && (count == 0 || bytes + queue.get(count).size() <= WRITE_BYTES_MAX)) {
      bytes += queue.get(count++).size();
    }
    queuedBytes -= bytes;
    writingSince = scheduler.ticksMs();
    List<Frames> batch = queue;
    queue = spare;
    queue.clear();
    spare = batch;
    if (count < batch.size()) {
      queue.addAll(batch.subList(count, batch.size()));
      batch.subList(count, batch.size()).clear();
    }
    return batch;
  }
}
