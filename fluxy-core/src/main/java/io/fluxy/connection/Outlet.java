package io.fluxy.connection;

import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending half of a {@link PeerSocket}. A server takes one write at a time, so whatever wants
 * to go out meanwhile, whoever wants it, waits here for the next one: at most one pong, one ping,
 * one send of the engine and one close, in this order.
 *
 * <p>Safe for use by many threads. Calls the server and the engine outside its lock.
 */
abstract class Outlet implements Socket {
  private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
  private static final long CLOSE_MS = 5_000;
  private static final Frames PING = Frames.ping(new byte[0]);

  private @Nullable List<Frames> batch; // of the write under way: for whoever writes

  // All below is guarded by this.
  private boolean writing;
  private boolean calling; // write() is on the stack
  private boolean returned; // what it wrote is written already
  private @Nullable Frames pong;
  private boolean ping;
  private @Nullable List<Frames> frames; // that wait
  private @Nullable Sent sent; // of the frames that wait; if none do, of those in the write
  private @Nullable Frames close; // that waits
  private boolean ending; // the close is, or was, in a write: nothing follows
  private boolean gone;
  private Scheduler.@Nullable Timer deadline;
  private volatile boolean shut; // a close or an abort has been asked for, or it is gone

  /**
   * Writes all these frames, in one network write if the server can. A {@link Frames#isClose close}
   * is the last of the last write; in a body, which has no such thing, it stands for its end. One
   * write is under way at a time.
   *
   * @param frames not to be kept beyond this write, which is over when {@link #written} is told
   * @return true if they have left; false if {@link #written} or {@link #broken} will be told, or
   *     has been
   * @throws IOException if they can't be written; the socket is then aborted
   */
  protected abstract boolean write(List<Frames> frames) throws IOException;

  /**
   * Whether all frames of the write under way have been written, asked when a part of them has
   * been. If not, {@link #write} is called with the same ones again: for servers that take one
   * message at a time.
   */
  protected boolean isWritten() {
    return true;
  }

  /** The close, or the end of the body, has been written. The client's answer is awaited. */
  protected void closeWritten() {}

  /**
   * Cuts the connection, whatever is being written; called once at most. What the server says about
   * it afterwards does no harm.
   */
  protected abstract void cut();

  /** Runs a task once, by the server's own timer or any other. */
  protected abstract Scheduler.Timer after(long delayMs, Runnable task);

  /** Tells whoever waits that it is over. */
  abstract void over();

  @Override
  public final void send(List<Frames> frames, Sent sent) {
    boolean refused;
    boolean mine = false;
    synchronized (this) {
      refused = shut;
      if (!refused) {
        this.frames = frames;
        this.sent = sent;
        mine = begin();
      }
    }
    if (refused) {
      sent.sent(false);
    } else if (mine) {
      work();
    }
  }

  @Override
  public void ping() {
    boolean mine;
    synchronized (this) {
      ping = true;
      mine = begin();
    }
    if (mine) {
      work();
    }
  }

  /** Answers a ping; if the last answer still waits, this one stands for both. */
  final void answer(Frames pongs) {
    boolean mine;
    synchronized (this) {
      pong = pongs;
      mine = begin();
    }
    if (mine) {
      work();
    }
  }

  @Override
  public final void close(int code, String reason) {
    boolean mine;
    synchronized (this) {
      if (shut) {
        return;
      }
      shut = true;
      close = Frames.close(code, reason);
      mine = begin();
    }
    Scheduler.Timer timer = after(CLOSE_MS, this::abort);
    boolean late;
    synchronized (this) {
      late = gone;
      deadline = timer;
    }
    if (late) {
      timer.cancel();
    }
    if (mine) {
      work();
    }
  }

  @Override
  public final void abort() {
    synchronized (this) {
      if (gone) {
        return;
      }
      shut = true;
      gone = true;
    }
    cut();
    over();
  }

  /** Whether the end has been asked for, by anybody, or has come. */
  public final boolean isClosing() {
    return shut;
  }

  /** The server has written what the last {@link #write} was given, or a part of it. */
  protected final void written() {
    synchronized (this) {
      if (calling) {
        returned = true; // write() is still on the stack: let it go on
        return;
      }
    }
    if (tellIfWritten()) {
      work();
    }
  }

  /** The server could not write. */
  protected final void broken(@Nullable Throwable failure) {
    LOG.debug("A socket takes no more", failure);
    abort();
  }

  /** Nothing is written any more; whoever waits for that hears so. */
  final void forget() {
    Sent unsent;
    Scheduler.Timer timer;
    synchronized (this) {
      shut = true;
      gone = true;
      unsent = sent;
      sent = null;
      frames = null;
      timer = deadline;
    }
    if (timer != null) {
      timer.cancel();
    }
    if (unsent != null) {
      unsent.sent(false);
    }
  }

  /** Whether the caller is to write. */
  private boolean begin() {
    if (writing || !take()) {
      return false;
    }
    writing = true;
    return true;
  }

  /** Writes until nothing waits, or the server takes its time. For the one who began. */
  private void work() {
    boolean on = true;
    while (on) {
      List<Frames> now = batch;
      if (now == null) {
        return;
      }
      try {
        if (!write(now) && !hasReturned()) {
          return;
        }
      } catch (IOException | RuntimeException e) {
        broken(e);
        return;
      }
      on = tellIfWritten();
    }
  }

  private synchronized boolean hasReturned() {
    calling = false;
    return returned;
  }

  /** Whether there is more to write. */
  private boolean tellIfWritten() {
    boolean whole = isWritten();
    Sent told = null;
    boolean ended;
    synchronized (this) {
      if (!whole) {
        calling = !gone;
        returned = false;
        writing = !gone;
        return !gone;
      }
      if (frames == null) {
        told = sent;
        sent = null;
      }
      ended = ending;
      calling = false;
    }
    if (told != null) {
      told.sent(true); // it may send again: that waits, so the stack does not grow
    }
    if (ended) {
      closeWritten();
    }
    synchronized (this) {
      writing = take();
      return writing;
    }
  }

  /** Whether there is something to write next. */
  private boolean take() {
    if (gone || ending) {
      batch = null;
      return false;
    }
    if (pong == null && !ping && close == null) {
      batch = frames;
      frames = null;
    } else {
      batch = gathered();
    }
    calling = true;
    returned = false;
    return batch != null;
  }

  private List<Frames> gathered() {
    List<Frames> all = new ArrayList<>(frames == null ? 3 : frames.size() + 3);
    if (pong != null) {
      all.add(pong);
      pong = null;
    }
    if (ping) {
      all.add(PING);
      ping = false;
    }
    if (frames != null) {
      all.addAll(frames);
      frames = null;
    }
    if (close != null) {
      all.add(close);
      close = null;
      ending = true;
    }
    return all;
  }
}
