package io.fluxy.examples.quarkus;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Socket;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Brings requests to the engine, and its answers back: HTTP, event streams, WebSockets. Knows no
 * route and no frame of any protocol. Copy it into your application.
 */
@ApplicationScoped
public class FluxyRoute {
  private static final int BEFORE_PAGES = -1;

  private Fluxy fluxy;

  /** Called when the application starts. */
  void register(@Observes Router router, Fluxy engine) {
    fluxy = engine;
    router.route().order(BEFORE_PAGES).handler(this::take);
  }

  private void take(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!fluxy.serves(request.path())) {
      context.next();
    } else if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      upgrade(request);
    } else {
      read(request);
    }
  }

  /** Decided before the upgrade, so that a refusal has an HTTP status. */
  private void upgrade(HttpServerRequest request) {
    request.pause();
    Context loop = Vertx.currentContext();
    fluxy
        .handshake(asked(request, new byte[0]))
        .thenAccept(handshake -> loop.runOnContext(now -> decided(request, handshake)));
  }

  private void decided(HttpServerRequest request, Handshake handshake) {
    ApiResponse refusal = handshake.refusal();
    if (refusal != null) {
      request.resume();
      write(request, refusal);
    } else {
      request
          .toWebSocket()
          .onSuccess(socket -> VertxSocket.open(socket, request.connection(), handshake, fluxy));
    }
  }

  private void read(HttpServerRequest request) {
    Context loop = Vertx.currentContext();
    int most = fluxy.limits().bodyBytesMax();
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() <= most) {
            body.appendBuffer(part); // one part too many, and the rest is dropped
          }
        });
    request.endHandler(
        end ->
            fluxy
                .answer(body.length() > most ? tooLarge(request) : asked(request, body.getBytes()))
                .thenAccept(answer -> loop.runOnContext(now -> write(request, answer))));
  }

  private static void write(HttpServerRequest request, ApiResponse answer) {
    HttpServerResponse response = request.response().setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (request.method() == HttpMethod.HEAD) {
      response.end();
    } else if (answer.stream() != null) {
      VertxStream.open(response, request.connection(), answer.stream());
    } else {
      Socket.Sent sent = answer.sent();
      if (sent == null) {
        response.end(Buffer.buffer(answer.body()));
      } else if (response.closed()) {
        sent.sent(false);
      } else {
        response.end(Buffer.buffer(answer.body())).onComplete(end -> sent.sent(end.succeeded()));
      }
    }
  }

  private static ApiRequest asked(HttpServerRequest request, byte[] body) {
    return ApiRequest.of(method(request), request.uri(), headers(request), body, peer(request));
  }

  private static ApiRequest tooLarge(HttpServerRequest request) {
    return ApiRequest.tooLarge(method(request), request.uri(), headers(request), peer(request));
  }

  private static String method(HttpServerRequest request) {
    return request.method() == HttpMethod.HEAD ? "GET" : request.method().name();
  }

  private static String peer(HttpServerRequest request) {
    return request.remoteAddress().hostAddress();
  }

  private static Map<String, String> headers(HttpServerRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            header ->
                headers.merge(
                    header.getKey().toLowerCase(Locale.ROOT),
                    header.getValue(),
                    (one, other) -> one + ", " + other));
    return headers;
  }
}
