package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Conversations of two people (contract 1.4). A pair has one, whoever asks first, because its id is
 * made of the two: the directory does not make a second room of the same id. After a deletion, ids
 * being used once only, the pair's next one has a number behind it.
 */
final class DmRoutes {
  private static final Pattern ID = Pattern.compile("dm-[0-9a-f]{32}(-\\d{1,3})?");
  private static final int GENERATIONS_MAX = 100;

  private final Services services;
  private final Authenticated authenticated;

  /** Two users in the order of their ids. */
  private record Pair(String first, String second) {
    static Pair of(String a, String b) {
      return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }

    String name() {
      return first + ":" + second;
    }
  }

  DmRoutes(Services services, Authenticated authenticated) {
    this.services = services;
    this.authenticated = authenticated;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "POST", "/rooms/dm", (who, request, path) -> dm(who, request));
    authenticated.on(routes, "POST", "/chat/open-dm", (who, request, path) -> open(who, request));
  }

  /** Whether an id is one of those that are made here, and must not be taken by others. */
  static boolean isReserved(String roomId) {
    return ID.matcher(roomId).matches();
  }

  private CompletionStage<ApiResponse> dm(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    String a = userId(body, "a");
    String b = userId(body, "b");
    boolean own = who.user().id().equals(a) || who.user().id().equals(b);
    if ((!own && !who.user().governs()) || who.user().isOnlyGuest()) {
      throw Problem.forbidden();
    }
    return between(who, a, b)
        .thenApply(
            room ->
                Problem.ok(
                    json -> {
                      json.writeObjectFieldStart("room");
                      room(json, room);
                      json.writeEndObject();
                    }));
  }

  private CompletionStage<ApiResponse> open(Identity who, ApiRequest request) {
    String other = userId(Body.of(request), "userId");
    if (who.user().isOnlyGuest()) {
      throw Problem.forbidden();
    }
    return between(who, who.user().id(), other)
        .thenApply(
            room ->
                Problem.ok(
                    json -> {
                      json.writeBooleanField("ok", true);
                      json.writeObjectFieldStart("thread");
                      room(json, room);
                      json.writeStringField("roomId", room.id().name());
                      json.writeStringField("userId", other);
                      json.writeEndObject();
                      json.writeObjectFieldStart("room");
                      room(json, room);
                      json.writeEndObject();
                    }));
  }

  static String userId(Body body, String field) {
    return body.text(field)
        .filter(Names::isId)
        .orElseThrow(
            () ->
                new Problem(400, field + " required: must be 1-128 chars, alphanumeric with _ -"));
  }

  /** The caller's dm with somebody, made if there is none. */
  CompletionStage<RoomRecord> with(Identity who, String other) {
    return between(who, who.user().id(), other);
  }

  private CompletionStage<RoomRecord> between(Identity who, String a, String b) {
    if (a.equals(b)) {
      throw new Problem(400, "a dm has two members");
    }
    services
        .gate()
        .mayFound(who)
        .ifPresent(
            refusal -> {
              throw Problem.of(refusal);
            });
    return between(who, Pair.of(a, b), 1);
  }

  private CompletionStage<RoomRecord> between(Identity who, Pair pair, int generation) {
    RoomId id = Rooms.id(who, id(pair, generation), Problem.forbidden());
    long nowMs = services.scheduler().nowMs();
    List<MemberRecord> founders =
        List.of(
            new MemberRecord(pair.first(), Role.MEMBER, nowMs),
            new MemberRecord(pair.second(), Role.MEMBER, nowMs));
    return services
        .directory()
        .createRoom(id, RoomType.DM, pair.name(), nowMs, founders, who.user().id())
        .thenCompose(
            created ->
                created.isPresent()
                    ? CompletableFuture.completedStage(created.get())
                    : existing(who, pair, id, generation));
  }

  private CompletionStage<RoomRecord> existing(Identity who, Pair pair, RoomId id, int generation) {
    return services
        .directory()
        .room(id)
        .thenCompose(
            found -> {
              if (found.isPresent()) {
                return rejoined(who, pair, found.get());
              } else if (generation == GENERATIONS_MAX) {
                throw new Problem(409, "limit_reached: " + GENERATIONS_MAX + " dms were deleted");
              }
              return between(who, pair, generation + 1);
            });
  }

  /** Whoever of the two has left is in it again when it asks for it. */
  private CompletionStage<RoomRecord> rejoined(Identity who, Pair pair, RoomRecord room) {
    boolean own = who.user().id().equals(pair.first()) || who.user().id().equals(pair.second());
    if (!own) {
      return CompletableFuture.completedStage(room);
    }
    return services
        .gate()
        .with(room.id(), live -> live.submit(who.user(), new Command.Enter(true)))
        .thenApply(entered -> room);
  }

  private static String id(Pair pair, int generation) {
    String hex = HexFormat.of().formatHex(sha256(pair.name())).substring(0, 32);
    return "dm-" + hex + (generation == 1 ? "" : "-" + generation);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * FluxyChat writes the time under another name when the room was there already; we under both.
   */
  private static void room(JsonGenerator json, RoomRecord room) throws IOException {
    RoomRoutes.room(json, room);
    json.writeStringField("createdAt", MessageJson.iso(room.createdAtMs()));
  }
}
