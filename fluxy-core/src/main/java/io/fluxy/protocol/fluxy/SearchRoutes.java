package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Search;
import io.fluxy.store.SearchQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Search (contract 1.7). The store says where to look; every message is then asked of its room, as
 * a page of history is, so there is one rule for who sees what.
 */
final class SearchRoutes {
  private static final int TYPED_CHARS_MAX = 256;
  private static final int SHOWN_DEFAULT = 20;
  private static final int SHOWN_MAX = 50;
  private static final int HITS_MAX = 200; // looked at for one answer, hidden ones included

  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;
  private final RateLimit asked;

  private record Asker(String project, String userId) {}

  private record Shown(RoomId room, Message message) {}

  SearchRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
    this.asked = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    authenticated.on(
        routes, "GET", "/search/messages", (who, request, path) -> messages(who, request));
    authenticated.on(
        routes,
        "GET",
        "/search/conversations",
        (who, request, path) -> conversations(who, request));
  }

  private CompletionStage<ApiResponse> messages(Identity who, ApiRequest request) {
    List<String> words = words(request);
    int max = shownMax(request);
    Optional<RoomId> room =
        request.query("roomId").map(name -> Rooms.id(who, name, Problem.forbidden()));
    within(who);
    CompletionStage<?> allowed =
        room.isPresent()
            ? rooms.look(who, room.get(), there -> there.look(who.user()))
            : CompletableFuture.completedStage(null);
    return allowed
        .thenCompose(
            nothing ->
                words.isEmpty()
                    ? CompletableFuture.completedStage(List.<Search.Hit>of())
                    : services.store().search().messages(query(who, words, room, HITS_MAX)))
        .thenCompose(hits -> shown(who, hits, max))
        .thenApply(SearchRoutes::answer);
  }

  private CompletionStage<ApiResponse> conversations(Identity who, ApiRequest request) {
    List<String> words = words(request);
    int max = shownMax(request);
    within(who);
    CompletionStage<List<RoomRecord>> found =
        words.isEmpty()
            ? CompletableFuture.completedStage(List.of())
            : services.store().search().rooms(query(who, words, Optional.empty(), HITS_MAX));
    return found
        .thenCompose(records -> allowed(who, records))
        .thenApply(
            all -> {
              List<RoomRecord> shown = all.subList(0, Math.min(max, all.size()));
              return Problem.ok(
                  json -> {
                    conversations(json, "conversations", shown);
                    conversations(json, "results", shown);
                  });
            });
  }

  private SearchQuery query(Identity who, List<String> words, Optional<RoomId> room, int max) {
    String one = room.map(RoomId::name).orElse(who.onlyRoom());
    String member = who.user().governs() ? null : who.user().id();
    return new SearchQuery(who.project(), words, one, member, max);
  }

  private static List<String> words(ApiRequest request) {
    String typed = request.query("q").orElse("");
    if (typed.isBlank()) {
      throw new Problem(400, "q required");
    } else if (typed.length() > TYPED_CHARS_MAX) {
      throw new Problem(400, "q exceeds maximum length of " + TYPED_CHARS_MAX + " characters");
    }
    return SearchQuery.words(typed);
  }

  private static int shownMax(ApiRequest request) {
    Optional<String> limit = request.query("limit");
    if (limit.isEmpty()) {
      return SHOWN_DEFAULT;
    }
    long wanted =
        Body.whole(limit.get(), 9)
            .filter(number -> number >= 1)
            .orElseThrow(() -> new Problem(400, "limit must be a number from 1 to " + SHOWN_MAX));
    return (int) Math.min(SHOWN_MAX, wanted);
  }

  private void within(Identity who) {
    int perMinute = services.projects().limits(who.project()).data().searchesPerMinute();
    asked
        .take(new Asker(who.project(), who.user().id()), perMinute)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
  }

  /** The first of the hits that the reader may see. */
  private CompletionStage<List<Shown>> shown(Identity who, List<Search.Hit> hits, int max) {
    CompletionStage<List<Shown>> shown = CompletableFuture.completedStage(new ArrayList<>());
    Set<RoomId> closed = new HashSet<>();
    for (Search.Hit hit : hits) {
      shown =
          shown.thenCompose(
              before ->
                  before.size() == max || closed.contains(hit.room().id())
                      ? CompletableFuture.completedStage(before)
                      : visible(who, hit, closed)
                          .thenApply(
                              message -> {
                                message.ifPresent(
                                    seen -> before.add(new Shown(hit.room().id(), seen)));
                                return before;
                              }));
    }
    return shown;
  }

  /** The message that was hit, if a page of the room's history would show it to the reader. */
  private CompletionStage<Optional<Message>> visible(
      Identity who, Search.Hit hit, Set<RoomId> closed) {
    return rooms
        .look(who, hit.room().id(), room -> room.page(who.user(), hit.seq() + 1, 1))
        .thenApply(
            page ->
                page.stream()
                    .map(StoredMessage::message)
                    .filter(message -> message.seq() == hit.seq())
                    .findFirst())
        .exceptionallyCompose(
            failure -> {
              if (Problem.isForbidden(failure)) {
                closed.add(hit.room().id());
                return CompletableFuture.completedStage(Optional.empty());
              }
              return CompletableFuture.failedStage(failure);
            });
  }

  /** Rooms that the reader may enter as things stand, the host's word included. */
  private CompletionStage<List<RoomRecord>> allowed(Identity who, List<RoomRecord> found) {
    CompletionStage<List<RoomRecord>> allowed = CompletableFuture.completedStage(new ArrayList<>());
    for (RoomRecord record : found) {
      allowed =
          allowed.thenCompose(
              before ->
                  rooms
                      .look(who, record.id(), room -> room.look(who.user()))
                      .thenApply(
                          view -> {
                            before.add(view.record());
                            return before;
                          })
                      .exceptionallyCompose(
                          failure ->
                              Problem.isForbidden(failure)
                                  ? CompletableFuture.completedStage(before)
                                  : CompletableFuture.failedStage(failure)));
    }
    return allowed;
  }

  private static ApiResponse answer(List<Shown> shown) {
    return Problem.ok(
        json -> {
          messages(json, "messages", shown);
          messages(json, "results", shown);
        });
  }

  private static void messages(JsonGenerator json, String field, List<Shown> shown)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Shown each : shown) {
      Message message = each.message();
      String createdAt = MessageJson.iso(message.createdAtMs());
      json.writeStartObject();
      json.writeNumberField("id", message.id());
      json.writeStringField("room_id", each.room().name());
      json.writeStringField("user_id", message.userId());
      json.writeStringField("content", message.content());
      json.writeStringField("created_at", createdAt);
      json.writeStringField("roomId", each.room().name());
      json.writeStringField("userId", message.userId());
      json.writeStringField("createdAt", createdAt);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void conversations(JsonGenerator json, String field, List<RoomRecord> found)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (RoomRecord room : found) {
      json.writeStartObject();
      json.writeStringField("id", room.id().name());
      json.writeStringField("type", room.type().word());
      json.writeStringField("name", room.name());
      json.writeStringField("created_at", MessageJson.iso(room.createdAtMs()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
