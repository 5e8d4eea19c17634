package io.fluxy.transport.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Errors that no handler answered for: the status, and nothing about who serves or why it failed.
 */
final class PlainErrors implements Request.Handler {
  private static final byte[] INTERNAL_ERROR =
      "{\"error\":\"internal_error\"}".getBytes(StandardCharsets.UTF_8);

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    byte[] body = response.getStatus() == 500 ? INTERNAL_ERROR : new byte[0];
    if (body.length > 0) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
