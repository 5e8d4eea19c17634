package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.time.Scheduler;
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
 * What the container says of one WebSocket, to its socket. Pings are answered by the container,
 * which tells nobody.
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
  private @Nullable ByteArrayOutputStream parts; // of the message under way

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
    Handshake accepted = handshake;
    if (accepted == null) {
      return;
    }
    handshake = null;
    JakartaSocket opened = new JakartaSocket(session, scheduler, fluxy::read);
    socket = opened;
    opened.open(accepted::open);
    session.addMessageHandler(
        String.class, (MessageHandler.Partial<String>) (part, last) -> text(opened, part, last));
    session.addMessageHandler(
        ByteBuffer.class,
        (MessageHandler.Partial<ByteBuffer>) (bytes, last) -> opened.close(1003, "text only"));
    session.addMessageHandler(
        PongMessage.class,
        (MessageHandler.Whole<PongMessage>)
            pong -> opened.tell(() -> opened.pong(pong.getApplicationData())));
  }

  private void text(JakartaSocket from, String part, boolean last) {
    if (from.isClosing()) {
      return;
    }
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    if (parts == null && last) {
      from.tell(() -> from.text(bytes));
      return;
    }
    if (parts == null) {
      parts = new ByteArrayOutputStream(2 * bytes.length);
    }
    parts.writeBytes(bytes);
    if (parts.size() > messageBytesMax) {
      parts = null;
      from.close(1009, "message longer than " + messageBytesMax + " bytes");
    } else if (last) {
      byte[] whole = parts.toByteArray();
      parts = null;
      from.tell(() -> from.text(whole));
    }
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    if (socket != null) {
      int code = reason.getCloseCode().getCode();
      if (code != CloseReason.CloseCodes.CLOSED_ABNORMALLY.getCode()) {
        socket.goodbye(code);
      }
      socket.over();
    }
  }

  /** The container closes the session after this, if it can. */
  @Override
  public void onError(Session session, Throwable failure) {
    LOG.debug("A socket failed", failure);
  }
}
