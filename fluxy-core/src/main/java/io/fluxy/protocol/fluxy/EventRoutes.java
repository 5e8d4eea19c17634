package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Names;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a backend pushes events into rooms (contract 1.5, 7). */
final class EventRoutes {
  private static final int ROOMS_MAX = 50;

  private final Authenticated authenticated;
  private final Rooms rooms;

  EventRoutes(Authenticated authenticated, Rooms rooms) {
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    authenticated.discreetlyOn(
        routes, "POST", "/events", (who, request, path) -> trigger(who, request));
  }

  private CompletionStage<ApiResponse> trigger(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    List<RoomId> ids = rooms(who, body);
    Function<RoomId, Command> command = command(who, body);
    Map<RoomId, Command> commands = new LinkedHashMap<>();
    ids.forEach(id -> commands.put(id, command.apply(id)));
    return forbidden(who, ids)
        .thenCompose(
            forbidden -> {
              if (!forbidden.isEmpty()) {
                throw Problem.forbidden(forbidden);
              }
              return triggered(who, commands);
            });
  }

  private static List<RoomId> rooms(Identity who, Body body) {
    List<?> names = body.list("roomIds");
    names = names.isEmpty() ? body.list("rooms") : names;
    names = names.isEmpty() ? body.list("channels") : names;
    if (names.isEmpty()) {
      throw new Problem(400, "roomIds_required");
    } else if (names.size() > ROOMS_MAX) {
      throw new Problem(400, "too_many_rooms");
    }
    Set<RoomId> ids = new LinkedHashSet<>();
    for (Object name : names) {
      if (!(name instanceof String id) || !Names.isId(id)) {
        throw new Problem(400, "invalid_room_id");
      }
      ids.add(new RoomId(who.project(), id));
    }
    return List.copyOf(ids);
  }

  private static Function<RoomId, Command> command(Identity who, Body body) {
    String except = body.text("excludeSocketId").or(() -> body.text("socket_id")).orElse(null);
    if (body.value("event") instanceof Map<?, ?> event) {
      Body fields = Body.of(event);
      return room -> AgentFrames.event(who.user(), room, fields, except);
    }
    String name = body.text("name").orElseThrow(() -> new Problem(400, "event_or_name_required"));
    Command signal = AgentFrames.signal(body, name, except);
    return room -> signal;
  }

  /** Nothing is told anywhere if one of the rooms is none of the caller's. */
  private CompletionStage<List<String>> forbidden(Identity who, List<RoomId> ids) {
    List<CompletableFuture<Boolean>> looks = new ArrayList<>();
    for (RoomId id : ids) {
      looks.add(mayLook(who, id).toCompletableFuture());
    }
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              List<String> forbidden = new ArrayList<>();
              for (int i = 0; i < ids.size(); i++) {
                if (!looks.get(i).join()) {
                  forbidden.add(ids.get(i).name());
                }
              }
              return forbidden;
            });
  }

  private CompletionStage<Boolean> mayLook(Identity who, RoomId id) {
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .handle(
            (view, failure) -> {
              if (failure != null && !Problem.isForbidden(failure)) {
                throw new CompletionException(failure);
              }
              return failure == null;
            });
  }

  private CompletionStage<ApiResponse> triggered(Identity who, Map<RoomId, Command> commands) {
    List<CompletableFuture<@Nullable Problem>> asks = new ArrayList<>();
    commands.forEach((id, command) -> asks.add(asked(who, id, command).toCompletableFuture()));
    return CompletableFuture.allOf(asks.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              List<String> done = new ArrayList<>();
              Map<String, Problem> failed = new LinkedHashMap<>();
              int i = 0;
              for (RoomId id : commands.keySet()) {
                Problem problem = asks.get(i++).join();
                if (problem == null) {
                  done.add(id.name());
                } else {
                  failed.put(id.name(), problem);
                }
              }
              if (done.isEmpty()) {
                throw failed.values().iterator().next();
              }
              return response(done, failed);
            });
  }

  private CompletionStage<@Nullable Problem> asked(Identity who, RoomId id, Command command) {
    return rooms
        .ask(who, id, command)
        .handle(
            (answer, failure) -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause == null || cause instanceof Problem) {
                return (Problem) cause;
              }
              throw new CompletionException(cause);
            });
  }

  private static ApiResponse response(List<String> done, Map<String, Problem> failed) {
    return Problem.ok(
        json -> {
          json.writeBooleanField("ok", failed.isEmpty());
          json.writeArrayFieldStart("triggered");
          for (String room : done) {
            json.writeString(room);
          }
          json.writeEndArray();
          if (!failed.isEmpty()) {
            json.writeArrayFieldStart("failed");
            for (Map.Entry<String, Problem> each : failed.entrySet()) {
              json.writeStartObject();
              json.writeStringField("roomId", each.getKey());
              json.writeStringField("error", each.getValue().error());
              json.writeEndObject();
            }
            json.writeEndArray();
          }
        });
  }
}
