package io.fluxy.console;

import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import io.fluxy.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator console at {@code /fluxy/console/}: a page, and the API it asks. Not there unless
 * the host enables it.
 *
 * <p>Safe for use by many threads.
 */
public final class Console implements Protocol {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final String FOLDER = "/fluxy/console/";
  private static final String BARE = "/fluxy/console";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'";

  private final Assets assets = new Assets(FOLDER);
  private final Routes routes = new Routes();

  private Console(
      Services services,
      Backstage backstage,
      Pulse pulse,
      List<ConsoleOperator> operators,
      ConsoleLimits limits) {
    Sessions sessions = new Sessions(services.scheduler(), limits);
    Desk desk = new Desk(routes, FOLDER, sessions, services.projects());
    Journal journal = new Journal(services.operators(), services.scheduler());
    assets.paths().forEach(this::addAsset);
    new SignIn(services.scheduler(), sessions, operators, limits).addTo(desk);
    new OverviewRoutes(services, backstage, pulse).addTo(desk);
    new ProjectRoutes(services, journal).addTo(desk);
    new ChatRoutes(backstage, journal).addTo(desk);
    new RoomRoutes(services, journal).addTo(desk);
    new PeopleRoutes(services, backstage, journal).addTo(desk);
    new ExplainRoutes(services).addTo(desk);
    pulse.start(backstage, services.lines());
  }

  /**
   * Opens the console over an engine.
   *
   * @param operators at least one, each with a name of their own
   * @throws IllegalArgumentException if not
   */
  public static Console open(
      Services services,
      Backstage backstage,
      Pulse pulse,
      List<ConsoleOperator> operators,
      ConsoleLimits limits) {
    long names = operators.stream().map(ConsoleOperator::name).distinct().count();
    if (operators.isEmpty() || names < operators.size()) {
      throw new IllegalArgumentException("the console needs operators with names of their own");
    }
    return new Console(services, backstage, pulse, operators, limits);
  }

  private void addAsset(String path) {
    routes.on(
        "GET",
        path,
        (request, named) -> CompletableFuture.completedStage(assets.at(path).orElseThrow()));
  }

  @Override
  public boolean serves(String rawPath) {
    return rawPath.equals(BARE) || rawPath.startsWith(FOLDER);
  }

  @Override
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    CompletionStage<ApiResponse> answer;
    try {
      answer = route(request);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer.exceptionally(failure -> failed(request, failure)).thenApply(Console::dressed);
  }

  private CompletionStage<ApiResponse> route(ApiRequest request) {
    if (request.rawPath().equals(BARE)) {
      return CompletableFuture.completedStage(
          ApiResponse.text(308, "").with("Location", "console/"));
    }
    Optional<ApiResponse> asset = assets.at(request.rawPath());
    if (asset.isPresent()) {
      return CompletableFuture.completedStage(
          request.method().equals("GET") || request.method().equals("HEAD")
              ? asset.get()
              : ApiResponse.text(405, "Method Not Allowed").with("Allow", "GET"));
    }
    if (!request.rawPath().startsWith(FOLDER + "api/")) {
      throw new Declined(404, "not found");
    }
    Optional<Routes.Match> match = routes.match(request);
    if (match.isEmpty()) {
      Set<String> methods = routes.methodsFor(request);
      throw methods.isEmpty()
          ? new Declined(404, "not found")
          : new Declined(405, "this is for " + String.join(", ", methods));
    }
    return match.get().answer(request);
  }

  private static ApiResponse failed(ApiRequest request, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Declined declined) {
      return declined.response();
    } else if (cause instanceof RefusedException refused) {
      return refused(refused.refusal()).response();
    } else if (cause instanceof StoreException) {
      LOG.warn("{}: {}", request, cause.toString());
      return Declined.later(503, "the database does not answer: try again", 1).response();
    }
    LOG.error("{} could not be answered", request, cause);
    return new Declined(500, "something is broken; the server's log says what").response();
  }

  /** What a room has said no to, in the words it has for it. */
  static Declined refused(Refusal refusal) {
    int status =
        switch (refusal.reason()) {
          case UNAVAILABLE, BUSY -> 503;
          case RATE_LIMITED, QUOTA_EXCEEDED -> 429;
          case MESSAGE_NOT_FOUND, MEMBER_NOT_FOUND -> 404;
          case LIMIT_REACHED, MESSAGE_DELETED -> 409;
          case INTERNAL -> 500;
          default -> 400;
        };
    return Declined.later(status, refusal.detail(), refusal.retryAfterSeconds());
  }

  private static ApiResponse dressed(ApiResponse response) {
    ApiResponse dressed =
        response
            .with("Content-Security-Policy", POLICY)
            .with("X-Content-Type-Options", "nosniff")
            .with("X-Frame-Options", "DENY")
            .with("Referrer-Policy", "no-referrer")
            .with("Cross-Origin-Opener-Policy", "same-origin")
            .with("Cross-Origin-Resource-Policy", "same-origin");
    return response.headers().containsKey("Cache-Control")
        ? dressed
        : dressed.with("Cache-Control", "no-store");
  }

  @Override
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    return CompletableFuture.completedStage(
        Handshake.refuse(ApiResponse.text(400, "no WebSocket is spoken here")));
  }

  @Override
  public Routes routes() {
    return routes;
  }
}
