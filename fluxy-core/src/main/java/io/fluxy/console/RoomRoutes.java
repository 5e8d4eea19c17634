package io.fluxy.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Services;
import io.fluxy.room.Place;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.OperatorStore;
import io.fluxy.store.ProjectRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SanctionRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Rooms: found, looked into, followed, moderated. What is shown is read from the store, so a room
 * that sleeps goes on sleeping; only what changes a room goes through the room. It says there that
 * the system has done it: who that was, the audit log says, and members need not know.
 */
final class RoomRoutes {
  private static final int ROOMS = 50;
  private static final int EVENTS_MAX = 200;
  private static final int MEMBERS_SHOWN_MAX = 500;
  private static final int PLACES_MAX = 1_000;
  private static final int REASON_CHARS_MAX = 500;
  private static final int SEARCH_CHARS_MAX = 200;
  private static final User SYSTEM = new User("system", Set.of(Role.ADMIN));

  private final Services services;
  private final Journal journal;

  RoomRoutes(Services services, Journal journal) {
    this.services = services;
    this.journal = journal;
  }

  void addTo(Desk desk) {
    desk.onProject("GET", "/rooms", (who, project, request, path) -> list(project, request));
    desk.onProject(
        "GET", "/rooms/:room", (who, project, request, path) -> show(room(project, path)));
    desk.onProject(
        "GET",
        "/rooms/:room/events",
        (who, project, request, path) -> events(room(project, path), request));
    desk.onProject(
        "POST",
        "/rooms/:room/sanctions",
        (who, project, request, path) -> impose(who, room(project, path), request));
  }

  /** The room of the path; one that can't be is missing like any other. */
  static RoomId room(ProjectRecord project, Map<String, String> path) {
    String name = path.getOrDefault("room", "");
    if (!Names.isRoomName(name)) {
      throw missing(name);
    }
    return new RoomId(project.id(), name);
  }

  static Declined missing(String name) {
    return new Declined(404, "there is no room " + Names.shown(name));
  }

  private CompletionStage<ApiResponse> list(ProjectRecord project, ApiRequest request) {
    String part = request.query("search").orElse("").strip();
    if (part.length() > SEARCH_CHARS_MAX) {
      throw new Declined(400, "search has at most " + SEARCH_CHARS_MAX + " characters");
    }
    long before = Form.query(request, "before", Long.MAX_VALUE);
    return services
        .directory()
        .roomsLike(project.id(), part, before, ROOMS)
        .thenApply(
            rooms ->
                Declined.ok(
                    json -> {
                      json.writeArrayFieldStart("rooms");
                      for (RoomRecord room : rooms) {
                        json.writeStartObject();
                        record(json, room);
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                      if (rooms.size() == ROOMS) {
                        json.writeNumberField("next", rooms.get(ROOMS - 1).number());
                      }
                    }));
  }

  private static void record(JsonGenerator json, RoomRecord room) throws IOException {
    json.writeStringField("id", room.id().name());
    json.writeNumberField("number", room.number());
    json.writeStringField("type", room.type().word());
    json.writeStringField("name", room.name());
    json.writeNumberField("createdAt", room.createdAtMs());
    if (room.pin() != null) {
      json.writeNumberField("pinned", room.pin().messageId());
    }
  }

  private CompletionStage<ApiResponse> show(RoomId id) {
    CompletionStage<Optional<List<Place>>> places =
        services.gate().ifAlive(id, room -> room.places(null, PLACES_MAX));
    CompletionStage<OperatorStore.RoomFigures> figures = services.operators().room(id);
    return services
        .store()
        .messages()
        .open(id, 1)
        .thenCombine(
            places.thenCombine(figures, Live::new),
            (opened, live) -> {
              OpenedRoom room = opened.orElseThrow(() -> missing(id.name()));
              return Declined.ok(json -> show(json, room, live));
            });
  }

  /** What is not in the store, or has to be counted there. */
  private record Live(Optional<List<Place>> places, OperatorStore.RoomFigures figures) {}

  private void show(JsonGenerator json, OpenedRoom opened, Live live) throws IOException {
    record(json, opened.room());
    json.writeNumberField("head", opened.head());
    json.writeNumberField("lastAt", opened.lastAtMs());
    json.writeNumberField("messages", live.figures().messages());
    json.writeNumberField("authors", live.figures().authors());
    json.writeBooleanField("awake", live.places().isPresent());
    Map<String, Integer> here = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (Place place : live.places().orElse(List.of())) {
      here.merge(place.userId(), 1, Integer::sum);
      String name = place.info().get("name");
      if (name != null) {
        names.put(place.userId(), name);
      }
    }
    json.writeObjectFieldStart("connections");
    for (Map.Entry<String, Integer> each : here.entrySet()) {
      json.writeNumberField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("names"); // what those who are here call themselves
    for (Map.Entry<String, String> each : names.entrySet()) {
      json.writeStringField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("memberCount", opened.members().size());
    json.writeArrayFieldStart("members");
    for (MemberRecord member :
        opened.members().subList(0, Math.min(MEMBERS_SHOWN_MAX, opened.members().size()))) {
      json.writeStartObject();
      json.writeStringField("user", member.userId());
      json.writeStringField("role", member.role().word());
      json.writeNumberField("joinedAt", member.joinedAtMs());
      json.writeEndObject();
    }
    json.writeEndArray();
    sanctions(json, opened.sanctions());
  }

  private void sanctions(JsonGenerator json, List<SanctionRecord> sanctions) throws IOException {
    long nowMs = services.scheduler().nowMs();
    json.writeArrayFieldStart("sanctions");
    for (SanctionRecord each : sanctions) {
      boolean muted = each.mutedUntilMs() > nowMs;
      boolean banned = each.bannedUntilMs() > nowMs;
      if (muted || banned) {
        json.writeStartObject();
        json.writeStringField("user", each.userId());
        json.writeBooleanField("muted", muted);
        json.writeBooleanField("banned", banned);
        if (muted) {
          EventJson.until(json, "mutedUntil", each.mutedUntilMs());
        }
        if (banned) {
          EventJson.until(json, "bannedUntil", each.bannedUntilMs());
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  /** What follows a seq, or the newest before one. */
  private CompletionStage<ApiResponse> events(RoomId id, ApiRequest request) {
    long after = Form.query(request, "after", -1);
    long before = Form.query(request, "before", Message.SEQ_MAX + 1);
    return services
        .directory()
        .room(id)
        .thenCompose(
            room -> {
              if (room.isEmpty()) {
                throw missing(id.name());
              }
              return after >= 0 ? read(id, after, Long.MAX_VALUE) : newest(id, before);
            })
        .thenApply(events -> Declined.ok(json -> events(json, events)));
  }

  private CompletionStage<List<Event.Durable>> newest(RoomId id, long before) {
    return services
        .store()
        .messages()
        .seqAt(id, Long.MAX_VALUE)
        .thenCompose(end -> read(id, Math.max(0, Math.min(before, end) - 1 - EVENTS_MAX), before));
  }

  private CompletionStage<List<Event.Durable>> read(RoomId id, long after, long before) {
    return services
        .store()
        .messages()
        .read(id, after, EVENTS_MAX)
        .thenApply(found -> found.stream().filter(event -> event.seq() < before).toList());
  }

  private void events(JsonGenerator json, List<Event.Durable> events) throws IOException {
    long nowMs = services.scheduler().nowMs();
    json.writeArrayFieldStart("events");
    for (Event.Durable event : events) {
      EventJson.event(json, event, nowMs);
    }
    json.writeEndArray();
    json.writeBooleanField("more", events.size() == EVENTS_MAX);
  }

  private CompletionStage<ApiResponse> impose(ConsoleOperator who, RoomId id, ApiRequest request) {
    Form form = Form.of(request);
    String userId = form.text("user", 128);
    String word = form.text("sanction", 16);
    String reason = form.optional("reason", REASON_CHARS_MAX);
    long seconds = form.whole("seconds").orElse(0L);
    if (!Names.isId(userId)) {
      throw new Declined(400, "a user's id has 1 to 128 letters, digits, _ or -");
    } else if (seconds < 0) {
      throw new Declined(400, "seconds must be 0, for good, or more");
    }
    Sanction sanction =
        Sanction.of(word)
            .orElseThrow(
                () -> new Declined(400, "a sanction is one of mute, unmute, ban, unban, kick"));
    return services
        .directory()
        .room(id)
        .thenCompose(
            room -> {
              if (room.isEmpty()) {
                throw missing(id.name());
              }
              return services
                  .gate()
                  .with(
                      id,
                      found ->
                          found.submit(
                              SYSTEM, new Command.Impose(userId, sanction, seconds, reason)));
            })
        .thenCompose(
            answer -> {
              if (answer instanceof Answer.Refused refused) {
                throw Console.refused(refused.refusal());
              }
              return journal.done(
                  who,
                  id.project(),
                  "admin." + sanction.word(),
                  OperatorStore.USER,
                  userId,
                  json -> {
                    json.writeStringField("roomId", id.name());
                    if (seconds > 0) {
                      json.writeNumberField("durationSeconds", seconds);
                    }
                    if (!reason.isEmpty()) {
                      json.writeStringField("reason", reason);
                    }
                  },
                  Declined.ok(json -> json.writeBooleanField("ok", true)));
            });
  }
}
