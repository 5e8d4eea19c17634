package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Demo;
import io.fluxy.protocol.Services;
import io.fluxy.store.ProjectRecord;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sessions for the demo room (contract 1.3), if the host has one: for that room alone, for half an
 * hour, under a name of one's own, so that nobody edits what another visitor has said.
 */
final class DemoRoutes {
  private static final int TTL_SECONDS = 1_800;
  private static final int SESSIONS_PER_MINUTE = 20;

  private final Services services;
  private final @Nullable Demo demo;
  private final RateLimit sessions;

  DemoRoutes(Services services) {
    this.services = services;
    this.demo = services.demo();
    this.sessions = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    routes
        .on("GET", "/demo/status", (request, path) -> status())
        .on("GET", "/demo/session", (request, path) -> session(request))
        .on("POST", "/demo/session", (request, path) -> session(request));
  }

  private CompletionStage<ApiResponse> status() {
    Demo here = demo;
    return CompletableFuture.completedStage(
        Problem.ok(
            json -> {
              json.writeBooleanField("ok", true);
              json.writeBooleanField("enabled", here != null);
              json.writeBooleanField("configured", here != null);
              json.writeBooleanField("ready", here != null);
              json.writeStringField("roomId", here == null ? null : here.room().name());
              json.writeBooleanField("readOnly", false);
              json.writeBooleanField("turnstileRequired", false);
              json.writeNullField("agentName");
            }));
  }

  private CompletionStage<ApiResponse> session(ApiRequest request) {
    Demo here = demo;
    if (here == null) {
      throw new Problem(404, "demo_disabled");
    } else if (!services.origins().allows(request)) {
      throw new Problem(403, "demo_origin_forbidden");
    }
    sessions
        .take(request.peer(), SESSIONS_PER_MINUTE)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
    return services
        .directory()
        .room(here.room())
        .thenCombine(
            services.projects().find(Demo.PROJECT),
            (room, project) -> {
              if (room.isEmpty() || project.isEmpty()) {
                throw new Problem(404, "demo_room_not_found");
              }
              return session(here, project.get());
            });
  }

  private ApiResponse session(Demo here, ProjectRecord project) {
    String userId = "demo_" + HexFormat.of().toHexDigits(services.scheduler().random());
    User visitor = new User(userId, Set.of(Role.MEMBER));
    Map<String, Object> claims = Map.of("roomId", here.room().name(), "anon", true);
    String token = services.tokens().mint(project, visitor, TTL_SECONDS, claims);
    return Problem.ok(
        json -> {
          json.writeBooleanField("enabled", true);
          json.writeStringField("roomId", here.room().name());
          json.writeStringField("userId", userId);
          json.writeStringField("token", token);
          json.writeNumberField("expiresIn", TTL_SECONDS);
          json.writeBooleanField("readOnly", false);
          json.writeNullField("agentId");
          json.writeNullField("agentName");
          json.writeNullField("agentHandle");
        });
  }
}
