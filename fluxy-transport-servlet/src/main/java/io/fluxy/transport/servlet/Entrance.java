package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.time.RunningScheduler;
import io.fluxy.time.Scheduler;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where requests come in: takes those that belong to Fluxy. Holds no thread while one waits. */
final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
  private static final Pattern BELOW = Pattern.compile("(/[^/?#]+)*");
  private static final String DECIDED = Entrance.class.getName() + ".decided";
  private static final String NO_SOCKETS = "websocket_not_supported";
  private static final long BODY_MS_MAX = 30_000;

  /** For what Jakarta offers only as calls that may block, pings and closes, and for deadlines. */
  private static final int THREADS = 2;

  private final Fluxy fluxy;
  private final String below;
  private final long bodyMsMax;
  private final Set<EventStreamSocket> streams = ConcurrentHashMap.newKeySet();
  private @Nullable RunningScheduler scheduler;

  Entrance(Fluxy fluxy, String below) {
    this(fluxy, below, BODY_MS_MAX);
  }

  Entrance(Fluxy fluxy, String below, long bodyMsMax) {
    if (!BELOW.matcher(below).matches()) {
      throw new IllegalArgumentException("neither empty nor like /chat: " + below);
    }
    this.fluxy = fluxy;
    this.below = below;
    this.bodyMsMax = bodyMsMax;
  }

  void open(ServletContext servletContext) {
    scheduler = Scheduler.start(THREADS);
    String path = servletContext.getContextPath() + below;
    if (!path.isEmpty()) {
      LOG.warn(
          "Fluxy is served below {}: clients of FluxyChat and PushFlo speak to the root of an"
              + " origin and will not find it, unless a proxy takes that path off",
          path);
    }
  }

  /** Ends what nobody else would tell: the container closes web sockets, but not streams. */
  void close() {
    streams.forEach(EventStreamSocket::stop);
    if (scheduler != null) {
      scheduler.close();
    }
  }

  /** Answers a request, now or later; false if it is not for Fluxy. */
  boolean take(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    RunningScheduler running = scheduler;
    if (running == null) {
      throw new ServletException("not initialised");
    }
    if (request.getAttribute(EventStreamSocket.ABORTED) != null) {
      throw new Aborted();
    }
    if (request.getAttribute(DECIDED) instanceof Handshake decided) {
      decided(request, response, decided, running);
      return true;
    }
    String path = path(request);
    if (path == null || !fluxy.serves(path)) {
      return false;
    }
    if (!request.isAsyncSupported()) {
      throw new ServletException(
          "FluxyServlet and the filters in front of it must be registered with async-supported");
    }
    if (UpgradeRequest.asked(request)) {
      upgrade(request, response, path, running);
    } else {
      Exchange exchange = new Exchange(request, response, path, running, streams);
      BodyReader.read(
          request,
          running,
          fluxy.limits().bodyBytesMax(),
          bodyMsMax,
          (outcome, body) -> ask(exchange, outcome, body));
    }
    return true;
  }

  private void ask(Exchange exchange, BodyReader.Outcome outcome, byte[] body) {
    switch (outcome) {
      case READ -> answer(exchange, exchange.asked(body));
      case TOO_LARGE -> {
        exchange.close();
        answer(exchange, exchange.tooLarge());
      }
      case TOO_SLOW -> exchange.closing(Exchange.error(408, "request_timeout"));
      case BROKEN -> exchange.closing(ApiResponse.empty(400));
    }
  }

  private void answer(Exchange exchange, ApiRequest asked) {
    fluxy.answer(asked).thenAccept(exchange::write).exceptionally(exchange::failed);
  }

  private void upgrade(
      HttpServletRequest request, HttpServletResponse response, String path, Scheduler running)
      throws ServletException, IOException {
    ApiResponse objection = UpgradeRequest.objection(request);
    if (objection == null
        && request.getServletContext().getAttribute(UpgradeRequest.CONTAINER) == null) {
      objection = Exchange.error(501, NO_SOCKETS);
    }
    if (objection != null) {
      refuse(response, objection);
      return;
    }
    CompletionStage<Handshake> deciding =
        fluxy.handshake(Exchange.asked(request, path, new byte[0]));
    CompletableFuture<Handshake> known = deciding.toCompletableFuture();
    if (known.isDone()) {
      decided(request, response, known.join(), running);
      return;
    }
    AsyncContext async = request.startAsync();
    async.setTimeout(0);
    deciding.thenAccept(
        handshake -> {
          request.setAttribute(DECIDED, handshake);
          async.dispatch(); // an upgrade is for the thread of a request
        });
  }

  private void decided(
      HttpServletRequest request,
      HttpServletResponse response,
      Handshake handshake,
      Scheduler running)
      throws ServletException, IOException {
    ApiResponse refusal = handshake.refusal();
    if (refusal != null) {
      refuse(response, refusal);
      return;
    }
    try {
      WebSocketUpgrade.accept(request, response, handshake, fluxy, running);
    } catch (UnsupportedOperationException e) { // Quarkus has a container that can't
      refuse(response, Exchange.error(501, NO_SOCKETS));
    }
  }

  private static void refuse(HttpServletResponse response, ApiResponse refusal) throws IOException {
    Exchange.head(response, refusal);
    response.setContentLength(refusal.body().length);
    response.getOutputStream().write(refusal.body());
  }

  /** The path as it came, below ours; null if it is not told from the context's own. */
  private @Nullable String path(HttpServletRequest request) {
    String path = request.getRequestURI();
    String front = request.getContextPath() + below;
    if (front.isEmpty()) {
      return path;
    }
    return path.startsWith(front + "/") ? path.substring(front.length()) : null;
  }

  /** Makes the container drop the connection of a request that is half answered. */
  private static final class Aborted extends ServletException {
    Aborted() {
      super("a stream is aborted");
    }

    /** Containers log what comes out of a servlet; where from is known. */
    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
