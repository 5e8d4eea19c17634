package io.fluxy.protocol.pushflo;

import io.fluxy.chat.RefusedException;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** PushFlo's paths: one for sockets, and the API of servers. */
final class PushFloProtocol implements Protocol {
  private static final String API = "/api/v1";
  private static final String SOCKET = "/ws";

  private final Map<String, LiveApp> apps;
  private final Set<String> socketPaths;
  private final Credentials credentials;
  private final Routes routes = new Routes();

  PushFloProtocol(List<LiveApp> live, Services services) {
    apps = live.stream().collect(Collectors.toMap(app -> app.config().project(), app -> app));
    socketPaths =
        live.stream()
            .map(app -> app.config().basePath() + SOCKET)
            .collect(Collectors.toCollection(TreeSet::new));
    socketPaths.add(SOCKET);
    socketPaths.add("/" + SOCKET); // of an address that ended with two slashes
    credentials = new Credentials(apps, services);
    Keyed keyed = new Keyed(credentials);
    PublishRoute.addTo(routes, keyed);
    HistoryRoute.addTo(routes, keyed);
    ChannelRoutes.addTo(routes, keyed);
    new TokenRoute(keyed, services).addTo(routes);
  }

  @Override
  public Routes routes() {
    return routes;
  }

  @Override
  public boolean serves(String rawPath) {
    return rawPath.startsWith(API + "/") || rawPath.equals(API) || socketPaths.contains(rawPath);
  }

  // HTTP.

  @Override
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    CompletionStage<ApiResponse> answer;
    try {
      answer = route(request);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer
        .exceptionallyCompose(
            failure -> {
              ApiProblem problem = problem(LiveApp.cause(failure));
              return problem == null
                  ? CompletableFuture.failedStage(failure)
                  : CompletableFuture.completedStage(problem.response());
            })
        .thenApply(response -> dressed(request, response));
  }

  private static @Nullable ApiProblem problem(Throwable failure) {
    if (failure instanceof ApiProblem problem) {
      return problem;
    } else if (failure instanceof RefusedException refused) {
      return ApiProblem.of(refused);
    }
    return failure instanceof StoreException ? ApiProblem.unavailable() : null;
  }

  private CompletionStage<ApiResponse> route(ApiRequest request) {
    if (socketPaths.contains(request.rawPath())) {
      throw new ApiProblem(400, "VALIDATION_ERROR", "A WebSocket is expected here");
    } else if (request.method().equals("OPTIONS")) {
      return CompletableFuture.completedStage(ApiResponse.empty(204));
    } else if (request.isBodyTooLarge()) {
      throw new ApiProblem(413, "PAYLOAD_TOO_LARGE", "The body is too large");
    }
    Optional<Routes.Match> match = routes.match(request);
    if (match.isPresent()) {
      return match.get().answer(request);
    }
    Set<String> methods = routes.methodsFor(request);
    if (methods.isEmpty()) {
      throw new ApiProblem(404, "NOT_FOUND", "No such route");
    }
    ApiProblem wrong =
        new ApiProblem(405, "METHOD_NOT_ALLOWED", "Only " + String.join(", ", methods));
    return CompletableFuture.completedStage(
        wrong.response().with("Allow", String.join(", ", methods)));
  }

  /** Pages may ask if any app's may: whose key it is, a preflight does not say. */
  private ApiResponse dressed(ApiRequest request, ApiResponse response) {
    Optional<String> origin = request.header("Origin");
    if (origin.isEmpty() || apps.values().stream().noneMatch(app -> app.config().allows(origin))) {
      return response;
    }
    return response
        .with("Access-Control-Allow-Origin", origin.get())
        .with("Vary", "Origin")
        .with("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE, OPTIONS")
        .with("Access-Control-Allow-Headers", "Content-Type, Authorization, Idempotency-Key")
        .with("Access-Control-Max-Age", "600");
  }

  // Sockets.

  /** Whatever is wrong, the client is let in and told so: it takes no other answer (2.5). */
  @Override
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    if (!socketPaths.contains(request.rawPath())) {
      return answer(request).thenApply(Handshake::refuse);
    }
    return credentials
        .check(request.query("token").orElse(null), request.peer())
        .handle(
            (who, failure) ->
                failure == null
                    ? admitted(who, request)
                    : turnedAway(failed(LiveApp.cause(failure))));
  }

  private static Handshake admitted(Credential who, ApiRequest request) {
    LiveApp app = who.app();
    if (!app.config().allows(request.header("Origin"))) {
      return turnedAway(new Objection(4003, "FORBIDDEN", "This page may not connect"));
    } else if (!app.hasRoomFor(who)) {
      return turnedAway(new Objection(4029, "RATE_LIMITED", "Too many connections, try later"));
    }
    PushFloSocket socket = new PushFloSocket(app, recognised(who, request));
    return Handshake.accept(
        opened -> app.services().lines().open(opened, socket.identity(), socket));
  }

  /** A key that all share says nothing of who comes back; the app may say what does. */
  private static Credential recognised(Credential who, ApiRequest request) {
    if (who.resumeKey() != null || !who.app().config().has(Option.RESTORE_BY_ADDRESS)) {
      return who;
    }
    String page = request.header("Origin").orElse("");
    return who.resumingBy(who.tag() + "/" + page + "/" + request.peer());
  }

  /** Why a client is not let in. */
  private record Objection(int closeCode, String code, String message) {}

  private static Objection failed(Throwable failure) {
    return failure instanceof Rejected rejected
        ? new Objection(
            rejected.isOneOfTooMany() ? 4029 : 4001,
            rejected.code(),
            String.valueOf(rejected.getMessage()))
        : new Objection(1011, "SERVER_ERROR", "The storage does not answer, try later");
  }

  private static Handshake turnedAway(Objection objection) {
    return Handshake.turnAway(
        PushFloFrames.error(objection.code(), objection.message(), null),
        objection.closeCode(),
        objection.message());
  }
}
