package io.fluxy.protocol.pusher;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * What clients ask an application before they subscribe or sign in (contract 3), answered here for
 * whoever has a token of the project: one may subscribe to the rooms one may enter, as oneself. An
 * application with logins of its own answers with {@link PusherApp#authorize} instead.
 */
final class AuthRoutes {
  static final Set<String> PATHS = Set.of("/pusher/auth", "/pusher/user-auth");
  private static final String BEARER = "Bearer ";
  private static final int FORM_BYTES_MAX = 4_096;

  private final List<LiveApp> apps;
  private final Services services;

  AuthRoutes(List<LiveApp> apps, Services services) {
    this.apps = apps;
    this.services = services;
  }

  void addTo(Routes routes) {
    for (String path : List.of("/pusher/auth", "/pusher/user-auth")) {
      routes.on("OPTIONS", path, (request, named) -> preflight(request));
    }
    routes
        .on("POST", "/pusher/auth", (request, named) -> of(request, this::channel))
        .on("POST", "/pusher/user-auth", (request, named) -> of(request, this::user));
  }

  /** Somebody with a token, and what they sent. */
  private record Asked(Identity who, PusherApp app, Map<String, String> form) {
    String socketId() {
      String socketId = form.getOrDefault("socket_id", "");
      if (!EventRoutes.isSocketId(socketId)) {
        throw new ApiProblem(400, "socket_id must be digits, a dot, digits");
      }
      return socketId;
    }
  }

  private CompletionStage<ApiResponse> of(
      ApiRequest request, BiFunction<ApiRequest, Asked, CompletionStage<ApiResponse>> answer) {
    if (!services.origins().allows(request)) {
      throw new ApiProblem(403, "this page may not ask");
    } else if (request.body().length > FORM_BYTES_MAX) {
      throw new ApiProblem(413, "the form is too large");
    }
    Map<String, String> form =
        HttpSignature.parameters(new String(request.body(), StandardCharsets.UTF_8));
    String token =
        request
            .header("Authorization")
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip())
            .orElse(null);
    return services
        .tokens()
        .verify(token)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    LiveApp.cause(failure) instanceof TokenException
                        ? new ApiProblem(403, "a token of the project is needed")
                        : failure))
        .thenCompose(who -> answer.apply(request, new Asked(who, app(who), form)))
        .thenApply(response -> dressed(request, response));
  }

  /** The app of the project the token is of. */
  private PusherApp app(Identity who) {
    return apps.stream()
        .map(LiveApp::config)
        .filter(app -> app.project().equals(who.project()))
        .findFirst()
        .orElseThrow(() -> new ApiProblem(403, "the project has no app"));
  }

  private CompletionStage<ApiResponse> channel(ApiRequest request, Asked asked) {
    String socketId = asked.socketId();
    String channel = asked.form().getOrDefault("channel_name", "");
    PusherApp app = asked.app();
    ChannelKind kind = ChannelKind.of(channel);
    if (!kind.isSigned() || !ChannelKind.isName(channel, app.limits().channelNameCharsMax())) {
      throw new ApiProblem(400, "channel_name must be that of a private or presence channel");
    } else if (kind.isEncrypted()) {
      throw new ApiProblem(403, "only the application has the key to an encrypted channel");
    }
    String answer =
        kind.isPresence()
            ? app.authorize(socketId, channel, "{\"user_id\":\"" + asked.who().user().id() + "\"}")
            : app.authorize(socketId, channel);
    return services
        .gate()
        .look(
            asked.who(), new RoomId(app.project(), channel), room -> room.look(asked.who().user()))
        .handle(
            (view, failure) -> {
              if (failure == null) {
                return json(answer);
              } else if (LiveApp.cause(failure) instanceof RefusedException refused
                  && refused.refusal().retryAfterSeconds() == 0) {
                throw new ApiProblem(403, "not a member of this room");
              }
              throw new ApiProblem(503, "the storage does not answer, try later");
            });
  }

  private CompletionStage<ApiResponse> user(ApiRequest request, Asked asked) {
    if (asked.who().onlyRoom() != null) {
      throw new ApiProblem(403, "a token for one room signs nobody in");
    }
    String userData = "{\"id\":\"" + asked.who().user().id() + "\"}";
    return CompletableFuture.completedStage(
        json(asked.app().authenticate(asked.socketId(), userData)));
  }

  private CompletionStage<ApiResponse> preflight(ApiRequest request) {
    return CompletableFuture.completedStage(
        services.origins().allows(request)
            ? dressed(request, ApiResponse.empty(204))
            : ApiResponse.text(403, "Forbidden"));
  }

  private ApiResponse dressed(ApiRequest request, ApiResponse response) {
    Optional<String> origin = services.origins().crossOrigin(request);
    return origin.isEmpty()
        ? response
        : response
            .with("Access-Control-Allow-Origin", origin.get())
            .with("Vary", "Origin")
            .with("Access-Control-Allow-Methods", "POST,OPTIONS")
            .with("Access-Control-Allow-Headers", "Content-Type,Authorization");
  }

  private static ApiResponse json(String text) {
    return ApiResponse.of(200, "application/json", text.getBytes(StandardCharsets.UTF_8))
        .with("Cache-Control", "no-store");
  }
}
