package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Handshake;
import io.fluxy.hook.WebhookType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.room.RoomView;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a user, and the ends of connections (contract 1.4, 1.5, 2.1). What is for a user
 * reaches that user's own sockets on this server, and nobody else's.
 */
final class UserRoutes {
  private static final int NAME_CHARS_MAX = 128;
  private static final int REASON_CHARS_MAX = 60;
  private static final String BY_ADMIN = "admin_terminate";
  private static final Set<Role> MODERATING = Set.of(Role.OWNER, Role.ADMIN, Role.MODERATOR);

  private final Services services;
  private final Caller caller;
  private final Authenticated authenticated;
  private final Rooms rooms;

  UserRoutes(Services services, Caller caller, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.caller = caller;
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    routes.on(
        "GET",
        "/ws/user/:id",
        (request, path) ->
            CompletableFuture.completedStage(ApiResponse.text(400, "Expected WebSocket")));
    authenticated.discreetlyOn(routes, "POST", "/users/:id/events", this::tell);
    authenticated.discreetlyOn(
        routes, "DELETE", "/users/:id/connections", (who, request, path) -> end(who, path));
    authenticated.on(routes, "POST", "/rooms/:id/terminate-connection", this::terminate);
  }

  /** Decides on the socket of a user: for that user alone. */
  CompletionStage<Handshake> socket(ApiRequest request, String userId) {
    if (!services.origins().allows(request)) {
      return CompletableFuture.completedStage(Handshake.refuse(ApiResponse.text(403, "Forbidden")));
    }
    return caller
        .of(request)
        .thenApply(
            who -> {
              if (!who.user().id().equals(userId) || who.onlyRoom() != null) {
                throw Problem.forbidden();
              } else if (!services.lines().hasRoomFor(who)) {
                throw Problem.rateLimited(5);
              }
              UserSocket conversation = new UserSocket(services.lines(), services.scheduler());
              return Handshake.accept(socket -> services.lines().open(socket, who, conversation));
            });
  }

  private static String checked(Identity who, Map<String, String> path) {
    String userId = path.getOrDefault("id", "");
    boolean self = who.user().id().equals(userId) && who.onlyRoom() == null;
    if (!Names.isId(userId) || (!self && !who.user().governs())) {
      throw Problem.forbidden();
    }
    return userId;
  }

  private CompletionStage<ApiResponse> tell(
      Identity who, ApiRequest request, Map<String, String> path) {
    String userId = checked(who, path);
    Body body = Body.of(request);
    String name =
        body.text("name")
            .filter(text -> !text.isBlank() && text.length() <= NAME_CHARS_MAX)
            .orElseThrow(
                () -> new Problem(400, "name must be 1-" + NAME_CHARS_MAX + " characters"));
    String data = body.has("data") ? Json.text(body.value("data")) : "{}";
    if (data.length() > services.limits().jsonCharsMax()) {
      throw new Problem(
          400, "data exceeds " + services.limits().jsonCharsMax() + " characters of JSON");
    }
    boolean intoRooms = !Boolean.FALSE.equals(body.value("fanoutRooms"));
    String except = body.text("excludeSocketId").orElse("");
    String at = MessageJson.iso(services.scheduler().nowMs());
    int channel = 0;
    Set<RoomId> reached = new HashSet<>();
    for (Connection each : services.lines().of(who.project(), userId)) {
      boolean left = each.id().equals(except);
      if (!left && each.conversation() instanceof UserSocket) {
        each.send(event(userId, name, data, at, null));
        channel++;
      } else if (!left && intoRooms && each.conversation() instanceof RoomSocket socket) {
        each.send(event(userId, name, data, at, socket.room()));
        reached.add(socket.room());
      }
    }
    int told = channel;
    ApiResponse answer =
        Problem.ok(
            json -> {
              json.writeBooleanField("ok", true);
              json.writeStringField("userId", userId);
              json.writeObjectFieldStart("delivered");
              json.writeNumberField("userChannel", told);
              json.writeNumberField("rooms", reached.size());
              json.writeEndObject();
            });
    String payload = Json.objectText(json -> fields(json, userId, name, data, at));
    return services
        .webhooks()
        .tell(who.project(), WebhookType.USER_EVENT, "", payload)
        .thenApply(nothing -> answer);
  }

  private static void fields(JsonGenerator json, String userId, String name, String data, String at)
      throws IOException {
    json.writeStringField("userId", userId);
    json.writeStringField("name", name);
    json.writeFieldName("data");
    json.writeRawValue(data);
    json.writeStringField("at", at);
  }

  private static Frames event(
      String userId, String name, String data, String at, @Nullable RoomId room) {
    return UserSocket.frame(
        "user_event",
        json -> {
          fields(json, userId, name, data, at);
          if (room != null) {
            json.writeStringField("roomId", room.name());
          }
        });
  }

  private CompletionStage<ApiResponse> end(Identity who, Map<String, String> path) {
    String userId = checked(who, path);
    List<Connection> ended = services.lines().of(who.project(), userId);
    ended.forEach(each -> each.close(new Farewell(Farewell.Reason.TERMINATED, BY_ADMIN)));
    long channel = ended.stream().filter(c -> c.conversation() instanceof UserSocket).count();
    return CompletableFuture.completedStage(
        Problem.ok(
            json -> {
              json.writeBooleanField("ok", true);
              json.writeStringField("userId", userId);
              json.writeObjectFieldStart("closed");
              json.writeNumberField("userChannel", channel);
              json.writeNumberField("roomSockets", ended.size() - channel);
              json.writeEndObject();
            }));
  }

  private CompletionStage<ApiResponse> terminate(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId room = Rooms.id(who, path.getOrDefault("id", ""), Problem.forbidden());
    Body body = Body.of(request);
    String socketId =
        body.text("socketId")
            .filter(Names::isId)
            .orElseThrow(() -> new Problem(400, "socketId required"));
    String reason =
        body.text("reason").filter(text -> text.length() <= REASON_CHARS_MAX).orElse(BY_ADMIN);
    return rooms
        .look(who, room, looked -> looked.look(who.user()))
        .thenApply(
            view -> {
              if (!moderates(who, view)) {
                throw Problem.forbidden();
              }
              Optional<Connection> found = inRoom(room, socketId);
              found.ifPresent(each -> each.close(new Farewell(Farewell.Reason.TERMINATED, reason)));
              return Problem.ok(
                  json -> {
                    json.writeBooleanField("ok", true);
                    json.writeBooleanField("closed", found.isPresent());
                    json.writeStringField("socketId", socketId);
                  });
            });
  }

  private Optional<Connection> inRoom(RoomId room, String socketId) {
    return services
        .lines()
        .find(socketId)
        .filter(
            each -> each.conversation() instanceof RoomSocket socket && socket.room().equals(room));
  }

  private static boolean moderates(Identity who, RoomView view) {
    return who.user().governs()
        || who.user().roles().contains(Role.MODERATOR)
        || view.members().stream()
            .anyMatch(
                member ->
                    member.userId().equals(who.user().id()) && MODERATING.contains(member.role()));
  }
}
