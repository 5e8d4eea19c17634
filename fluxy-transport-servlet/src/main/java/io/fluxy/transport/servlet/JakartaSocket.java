package io.fluxy.transport.servlet;

import io.fluxy.connection.PeerSocket;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Frames;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket of Jakarta's. Some containers take one message at a time, so frames go out one by
 * one: text asynchronously; pings and closes, which Jakarta lets block, on a thread of the
 * scheduler.
 */
final class JakartaSocket extends PeerSocket implements SendHandler {
  private static final Logger LOG = LoggerFactory.getLogger(JakartaSocket.class);
  private static final long ANSWER_MS = 5_000;
  private static final long CUT_MS = 1_000;

  private final Session session;
  private final RemoteEndpoint.Async remote;
  private final Scheduler scheduler;

  // Where the write under way is: for whoever writes.
  private int frame;
  private int text;
  private boolean rest;

  JakartaSocket(Session session, Scheduler scheduler, Executor reading) {
    super(reading);
    this.session = session;
    this.remote = session.getAsyncRemote();
    this.scheduler = scheduler;
  }

  @Override
  protected boolean write(List<Frames> frames) {
    Frames some = frames.get(frame);
    List<String> texts = some.strings();
    boolean control = texts.isEmpty();
    String message = control ? "" : texts.get(text++);
    if (text >= texts.size()) {
      frame++;
      text = 0;
    }
    rest = frame < frames.size();
    if (!rest) {
      frame = 0;
    }
    if (control) {
      scheduler.run(() -> control(some));
    } else {
      remote.sendText(message, this);
    }
    return false;
  }

  @Override
  protected boolean isWritten() {
    return !rest;
  }

  @Override
  public void onResult(SendResult result) {
    if (result.isOK()) {
      written();
    } else {
      broken(result.getException());
    }
  }

  private void control(Frames some) {
    ByteBuffer ping = some.pinging();
    if (ping != null) {
      try {
        remote.sendPing(ping);
      } catch (IOException | RuntimeException e) {
        broken(e);
        return;
      }
    } else if (some.isClose()) {
      CloseReason.CloseCode code = CloseReason.CloseCodes.getCloseCode(some.closeCode());
      hangUp(new CloseReason(code, some.closeReason()), ANSWER_MS);
    }
    written();
  }

  @Override
  protected void cut() { // with this code Tomcat waits least
    CloseReason nothing = new CloseReason(CloseReason.CloseCodes.CLOSED_ABNORMALLY, "");
    scheduler.run(() -> hangUp(nothing, CUT_MS));
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

  @Override
  protected Scheduler.Timer after(long delayMs, Runnable task) {
    return scheduler.after(delayMs, task);
  }
}
