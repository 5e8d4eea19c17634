package io.fluxy.protocol.pusher;

import io.fluxy.chat.RefusedException;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.store.StoreException;
import io.fluxy.wire.Socket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Pusher's paths: sockets, and the API of servers. */
final class PusherProtocol implements Protocol {
  private static final String SUBPROTOCOL = "pusher-channels-protocol-7";
  private static final int PROTOCOL_MIN = 4;
  private static final int PROTOCOL_MAX = 7;

  private final Map<String, LiveApp> byId = new HashMap<>();
  private final Map<String, LiveApp> byKey = new HashMap<>();
  private final Routes routes = new Routes();

  PusherProtocol(List<LiveApp> apps) {
    for (LiveApp app : apps) {
      byId.put(app.config().id(), app);
      app.config().keys().forEach(key -> byKey.put(key.key(), app));
    }
    Signed signed = new Signed(byId::get);
    Counts counts = new Counts();
    new EventRoutes(signed, counts).addTo(routes);
    new ChannelRoutes(signed, counts).addTo(routes);
    if (!apps.isEmpty()) {
      new AuthRoutes(apps, apps.get(0).services()).addTo(routes);
    }
  }

  @Override
  public Routes routes() {
    return routes;
  }

  @Override
  public boolean serves(String rawPath) {
    return rawPath.startsWith("/app/")
        || rawPath.startsWith("/apps/")
        || AuthRoutes.PATHS.contains(rawPath);
  }

  @Override
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    CompletionStage<ApiResponse> answer;
    try {
      answer = route(request);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer.exceptionallyCompose(
        failure -> {
          ApiProblem problem = problem(LiveApp.cause(failure));
          return problem == null
              ? CompletableFuture.failedStage(failure)
              : CompletableFuture.completedStage(problem.response());
        });
  }

  private static @Nullable ApiProblem problem(Throwable failure) {
    if (failure instanceof ApiProblem problem) {
      return problem;
    } else if (failure instanceof RefusedException refused) {
      return ApiProblem.of(refused);
    }
    return failure instanceof StoreException
        ? new ApiProblem(503, "the storage does not answer, try later")
        : null;
  }

  private CompletionStage<ApiResponse> route(ApiRequest request) {
    if (request.isBodyTooLarge()) {
      throw new ApiProblem(413, "the body is too large");
    } else if (request.rawPath().startsWith("/app/")) {
      throw new ApiProblem(400, "a WebSocket is expected here");
    }
    return routes
        .match(request)
        .orElseThrow(() -> new ApiProblem(404, "no such route"))
        .answer(request);
  }

  /** Whatever is wrong, the client is let in and told so: it takes no other answer (fact 5). */
  @Override
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    if (!request.rawPath().startsWith("/app/")) {
      return answer(request).thenApply(Handshake::refuse);
    }
    String key = request.rawPath().substring("/app/".length());
    LiveApp app = byKey.get(key);
    Handshake handshake =
        app == null ? turnedAway(unknown(key)) : admittedOrTurnedAway(app, request);
    return CompletableFuture.completedStage(
        offers(request) ? handshake.in(SUBPROTOCOL) : handshake);
  }

  private static Handshake admittedOrTurnedAway(LiveApp app, ApiRequest request) {
    Objection objection = objection(app, request);
    return objection == null
        ? Handshake.accept(socket -> open(app, socket))
        : turnedAway(objection);
  }

  private static Handshake turnedAway(Objection objection) {
    return Handshake.turnAway(
        PusherFrames.error(objection.code(), objection.message()),
        objection.code(),
        objection.message());
  }

  private static Socket.Listener open(LiveApp app, Socket socket) {
    PusherSocket conversation = new PusherSocket(app);
    return app.services().lines().open(socket, conversation.identity(), conversation);
  }

  private record Objection(int code, String message) {}

  private static Objection unknown(String key) {
    return key.indexOf('/') >= 0 || key.isEmpty()
        ? new Objection(4005, "Path not found")
        : new Objection(4001, "App key " + Signed.shown(key) + " does not exist.");
  }

  private static @Nullable Objection objection(LiveApp app, ApiRequest request) {
    if (!app.isEnabled()) {
      return new Objection(4003, "The app is disabled");
    } else if (app.isDraining()) {
      return new Objection(4100, "Over capacity, try later");
    } else if (!app.config().allows(request.header("Origin"))) {
      return new Objection(4009, "Origin not allowed");
    }
    Optional<String> protocol = request.query("protocol");
    boolean strict = app.config().strict();
    if (protocol.isEmpty() && strict) {
      return new Objection(4008, "No protocol version supplied");
    } else if (protocol.isPresent() && !isKnown(protocol.get())) {
      return new Objection(4007, "Unsupported protocol version");
    } else if (strict && !isVersion(request.query("version").orElse(""))) {
      return new Objection(4006, "Invalid version string format");
    }
    return app.hasRoom()
        ? null
        : new Objection(4004, "The app has as many connections as it may have");
  }

  private static boolean isKnown(String protocol) {
    return protocol.length() == 1
        && protocol.charAt(0) >= '0' + PROTOCOL_MIN
        && protocol.charAt(0) <= '0' + PROTOCOL_MAX;
  }

  private static boolean isVersion(String version) {
    return !version.isEmpty()
        && version.length() <= 40
        && version
            .chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || ".-+_".indexOf(c) >= 0));
  }

  private static boolean offers(ApiRequest request) {
    String offered = request.header("Sec-WebSocket-Protocol").orElse("");
    return Arrays.stream(offered.split(",", 20)).anyMatch(each -> each.strip().equals(SUBPROTOCOL));
  }
}
