package io.fluxy.protocol.channels;

import io.fluxy.auth.Identity;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.Handshake;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.Services;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The paths of plain channels. */
final class ChannelsProtocol implements Protocol {
  private static final String SOCKET = "/ws/:id";
  private static final String METHODS = "GET,POST,OPTIONS";
  private static final String HEADERS =
      "Content-Type,Authorization,X-Fluxy-Api-Key,Idempotency-Key";

  private final Services services;
  private final Callers callers;
  private final Routes routes = new Routes();

  ChannelsProtocol(List<LiveChannels> apps, Services services) {
    this.services = services;
    this.callers = new Callers(apps, services);
    routes.on(
        "GET",
        SOCKET,
        (request, path) -> {
          throw new ChannelProblem(426, "upgrade_required", "a WebSocket is expected here");
        });
    new PublishRoutes(callers, services).addTo(routes);
    new ReadRoutes(callers, services).addTo(routes);
  }

  @Override
  public Routes routes() {
    return routes;
  }

  /** {@code /ws/room/...} and {@code /ws/user/...} are FluxyChat's, by their further segment. */
  @Override
  public boolean serves(String rawPath) {
    String[] segments = rawPath.split("/", 5);
    return switch (segments.length < 3 ? "" : segments[1]) {
      case "ws", "presence" -> segments.length == 3 && !segments[2].isEmpty();
      case "events" -> segments.length == 3 && segments[2].equals("publish");
      case "channels" -> true;
      default -> false;
    };
  }

  @Override
  public CompletionStage<ApiResponse> answer(ApiRequest request) {
    return settled(() -> route(request), ChannelProblem::response)
        .thenApply(response -> dressed(request, response));
  }

  private CompletionStage<ApiResponse> route(ApiRequest request) {
    if (!services.origins().allows(request)) {
      throw new ChannelProblem(403, "forbidden", "this page may not ask");
    } else if (request.method().equals("OPTIONS")) {
      return CompletableFuture.completedStage(ApiResponse.empty(204));
    } else if (request.isBodyTooLarge()) {
      throw new ChannelProblem(413, "too_large", "the body is too large");
    }
    Optional<Routes.Match> match = routes.match(request);
    if (match.isEmpty()) {
      boolean other = !routes.methodsFor(request).isEmpty();
      throw other
          ? new ChannelProblem(405, "method_not_allowed", "no such method here")
          : new ChannelProblem(404, "not_found", "no such route");
    }
    return match.get().answer(request);
  }

  /** What is our own fault is thrown on: the engine logs it. */
  private static <T> CompletionStage<T> settled(
      Supplier<CompletionStage<T>> answer, Function<ChannelProblem, T> declined) {
    CompletionStage<T> stage;
    try {
      stage = answer.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedStage(e);
    }
    return stage.exceptionallyCompose(
        failure -> {
          ChannelProblem problem = ChannelProblem.of(failure);
          return problem == null
              ? CompletableFuture.failedStage(failure)
              : CompletableFuture.completedStage(declined.apply(problem));
        });
  }

  private ApiResponse dressed(ApiRequest request, ApiResponse response) {
    ApiResponse dressed =
        response.with("Cache-Control", "no-store").with("X-Content-Type-Options", "nosniff");
    Optional<String> origin = services.origins().crossOrigin(request);
    return origin.isEmpty()
        ? dressed
        : dressed
            .with("Access-Control-Allow-Origin", origin.get())
            .with("Vary", "Origin")
            .with("Access-Control-Allow-Methods", METHODS)
            .with("Access-Control-Allow-Headers", HEADERS)
            .with("Access-Control-Expose-Headers", "Retry-After,Idempotent-Replayed");
  }

  /** Refuses before the upgrade, with a status: whoever has no SDK has the network panel. */
  @Override
  public CompletionStage<Handshake> handshake(ApiRequest request) {
    String channel =
        routes
            .match(request)
            .filter(match -> match.route().pattern().equals(SOCKET))
            .map(match -> match.path().getOrDefault("id", ""))
            .orElse(null);
    if (channel == null) {
      return answer(request).thenApply(Handshake::refuse);
    }
    return settled(
        () -> socket(request, channel),
        problem -> Handshake.refuse(dressed(request, problem.response())));
  }

  private CompletionStage<Handshake> socket(ApiRequest request, String channel) {
    if (!services.origins().allows(request)) {
      throw new ChannelProblem(403, "forbidden", "this page may not connect");
    }
    Long since = ReadRoutes.number(request, "since").orElse(null);
    return callers
        .of(request)
        .thenCompose(
            caller -> {
              LiveChannels app = caller.app();
              RoomId room = app.room(channel);
              Identity who = caller.who();
              if (!app.hasRoom() || who != null && !services.lines().hasRoomFor(who)) {
                throw new ChannelProblem(429, "too_many_connections", "too many connections", 5);
              } else if (who != null) {
                return entered(app, who, room).thenApply(entered -> accept(app, room, who, since));
              } else if (!app.config().open() && !ChannelKind.of(channel).isSigned()) {
                throw new ChannelProblem(401, "unauthorized", "a token is needed");
              }
              return CompletableFuture.completedStage(accept(app, room, null, since));
            });
  }

  /** Public channels are there as soon as somebody wants to hear them. */
  private static CompletionStage<Void> entered(LiveChannels app, Identity who, RoomId room) {
    return ChannelKind.of(room.name()).isSigned()
        ? app.enter(who, room)
        : app.lease(room, true)
            .thenCompose(
                lease -> app.enter(who, room).whenComplete((entered, failure) -> lease.release()));
  }

  private static Handshake accept(
      LiveChannels app, RoomId room, @Nullable Identity who, @Nullable Long since) {
    return Handshake.accept(
        socket -> {
          PlainSocket conversation = new PlainSocket(app, room, who, since);
          return app.services().lines().open(socket, conversation.identity(), conversation);
        });
  }
}
