package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Text;
import io.fluxy.chat.User;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.ProjectRecord;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Visitors without an account, in one public room each (contract 1.3); only if the host has said
 * for which project. A room that is not public is answered like one that does not exist: whoever
 * asks here has proved nothing.
 */
final class GuestRoutes {
  private static final int TTL_SECONDS = 3_600;
  private static final int NAME_CHARS_MAX = 64;

  private final Services services;
  private final RateLimit sessions;

  GuestRoutes(Services services) {
    this.services = services;
    this.sessions = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    routes.on(
        "POST",
        "/public/rooms/:id/guest-session",
        (request, path) -> session(request, path.getOrDefault("id", "")));
  }

  private CompletionStage<ApiResponse> session(ApiRequest request, String roomName) {
    String project = services.guestProject();
    if (project == null) {
      return CompletableFuture.failedStage(new Problem(404, "public_guest_disabled"));
    }
    sessions
        .take(request.peer(), services.projects().limits(project).data().guestSessionsPerMinute())
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
    Body body = request.body().length == 0 ? Body.empty() : Body.of(request);
    if (!Names.isId(roomName)) {
      throw notFound();
    }
    return services
        .directory()
        .room(new RoomId(project, roomName))
        .thenCombine(
            services.projects().find(project),
            (room, owner) -> {
              boolean open = room.filter(r -> r.type() == RoomType.PUBLIC).isPresent();
              if (!open || owner.isEmpty()) {
                throw notFound();
              }
              return session(owner.get(), roomName, body);
            });
  }

  private ApiResponse session(ProjectRecord project, String roomName, Body body) {
    String userId = "guest_" + HexFormat.of().toHexDigits(services.scheduler().random());
    Map<String, Object> extra = new LinkedHashMap<>();
    extra.put("roomId", roomName);
    extra.put("anon", true);
    body.text("displayName")
        .filter(name -> name.length() <= NAME_CHARS_MAX && Text.isSound(name))
        .ifPresent(name -> extra.put("name", name));
    User guest = new User(userId, Set.of(Role.GUEST));
    String token = services.tokens().mint(project, guest, TTL_SECONDS, extra);
    return Problem.ok(
        json -> {
          json.writeBooleanField("enabled", true);
          json.writeStringField("roomId", roomName);
          json.writeStringField("projectId", project.id());
          json.writeStringField("userId", userId);
          json.writeStringField("token", token);
          json.writeNumberField("expiresIn", TTL_SECONDS);
          json.writeArrayFieldStart("roles");
          json.writeString(Role.GUEST.word());
          json.writeEndArray();
          json.writeBooleanField("readOnly", true);
        });
  }

  private static Problem notFound() {
    return new Problem(404, "room_not_found");
  }
}
