package io.fluxy.transport.jetty;

import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The handshake of RFC 6455, without extensions. */
final class WebSocketUpgrade {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final HttpField UPGRADE = new PreEncodedHttpField(HttpHeader.UPGRADE, "websocket");
  private static final HttpField CONNECTION =
      new PreEncodedHttpField(HttpHeader.CONNECTION, "Upgrade");

  private WebSocketUpgrade() {}

  /** Whether the request is for a WebSocket, well-formed or not. */
  static boolean asked(Request request) {
    HttpFields headers = request.getHeaders();
    return HttpMethod.GET.is(request.getMethod())
        && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
        && "websocket".equalsIgnoreCase(headers.get(HttpHeader.UPGRADE))
        && headers.contains(HttpHeader.CONNECTION, "upgrade");
  }

  /** What is wrong with the request, or null. */
  static @Nullable ApiResponse objection(Request request) {
    HttpFields headers = request.getHeaders();
    if (!"13".equals(headers.get(HttpHeader.SEC_WEBSOCKET_VERSION))) {
      return ApiResponse.empty(HttpStatus.UPGRADE_REQUIRED_426).with("Sec-WebSocket-Version", "13");
    }
    boolean hasBody = request.getLength() > 0 || headers.contains(HttpHeader.TRANSFER_ENCODING);
    if (!isKey(headers.get(HttpHeader.SEC_WEBSOCKET_KEY)) || hasBody) {
      return ApiResponse.empty(HttpStatus.BAD_REQUEST_400);
    }
    return null;
  }

  /**
   * Switches protocols; the handshake is opened once the client has been told.
   *
   * @param reading runs whatever reads from the socket, on the thread that asks it to
   */
  static void accept(
      Request request,
      Response response,
      Callback callback,
      Handshake handshake,
      Executor reading,
      long messageMax) {
    ConnectionMetaData meta = request.getConnectionMetaData();
    SocketConnection connection =
        new SocketConnection(
            meta.getConnection().getEndPoint(),
            meta.getConnector(),
            messageMax,
            handshake,
            reading);
    meta.getConnector().getEventListeners().forEach(connection::addEventListener);
    response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(UPGRADE);
    headers.put(CONNECTION);
    headers.put(
        HttpHeader.SEC_WEBSOCKET_ACCEPT,
        acceptKey(request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY)));
    if (handshake.subprotocol() != null) {
      headers.put(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, handshake.subprotocol());
    }
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
    response.write(true, null, callback);
  }

  private static boolean isKey(@Nullable String key) {
    try {
      return key != null && key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String acceptKey(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java platform has it
    }
  }
}
