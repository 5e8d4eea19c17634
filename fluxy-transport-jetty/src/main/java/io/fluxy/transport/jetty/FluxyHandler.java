package io.fluxy.transport.jetty;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests that belong to Fluxy and leaves the others to the next handler. Never blocks.
 */
final class FluxyHandler extends Handler.Abstract.NonBlocking {
  private final Fluxy fluxy;
  private final long bodyMsMax;

  FluxyHandler(Fluxy fluxy, long bodyMsMax) {
    this.fluxy = fluxy;
    this.bodyMsMax = bodyMsMax;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = pathInContext(request);
    if (path == null || !fluxy.serves(path)) {
      return false;
    }
    Exchange exchange = new Exchange(request, response, callback, path);
    if (WebSocketUpgrade.asked(request)) {
      upgrade(exchange);
    } else {
      BodyReader.read(
          request,
          fluxy.limits().bodyBytesMax(),
          bodyMsMax,
          (outcome, body) -> ask(exchange, outcome, body));
    }
    return true;
  }

  private void upgrade(Exchange exchange) {
    ApiResponse objection = WebSocketUpgrade.objection(exchange.request);
    if (objection != null) {
      exchange.closing(objection);
      return;
    }
    long messageBytesMax = 2L * fluxy.limits().frameBytesMax();
    fluxy
        .handshake(exchange.asked(new byte[0]))
        .thenAccept(handshake -> exchange.answer(handshake, fluxy::read, messageBytesMax))
        .exceptionally(exchange::failed);
  }

  private void ask(Exchange exchange, BodyReader.Outcome outcome, byte[] body) {
    switch (outcome) {
      case READ -> answer(exchange, exchange.asked(body));
      case TOO_LARGE -> {
        exchange.close();
        answer(exchange, exchange.tooLarge());
      }
      case TOO_SLOW -> exchange.closing(error(HttpStatus.REQUEST_TIMEOUT_408, "request_timeout"));
      case BROKEN -> exchange.closing(ApiResponse.empty(HttpStatus.BAD_REQUEST_400));
    }
  }

  private void answer(Exchange exchange, ApiRequest asked) {
    fluxy.answer(asked).thenAccept(exchange::write).exceptionally(exchange::failed);
  }

  /** The path as it came, below the context; null if it is not told from the context's own. */
  private static @Nullable String pathInContext(Request request) {
    String path = request.getHttpURI().getPath();
    String context = request.getContext().getContextPath();
    if (path == null || context == null || context.length() <= 1) {
      return path;
    }
    return path.startsWith(context + "/") ? path.substring(context.length()) : null;
  }

  private static ApiResponse error(int status, String code) {
    return ApiResponse.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("error", code);
          json.writeEndObject();
        });
  }

  /** One request and what becomes of it. */
  private record Exchange(Request request, Response response, Callback callback, String path) {
    ApiRequest asked(byte[] body) {
      return ApiRequest.of(method(), target(), headers(), body, Request.getRemoteAddr(request));
    }

    ApiRequest tooLarge() {
      return ApiRequest.tooLarge(method(), target(), headers(), Request.getRemoteAddr(request));
    }

    void answer(Handshake handshake, Executor reading, long messageBytesMax) {
      ApiResponse refusal = handshake.refusal();
      if (refusal != null) {
        write(refusal);
      } else {
        WebSocketUpgrade.accept(request, response, callback, handshake, reading, messageBytesMax);
      }
    }

    /** The engine's answers do not fail, but writing one might. */
    @Nullable Void failed(Throwable failure) {
      callback.failed(failure);
      return null;
    }

    /** The connection is of no use after the answer: who knows what the client still sends. */
    void close() {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }

    void closing(ApiResponse answer) {
      close();
      write(answer);
    }

    void write(ApiResponse answer) {
      response.setStatus(answer.status());
      answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
      boolean head = HttpMethod.HEAD.is(request.getMethod());
      if (answer.stream() != null && !head) {
        EventStreamSocket.open(request, response, callback, answer.stream());
        return;
      }
      if (answer.stream() == null && mayHaveBody(answer.status())) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
      }
      Socket.Sent sent = answer.sent();
      Callback then =
          sent == null ? callback : new AnswerSent(callback, sent, Departed.hasGone(request));
      response.write(true, head ? null : ByteBuffer.wrap(answer.body()), then);
    }

    private static boolean mayHaveBody(int status) {
      return status != HttpStatus.NO_CONTENT_204 && status != HttpStatus.NOT_MODIFIED_304;
    }

    private String method() {
      return HttpMethod.HEAD.is(request.getMethod()) ? "GET" : request.getMethod();
    }

    private String target() {
      String query = request.getHttpURI().getQuery();
      return query == null ? path : path + "?" + query;
    }

    private Map<String, String> headers() {
      Map<String, String> headers = new HashMap<>();
      for (HttpField field : request.getHeaders()) {
        headers.merge(
            field.getLowerCaseName(),
            field.getValue() == null ? "" : field.getValue(),
            (one, another) -> one + ", " + another);
      }
      return headers;
    }
  }
}
