package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Socket;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side of one WebSocket: tells the engine's listener what comes, one call at a time,
 * and when it is over. Pings are answered by the container, which tells nobody.
 */
final class WebSocketEndpoint extends Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketEndpoint.class);
  private static final int BUFFER_CHARS = 8 * 1024;

  /** Tomcat's own names, for how long a ping may block and a client's farewell be awaited. */
  private static final Map<String, Object> PATIENCE_MS =
      Map.of(
          "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", 1_000L,
          "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT", 3_000L);

  private final Fluxy fluxy;
  private final Scheduler scheduler;
  private final long messageBytesMax;
  private @Nullable Handshake handshake; // forgotten when it is done
  private @Nullable JakartaSocket socket;
  private Socket.@Nullable Listener listener;
  private @Nullable ByteArrayOutputStream parts; // of the message under way

  // Guarded by this: the listener hears one call at a time, and closed() last.
  private boolean telling;
  private boolean over;
  private boolean told;
  private int goodbye; // as the client has said it; 0 if it has not

  WebSocketEndpoint(Fluxy fluxy, Handshake handshake, Scheduler scheduler) {
    this.fluxy = fluxy;
    this.handshake = handshake;
    this.scheduler = scheduler;
    this.messageBytesMax = 2L * fluxy.limits().frameBytesMax();
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    session.getUserProperties().putAll(PATIENCE_MS);
    session.setMaxIdleTimeout(0); // the engine watches for silence and for stalled writes
    session.setMaxTextMessageBufferSize(BUFFER_CHARS); // messages come in parts
    session.setMaxBinaryMessageBufferSize(BUFFER_CHARS);
    JakartaSocket opened = new JakartaSocket(session, scheduler, this::over);
    socket = opened;
    tell(() -> listener = open(opened));
    session.addMessageHandler(String.class, (MessageHandler.Partial<String>) this::text);
    session.addMessageHandler(
        ByteBuffer.class,
        (MessageHandler.Partial<ByteBuffer>) (bytes, last) -> opened.close(1003, "text only"));
    session.addMessageHandler(
        PongMessage.class,
        (MessageHandler.Whole<PongMessage>) pong -> pong(pong.getApplicationData()));
  }

  private Socket.@Nullable Listener open(JakartaSocket opened) {
    Handshake accepted = handshake;
    handshake = null;
    return accepted == null ? null : accepted.open(opened);
  }

  private void text(String part, boolean last) {
    if (socket == null || socket.isClosing()) {
      return;
    }
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    if (parts == null && last) {
      tell(bytes);
      return;
    }
    if (parts == null) {
      parts = new ByteArrayOutputStream(2 * bytes.length);
    }
    parts.writeBytes(bytes);
    if (parts.size() > messageBytesMax) {
      parts = null;
      socket.close(1009, "message longer than " + messageBytesMax + " bytes");
    } else if (last) {
      byte[] whole = parts.toByteArray();
      parts = null;
      tell(whole);
    }
  }

  private void tell(byte[] message) {
    tell(
        () -> {
          if (listener != null) {
            listener.text(message);
          }
        });
  }

  private void pong(ByteBuffer payload) {
    tell(
        () -> {
          if (listener != null && socket != null && !socket.isClosing()) {
            listener.pong(payload);
          }
        });
  }

  /** Runs what may call the listener, then tells that it is over if it is. */
  private void tell(Runnable task) {
    synchronized (this) {
      if (over) {
        return;
      }
      telling = true;
    }
    try {
      fluxy.read(task);
    } catch (RuntimeException e) {
      LOG.warn("A socket's listener failed", e);
      if (socket != null) {
        socket.close(1011, "internal error");
      }
    }
    boolean end;
    synchronized (this) {
      telling = false;
      end = over;
    }
    if (end) {
      tellClosed();
    }
  }

  /** However it ended. */
  private void over() {
    boolean tell;
    synchronized (this) {
      over = true;
      tell = !telling;
    }
    if (socket != null) {
      socket.over();
    }
    if (tell) {
      tellClosed();
    }
  }

  private void tellClosed() {
    int said;
    synchronized (this) {
      if (told) {
        return;
      }
      told = true;
      said = goodbye;
    }
    if (listener != null) {
      if (said != 0) {
        listener.goodbye(said);
      }
      listener.closed();
    }
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    int code = reason.getCloseCode().getCode();
    if (code != CloseReason.CloseCodes.CLOSED_ABNORMALLY.getCode()
        && socket != null
        && !socket.isClosing()) {
      synchronized (this) {
        goodbye = code;
      }
    }
    over();
  }

  /** The container closes the session after this, if it can. */
  @Override
  public void onError(Session session, Throwable failure) {
    LOG.debug("A socket failed", failure);
  }
}
