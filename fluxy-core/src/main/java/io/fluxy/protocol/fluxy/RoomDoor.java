package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.chat.Command;
import io.fluxy.chat.Names;
import io.fluxy.chat.RoomId;
import io.fluxy.connection.Handshake;
import io.fluxy.hook.WebhookType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Codec;
import io.fluxy.wire.Json;
import io.fluxy.wire.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who gets into a room's socket or event stream, and who is turned away before the upgrade
 * (contract 2.1, 3).
 */
final class RoomDoor {
  private static final String NOT_A_MEMBER = "forbidden: user is not a member of this room";
  private static final int SNAPSHOT_DEFAULT = 50;
  private static final int SNAPSHOT_MAX = 500;
  private static final int INFO_CHARS_MAX = 2_048;
  private static final Set<String> CACHE = Set.of("1", "true", "on");
  private static final Set<String> NO_SNAPSHOT = Set.of("off", "false", "0");

  private final Services services;
  private final Caller caller;
  private final Rooms rooms;
  private final ChatCodec replay;
  private final ChatCodec history;
  private final ChatCodec replayAfterLast;
  private final ChatCodec historyAfterLast;
  private final ChatCodec lastOnly;
  private final ChatCodec eventStream;

  RoomDoor(Services services, Caller caller, Rooms rooms) {
    this.services = services;
    this.caller = caller;
    this.rooms = rooms;
    this.replay = new ChatCodec(Codec.Framing.WEBSOCKET, "replay", rooms::problem);
    this.history = new ChatCodec(Codec.Framing.WEBSOCKET, "history", rooms::problem);
    this.replayAfterLast = replay.tellingTheLastFirst();
    this.historyAfterLast = history.tellingTheLastFirst();
    this.lastOnly = replay.tellingTheLastOnly();
    this.eventStream = new ChatCodec(Codec.Framing.EVENT_STREAM, "history", rooms::problem);
  }

  void addTo(Routes routes) {
    routes
        .on("GET", "/ws/room/:id", (request, path) -> notAnUpgrade())
        .on("GET", "/rooms/:id/stream", this::stream);
  }

  private static CompletionStage<ApiResponse> notAnUpgrade() {
    return CompletableFuture.completedStage(ApiResponse.text(400, "Expected WebSocket"));
  }

  /**
   * Decides on a socket; completes exceptionally with {@link TokenException} or {@link Problem}.
   */
  CompletionStage<Handshake> socket(ApiRequest request, String roomName) {
    if (!services.origins().allows(request)) {
      return CompletableFuture.completedStage(Handshake.refuse(ApiResponse.text(403, "Forbidden")));
    }
    return caller
        .of(request)
        .thenCompose(
            who ->
                admitted(who, roomName)
                    .thenApply(
                        id -> {
                          lookForCacheMiss(who, id, request);
                          return Handshake.accept(opening(who, id, request));
                        }));
  }

  /**
   * Tells webhooks that want to know when a client asks for what the room said last, and it has
   * said nothing. The client does not wait for that.
   */
  private void lookForCacheMiss(Identity who, RoomId id, ApiRequest request) {
    if (asksForLast(request) && services.webhooks().wants(who.project(), WebhookType.CACHE_MISS)) {
      rooms
          .look(who, id, room -> room.page(who.user(), Long.MAX_VALUE, 1))
          .thenAccept(
              last -> {
                if (last.isEmpty()) {
                  services.webhooks().cacheMissed(id);
                }
              });
    }
  }

  private static boolean asksForLast(ApiRequest request) {
    return request.query("cache").filter(CACHE::contains).isPresent();
  }

  private Codec codec(ApiRequest request) {
    boolean last = asksForLast(request);
    if (last && wantsNoSnapshot(request)) {
      return lastOnly;
    } else if (request.query("replay").isPresent()) {
      return last ? replayAfterLast : replay;
    }
    return last ? historyAfterLast : history;
  }

  private Function<Socket, Socket.Listener> opening(Identity who, RoomId id, ApiRequest request) {
    Codec codec = codec(request);
    RoomSocket conversation =
        new RoomSocket(
            services.gate(),
            services.scheduler(),
            id,
            codec,
            snapshotMax(request),
            info(request),
            null);
    return socket -> services.lines().open(socket, who, conversation);
  }

  private CompletionStage<ApiResponse> stream(ApiRequest request, Map<String, String> path) {
    return caller
        .of(request)
        .thenCompose(
            who ->
                acceptsStream(request)
                    ? admitted(who, path.getOrDefault("id", ""))
                        .thenApply(id -> stream(who, id, lastEventId(request)))
                    : CompletableFuture.failedStage(
                        new Problem(406, "Accept: text/event-stream required")));
  }

  /** Up to where an event stream has been heard before; -1, which is no seq, if it says rubbish. */
  private static @Nullable Long lastEventId(ApiRequest request) {
    return request
        .header("Last-Event-ID")
        .or(() -> request.query("lastEventId"))
        .map(id -> Body.whole(id.strip(), 16).orElse(-1L))
        .orElse(null);
  }

  private ApiResponse stream(Identity who, RoomId id, @Nullable Long lastSeq) {
    RoomSocket room =
        new RoomSocket(
            services.gate(),
            services.scheduler(),
            id,
            eventStream,
            SNAPSHOT_DEFAULT,
            Map.of(),
            lastSeq);
    return ApiResponse.eventStream(
        socket -> services.lines().open(socket, who, new StreamSocket(room)));
  }

  private static boolean acceptsStream(ApiRequest request) {
    String accept = request.header("Accept").orElse("*/*");
    return accept.contains("text/event-stream") || accept.contains("*/*");
  }

  private CompletionStage<RoomId> admitted(Identity who, String roomName) {
    if (!Names.isId(roomName)) {
      throw new Problem(403, NOT_A_MEMBER);
    }
    RoomId id = new RoomId(who.project(), roomName);
    if (!services.lines().hasRoomFor(who)) {
      throw Problem.rateLimited(5);
    }
    return rooms
        .ask(who, id, new Command.Enter(false))
        .thenApply(answer -> id)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    Problem.isForbidden(failure) ? new Problem(403, NOT_A_MEMBER) : failure));
  }

  private static boolean wantsNoSnapshot(ApiRequest request) {
    return request.query("replay").filter(NO_SNAPSHOT::contains).isPresent();
  }

  /**
   * How many messages to tell first, or to have for telling the last; 0 if the client wants none.
   */
  private static int snapshotMax(ApiRequest request) {
    if (wantsNoSnapshot(request)) {
      return asksForLast(request) ? 1 : 0;
    }
    long wanted =
        request
            .query("replayLimit")
            .or(() -> request.query("historyLimit"))
            .flatMap(text -> Body.whole(text, 9))
            .orElse((long) SNAPSHOT_DEFAULT);
    return (int) Math.max(1, Math.min(SNAPSHOT_MAX, wanted));
  }

  /** What a client says of its user: a name, a picture, a role; nothing else gets through. */
  private static Map<String, String> info(ApiRequest request) {
    String json = request.query("presenceInfo").orElse("");
    if (json.isEmpty() || json.length() > INFO_CHARS_MAX) {
      return Map.of();
    }
    Map<String, String> info = new LinkedHashMap<>(4);
    try {
      Map<String, ?> fields = Json.object(json.getBytes(StandardCharsets.UTF_8));
      keep(info, fields, "name", 64);
      keep(info, fields, "avatar_url", INFO_CHARS_MAX);
      keep(info, fields, "role", 32);
    } catch (BadJsonException e) {
      return Map.of();
    }
    String avatar = info.getOrDefault("avatar_url", "");
    if (!avatar.startsWith("https://") && !avatar.startsWith("http://")) {
      info.remove("avatar_url");
    }
    return Collections.unmodifiableMap(info);
  }

  private static void keep(
      Map<String, String> info, Map<String, ?> fields, String name, int charsMax) {
    if (fields.get(name) instanceof String text) {
      info.put(name, cut(text, charsMax));
    }
  }

  /**
   * Never between the halves of a surrogate pair: half a one is no text, and can't be told to
   * anyone.
   */
  private static String cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(charsMax - 1));
    return text.substring(0, splits ? charsMax - 1 : charsMax);
  }
}
