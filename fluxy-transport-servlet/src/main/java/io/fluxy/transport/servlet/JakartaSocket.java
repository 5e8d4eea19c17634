package io.fluxy.transport.servlet;

import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending side of a WebSocket. Some containers take one message at a time, so whatever wants to
 * go out meanwhile waits here: at most one ping, one send of the engine and one farewell. Text goes
 * out asynchronously; pings and farewells, which Jakarta lets block, on a thread of the scheduler.
 */
final class JakartaSocket implements Socket, SendHandler {
  private static final Logger LOG = LoggerFactory.getLogger(JakartaSocket.class);
  private static final long CLOSE_MS = 5_000;
  private static final long DROP_MS = 1_000;
  private static final int REASON_BYTES_MAX = 123;

  private final Session session;
  private final RemoteEndpoint.Async remote;
  private final Scheduler scheduler;
  private final Runnable ended;

  // Guarded by this.
  private boolean writing; // somebody sends, or will be called back
  private boolean calling; // sendText() is on the stack
  private boolean returned; // it is done already
  private boolean ping;
  private @Nullable List<Frames> frames; // under way, from frame and text on
  private int frame;
  private int text;
  private @Nullable Sent sent;
  private @Nullable ByteBuffer pinging; // of the frames under way
  private @Nullable CloseReason close;
  private boolean closed; // the farewell has been handed to the container
  private boolean aborted;
  private boolean over;
  private Scheduler.@Nullable Timer deadline;

  /**
   * @param ended called when the connection has been given up
   */
  JakartaSocket(Session session, Scheduler scheduler, Runnable ended) {
    this.session = session;
    this.remote = session.getAsyncRemote();
    this.scheduler = scheduler;
    this.ended = ended;
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    boolean shut;
    boolean mine = false;
    synchronized (this) {
      shut = close != null || aborted || over;
      if (!shut) {
        this.frames = frames;
        this.sent = sent;
        frame = 0;
        text = 0;
        mine = begin();
      }
    }
    if (shut) {
      sent.sent(false);
    } else if (mine) {
      flush();
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
      flush();
    }
  }

  @Override
  public void close(int code, String reason) {
    boolean mine;
    synchronized (this) {
      if (close != null || aborted || over) {
        return;
      }
      close = new CloseReason(CloseReason.CloseCodes.getCloseCode(code), fitting(reason));
      deadline = scheduler.after(CLOSE_MS, this::abort);
      mine = begin();
    }
    if (mine) {
      flush();
    }
  }

  private static String fitting(String reason) {
    byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, REASON_BYTES_MAX);
    while (length < bytes.length && length > 0 && (bytes[length] & 0xC0) == 0x80) {
      length--; // not within a character
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public void abort() {
    synchronized (this) {
      if (aborted || over) {
        return;
      }
      aborted = true;
    }
    scheduler.run(this::drop);
  }

  /** Some containers never say that a connection is closed whose client does not read. */
  private void drop() {
    ended.run();
    CloseReason nothing = new CloseReason(CloseReason.CloseCodes.CLOSED_ABNORMALLY, "");
    hangUp(nothing, DROP_MS); // with this code Tomcat waits least
  }

  /** Whether a close has been asked for, by anybody. */
  synchronized boolean isClosing() {
    return close != null || aborted || over;
  }

  /** The connection is gone. */
  void over() {
    Sent unsent;
    synchronized (this) {
      over = true;
      unsent = taken();
      frames = null;
      if (deadline != null) {
        deadline.cancel();
      }
    }
    if (unsent != null) {
      unsent.sent(false);
    }
  }

  /** Whether the caller is to send. */
  private boolean begin() {
    if (writing || over) {
      return false;
    }
    writing = true;
    return true;
  }

  /** Sends until nothing waits, or the container takes its time. For the one who began. */
  private void flush() {
    boolean on = true;
    while (on) {
      String message = null;
      Sent done = null;
      Runnable control = null;
      synchronized (this) {
        if (ping && !over) {
          ping = false;
          control = this::sendPing;
        } else if (frames != null) {
          message = next();
          control = pinging == null ? null : this::sendPinging;
          done = message == null && pinging == null ? taken() : null;
        } else if (close != null && !closed && !over) {
          closed = true;
          control = this::sendClose;
        } else {
          writing = false;
          return;
        }
      }
      if (message != null) {
        on = sendText(message);
      } else if (control != null) {
        scheduler.run(control);
        return;
      } else if (done != null) {
        done.sent(true);
      }
    }
  }

  private @Nullable Sent taken() {
    Sent taken = sent;
    sent = null;
    return taken;
  }

  /** The next text; null if there is none, and then the send is over. */
  private @Nullable String next() {
    while (frames != null && frame < frames.size()) {
      pinging = frames.get(frame).pinging();
      if (pinging != null) {
        frame++;
        return null;
      }
      List<String> texts = frames.get(frame).strings();
      if (text < texts.size()) {
        calling = true;
        returned = false;
        return texts.get(text++);
      }
      frame++;
      text = 0;
    }
    frames = null;
    return null;
  }

  /** Whether it has been sent. */
  private boolean sendText(String message) {
    try {
      remote.sendText(message, this);
    } catch (RuntimeException e) {
      failed(e);
      return false;
    }
    synchronized (this) {
      calling = false;
      return returned;
    }
  }

  @Override
  public void onResult(SendResult result) {
    if (!result.isOK()) {
      failed(result.getException());
      return;
    }
    synchronized (this) {
      if (calling) {
        returned = true; // sendText() goes on
        return;
      }
    }
    flush();
  }

  private void sendPing() {
    sendPing(ByteBuffer.allocate(0));
  }

  private void sendPinging() {
    ByteBuffer payload;
    synchronized (this) {
      payload = pinging;
      pinging = null;
    }
    if (payload != null) {
      sendPing(payload);
    }
  }

  private void sendPing(ByteBuffer payload) {
    try {
      remote.sendPing(payload);
    } catch (IOException | RuntimeException e) {
      failed(e);
      return;
    }
    flush();
  }

  private void sendClose() {
    CloseReason reason;
    synchronized (this) {
      reason = close;
    }
    if (reason != null) {
      hangUp(reason, CLOSE_MS);
    }
  }

  /**
   * @param answerMs for how long the client's answer, or its reading, is awaited where nothing else
   *     ends that
   */
  private void hangUp(CloseReason reason, long answerMs) {
    try {
      session.setMaxIdleTimeout(answerMs);
      session.close(reason);
    } catch (IOException | RuntimeException e) {
      LOG.debug("A socket was over before it could be closed", e);
    }
  }

  private void failed(@Nullable Throwable failure) {
    LOG.debug("A socket takes no more", failure);
    abort();
  }
}
