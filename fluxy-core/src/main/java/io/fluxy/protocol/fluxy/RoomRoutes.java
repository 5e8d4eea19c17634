package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.room.RoomView;
import io.fluxy.store.Directory;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.Personal;
import io.fluxy.store.RoomRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Rooms and their members (contract 1.4). */
final class RoomRoutes {
  private static final int NAME_CHARS_MAX = 256;
  private static final int FOUNDERS_MAX = 1_000;
  private static final int LISTED_MAX = 1_000;

  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;

  RoomRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/rooms", (who, request, path) -> list(who, request));
    authenticated.on(routes, "POST", "/rooms", (who, request, path) -> create(who, request));
    authenticated.on(routes, "GET", "/rooms/:id", (who, request, path) -> show(who, path));
    authenticated.on(routes, "PATCH", "/rooms/:id", this::change);
    authenticated.on(routes, "DELETE", "/rooms/:id", (who, request, path) -> delete(who, path));
    authenticated.on(
        routes, "GET", "/rooms/:id/members", (who, request, path) -> members(who, path));
    authenticated.on(routes, "POST", "/rooms/:id/members", this::addMember);
    authenticated.on(
        routes,
        "DELETE",
        "/rooms/:id/members/:userId",
        (who, request, path) -> removeMember(who, path));
    authenticated.on(routes, "GET", "/rooms/:id/live", (who, request, path) -> live(who, path));
    authenticated.on(routes, "POST", "/rooms/:id/read", this::read);
  }

  private CompletionStage<ApiResponse> list(Identity who, ApiRequest request) {
    String userId = who.user().governs() ? null : who.user().id();
    return services
        .directory()
        .rooms(who.project(), userId, type(request), who.user(), LISTED_MAX)
        .thenApply(
            listings ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("rooms");
                      for (Directory.RoomListing listing : listings) {
                        if (who.isGoodFor(listing.room().id())) {
                          json.writeStartObject();
                          room(json, listing.room());
                          PinRoutes.pin(json, listing.room());
                          json.writeNumberField("unreadCount", listing.unread());
                          json.writeEndObject();
                        }
                      }
                      json.writeEndArray();
                    }));
  }

  private static @Nullable RoomType type(ApiRequest request) {
    return request
        .query("type")
        .map(word -> RoomType.of(word).orElseThrow(RoomRoutes::badType))
        .orElse(null);
  }

  private CompletionStage<ApiResponse> create(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    String name = name(body);
    RoomType type = body.text("type").flatMap(RoomType::of).orElseThrow(RoomRoutes::badType);
    if (who.user().isOnlyGuest()) {
      throw Problem.forbidden();
    }
    RoomId id = newId(who, body);
    if (type == RoomType.DM && founders(who, body, 0).size() > 2) {
      throw new Problem(400, "a dm has two members");
    }
    services
        .gate()
        .mayFound(who)
        .ifPresent(
            refusal -> {
              throw Problem.of(refusal);
            });
    long nowMs = services.scheduler().nowMs();
    return services
        .directory()
        .createRoom(id, type, name, nowMs, founders(who, body, nowMs), who.user().id())
        .thenCompose(
            created ->
                created.isPresent()
                    ? CompletableFuture.completedStage(created.get())
                    : existing(who, id))
        .thenApply(
            created ->
                Problem.ok(
                    json -> {
                      json.writeObjectFieldStart("room");
                      room(json, created);
                      json.writeEndObject();
                    }));
  }

  /** Creating a room that is there already is fine for its members, and makes nobody its owner. */
  private CompletionStage<RoomRecord> existing(Identity who, RoomId id) {
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .thenApply(RoomView::record)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    Problem.isForbidden(failure)
                        ? new Problem(409, "room_id_already_exists")
                        : failure));
  }

  private static String name(Body body) {
    String name = body.text("name").orElseThrow(() -> new Problem(400, "name must be a string"));
    if (name.isBlank()) {
      throw new Problem(400, "name cannot be empty");
    } else if (name.length() > NAME_CHARS_MAX) {
      throw new Problem(400, "name exceeds maximum length of " + NAME_CHARS_MAX + " characters");
    }
    return name.strip();
  }

  private RoomId newId(Identity who, Body body) {
    if (!body.has("id")) {
      UUID random = new UUID(services.scheduler().random(), services.scheduler().random());
      return Rooms.id(who, random.toString(), Problem.forbidden());
    }
    Problem invalid = new Problem(400, "id must be 1-128 chars, alphanumeric with _ -");
    String id = body.text("id").orElse("");
    if (DmRoutes.isReserved(id)) {
      throw new Problem(400, "id is reserved for the dm of two users");
    }
    return Rooms.id(who, id, invalid);
  }

  private static List<MemberRecord> founders(Identity who, Body body, long nowMs) {
    Map<String, Role> founders = new LinkedHashMap<>();
    founders.put(who.user().id(), Role.OWNER);
    for (Object each : body.list("members")) {
      if (!(each instanceof Map<?, ?> member)
          || !(member.get("userId") instanceof String userId)
          || !Names.isId(userId)) {
        throw new Problem(400, "members must have a userId of 1-128 chars, alphanumeric with _ -");
      }
      founders.putIfAbsent(userId, memberRole(member.get("role")));
    }
    if (founders.size() > FOUNDERS_MAX) {
      throw new Problem(400, "more than " + FOUNDERS_MAX + " members");
    }
    return founders.entrySet().stream()
        .map(founder -> new MemberRecord(founder.getKey(), founder.getValue(), nowMs))
        .toList();
  }

  private static Role memberRole(@Nullable Object word) {
    if (word == null) {
      return Role.MEMBER;
    }
    return word instanceof String text
        ? Role.of(text).orElseThrow(RoomRoutes::badRole)
        : badRoleNow();
  }

  private CompletionStage<ApiResponse> show(Identity who, Map<String, String> path) {
    return rooms
        .look(who, id(who, path), room -> room.look(who.user()))
        .thenApply(
            view ->
                Problem.ok(
                    json -> {
                      json.writeObjectFieldStart("room");
                      room(json, view.record());
                      PinRoutes.pin(json, view.record());
                      json.writeEndObject();
                    }));
  }

  private CompletionStage<ApiResponse> change(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId id = id(who, path);
    Body body = Body.of(request);
    String name = body.has("name") ? name(body) : null;
    RoomType type =
        body.has("type")
            ? body.text("type").flatMap(RoomType::of).orElseThrow(RoomRoutes::badType)
            : null;
    if (name == null && type == null) {
      throw new Problem(400, "no fields to update");
    }
    return rooms.ask(who, id, new Command.ChangeRoom(name, type)).thenApply(answer -> okRoom(id));
  }

  private CompletionStage<ApiResponse> delete(Identity who, Map<String, String> path) {
    RoomId id = id(who, path);
    return rooms.ask(who, id, new Command.DeleteRoom()).thenApply(answer -> okRoom(id));
  }

  private static ApiResponse okRoom(RoomId id) {
    return Problem.ok(
        json -> {
          json.writeBooleanField("ok", true);
          json.writeStringField("roomId", id.name());
        });
  }

  private CompletionStage<ApiResponse> members(Identity who, Map<String, String> path) {
    RoomId id = id(who, path);
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .thenCombine(
            services.store().personal().all(id, Personal.Kind.PREFERENCES, 0, LISTED_MAX),
            RoomRoutes::members);
  }

  private static ApiResponse members(RoomView view, List<Personal.Note> preferences) {
    Map<String, String> byUser = new HashMap<>();
    preferences.forEach(note -> byUser.put(note.userId(), note.text()));
    return Problem.ok(
        json -> {
          json.writeArrayFieldStart("members");
          for (MemberRecord member : view.members()) {
            json.writeStartObject();
            json.writeStringField("userId", member.userId());
            json.writeStringField("role", member.role().word());
            json.writeStringField("joinedAt", MessageJson.iso(member.joinedAtMs()));
            MemberRoutes.preferences(json, byUser.getOrDefault(member.userId(), ""));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private CompletionStage<ApiResponse> addMember(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId id = id(who, path);
    Body body = Body.of(request);
    String userId = body.text("userId").orElseThrow(() -> new Problem(400, "userId required"));
    Role role = memberRole(body.value("role"));
    return rooms
        .ask(who, id, new Command.AddMember(userId, role))
        .thenApply(
            answer ->
                Problem.ok(
                    json -> {
                      json.writeBooleanField("ok", true);
                      json.writeStringField("roomId", id.name());
                      json.writeStringField("userId", userId);
                      json.writeStringField("role", role.word());
                      json.writeBooleanField("e2eRewrapped", false);
                    }));
  }

  private CompletionStage<ApiResponse> removeMember(Identity who, Map<String, String> path) {
    return rooms
        .ask(who, id(who, path), new Command.RemoveMember(path.getOrDefault("userId", "")))
        .thenApply(answer -> Problem.ok(json -> json.writeBooleanField("ok", true)));
  }

  private CompletionStage<ApiResponse> live(Identity who, Map<String, String> path) {
    RoomId id = id(who, path);
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .thenApply(
            view ->
                Problem.ok(
                    json -> {
                      json.writeStringField("roomId", id.name());
                      json.writeNumberField("shardCount", 1);
                      json.writeBooleanField("occupied", view.connections() > 0);
                      json.writeNumberField("subscriptionCount", view.connections());
                      json.writeNumberField("userCount", view.present().size());
                      json.writeNumberField("online", view.connections());
                      json.writeArrayFieldStart("users");
                      for (Event.Present present : view.present()) {
                        json.writeString(present.userId());
                      }
                      json.writeEndArray();
                      json.writeArrayFieldStart("members");
                      for (Event.Present present : view.present()) {
                        json.writeStartObject();
                        json.writeStringField("userId", present.userId());
                        json.writeObjectFieldStart("userInfo");
                        for (Map.Entry<String, String> info : present.info().entrySet()) {
                          json.writeStringField(info.getKey(), info.getValue());
                        }
                        json.writeEndObject();
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                      json.writeArrayFieldStart("socketIds");
                      for (String connectionId : view.connectionIds()) {
                        json.writeString(connectionId);
                      }
                      json.writeEndArray();
                    }));
  }

  private CompletionStage<ApiResponse> read(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId id = id(who, path);
    long messageId =
        Body.of(request)
            .whole("messageId")
            .orElseThrow(() -> new Problem(400, "messageId required"));
    return rooms
        .ask(who, id, new Command.Read(messageId))
        .thenApply(answer -> Problem.ok(json -> json.writeBooleanField("ok", true)));
  }

  /** A room id that is none gets the answer of a room one may not see. */
  static RoomId id(Identity who, Map<String, String> path) {
    return Rooms.id(who, path.getOrDefault("id", ""), Problem.forbidden());
  }

  static void room(JsonGenerator json, RoomRecord room) throws IOException {
    json.writeStringField("id", room.id().name());
    json.writeStringField("type", room.type().word());
    json.writeStringField("name", room.name());
    json.writeStringField("created_at", MessageJson.iso(room.createdAtMs()));
  }

  private static Problem badType() {
    return new Problem(400, "type must be one of: dm, group, public, announcement");
  }

  private static Problem badRole() {
    return new Problem(400, "role must be one of: owner, admin, moderator, member, guest, bot");
  }

  private static Role badRoleNow() {
    throw badRole();
  }
}
