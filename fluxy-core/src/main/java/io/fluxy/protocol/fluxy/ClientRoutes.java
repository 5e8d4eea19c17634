package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Names;
import io.fluxy.chat.RoomId;
import io.fluxy.hook.Signature;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What clients ask of the server itself, and signatures for channels (contract 1.3). */
final class ClientRoutes {
  private static final int BACKOFF_MS_BASE = 500;
  private static final int BACKOFF_MS_MAX = 20_000;
  private static final String PRIVATE = "private-room-";
  private static final String PRESENCE = "presence-room-";
  private static final int SOCKET_CHARS_MAX = 64;
  private static final int INFO_CHARS_MAX = 2_048;

  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;

  ClientRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    routes
        .on("GET", "/client/feature-flags", (request, path) -> flags())
        .on("GET", "/config/client", (request, path) -> config());
    authenticated.on(routes, "POST", "/auth/channel", (who, request, path) -> sign(who, request));
  }

  /** What its own server can do and we can't. */
  private static CompletionStage<ApiResponse> flags() {
    return CompletableFuture.completedStage(
        Problem.ok(
            json -> {
              json.writeObjectFieldStart("flags");
              json.writeBooleanField("voice_messages", false);
              json.writeBooleanField("reply_suggestions", false);
              json.writeBooleanField("embed_widget", false);
              json.writeBooleanField("reconnect_backoff_fluxy", false);
              json.writeEndObject();
              json.writeBooleanField("flagship", false);
              json.writeObjectFieldStart("reconnectBackoff");
              json.writeNumberField("baseBackoffMs", BACKOFF_MS_BASE);
              json.writeNumberField("maxBackoffMs", BACKOFF_MS_MAX);
              json.writeEndObject();
            }));
  }

  private static CompletionStage<ApiResponse> config() {
    return CompletableFuture.completedStage(
        Problem.ok(
            json -> {
              json.writeObjectFieldStart("client");
              json.writeStringField("readOn", "visible");
              json.writeStringField("wsCache", "on");
              json.writeNumberField("historyLimit", MessageRoutes.PAGE_DEFAULT);
              json.writeEndObject();
              json.writeStringField("source", "fluxy");
            }));
  }

  /**
   * Vouches for a socket and a room to whoever knows the project's secret, as Pusher's servers do:
   * HMAC-SHA256 of socket and channel, and of the user's data if there is any, with colons between.
   */
  private CompletionStage<ApiResponse> sign(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    String socketId = body.text("socket_id").orElse("");
    if (!isSocket(socketId)) {
      throw new Problem(400, "socket_id required");
    }
    String channel = channel(body);
    String room = channel.substring(channel.indexOf("room-") + "room-".length());
    RoomId id = Rooms.id(who, room, Problem.forbidden());
    String data = channel.startsWith(PRESENCE) ? data(who, body) : null;
    return rooms
        .look(who, id, there -> there.look(who.user()))
        .thenCompose(view -> services.projects().find(who.project()))
        .thenApply(
            project -> {
              String signed = socketId + ":" + channel + (data == null ? "" : ":" + data);
              String signature =
                  Signature.of(
                      project.orElseThrow(Problem::forbidden).jwtSecret(),
                      signed.getBytes(StandardCharsets.UTF_8));
              return Problem.ok(
                  json -> {
                    json.writeBooleanField("ok", true);
                    json.writeStringField("auth", who.project() + ":" + signature);
                    if (data != null) {
                      json.writeStringField("channel_data", data);
                    }
                    json.writeStringField("channelName", channel);
                    json.writeStringField("roomId", room);
                    json.writeStringField("socketId", socketId);
                  });
            });
  }

  private static String channel(Body body) {
    String name = body.text("channel_name").orElse("");
    if (!name.isEmpty()) {
      if (!name.startsWith(PRIVATE) && !name.startsWith(PRESENCE)) {
        throw new Problem(
            400, "channel_name must be " + PRIVATE + "<roomId> or " + PRESENCE + "<roomId>");
      }
      return name;
    }
    String room = body.text("roomId").orElse("");
    if (!Names.isId(room)) {
      throw new Problem(400, Problem.BAD_ROOM_ID);
    }
    return PRIVATE + room;
  }

  /** No text that could be anything but a socket's id, since it is signed. */
  private static boolean isSocket(String id) {
    return !id.isEmpty()
        && id.length() <= SOCKET_CHARS_MAX
        && id.chars().allMatch(c -> c == '.' || Names.isId(Character.toString(c)));
  }

  private static String data(Identity who, Body body) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("user_id", who.user().id());
    Object info = body.value("presenceInfo");
    if (info instanceof Map<?, ?> fields) {
      data.put("user_info", fields);
    }
    String json = Json.text(data);
    if (json.length() > INFO_CHARS_MAX) {
      throw new Problem(400, "presenceInfo exceeds " + INFO_CHARS_MAX + " characters");
    }
    return json;
  }
}
