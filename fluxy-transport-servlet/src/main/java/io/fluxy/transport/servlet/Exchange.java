package io.fluxy.transport.servlet;

import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Socket;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request, answered asynchronously. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final String path;
  private final Scheduler scheduler;
  private final Set<EventStreamSocket> streams;
  private final AsyncContext async;

  /**
   * @param streams where an open stream puts itself
   */
  Exchange(
      HttpServletRequest request,
      HttpServletResponse response,
      String path,
      Scheduler scheduler,
      Set<EventStreamSocket> streams) {
    this.request = request;
    this.response = response;
    this.path = path;
    this.scheduler = scheduler;
    this.streams = streams;
    this.async = request.startAsync(request, response);
    async.setTimeout(0); // the engine knows how long a poll or a stream may take
  }

  ApiRequest asked(byte[] body) {
    return asked(request, path, body);
  }

  ApiRequest tooLarge() {
    return ApiRequest.tooLarge(
        method(request), target(request, path), headers(request), request.getRemoteAddr());
  }

  static ApiRequest asked(HttpServletRequest request, String path, byte[] body) {
    return ApiRequest.of(
        method(request), target(request, path), headers(request), body, request.getRemoteAddr());
  }

  /** The connection is of no use after the answer: who knows what the client still sends. */
  void close() {
    response.setHeader("Connection", "close");
  }

  void closing(ApiResponse answer) {
    close();
    write(answer);
  }

  void write(ApiResponse answer) {
    head(response, answer);
    boolean head = "HEAD".equals(request.getMethod());
    if (answer.stream() != null && !head) {
      EventStreamSocket.open(async, scheduler, answer.stream(), streams);
      return;
    }
    if (answer.stream() == null && mayHaveBody(answer.status())) {
      response.setContentLength(answer.body().length);
    }
    Socket.Sent sent = answer.sent();
    try {
      BodyWriter.write(async, head ? new byte[0] : answer.body(), sent);
    } catch (IOException e) {
      if (sent != null) {
        sent.sent(false);
      }
      async.complete(); // the client has gone
    }
  }

  /** The engine's answers do not fail, but writing one might: the client has gone, say. */
  @Nullable Void failed(Throwable failure) {
    LOG.debug("An answer could not be written", failure);
    return null;
  }

  /** Status and headers. */
  static void head(HttpServletResponse response, ApiResponse answer) {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
  }

  static ApiResponse error(int status, String code) {
    return ApiResponse.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("error", code);
          json.writeEndObject();
        });
  }

  private static boolean mayHaveBody(int status) {
    return status != HttpServletResponse.SC_NO_CONTENT
        && status != HttpServletResponse.SC_NOT_MODIFIED;
  }

  private static String method(HttpServletRequest request) {
    return "HEAD".equals(request.getMethod()) ? "GET" : request.getMethod();
  }

  private static String target(HttpServletRequest request, String path) {
    String query = request.getQueryString();
    return query == null ? path : path + "?" + query;
  }

  private static Map<String, String> headers(HttpServletRequest request) {
    Map<String, String> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name, String.join(", ", Collections.list(request.getHeaders(name))));
    }
    return headers;
  }
}
