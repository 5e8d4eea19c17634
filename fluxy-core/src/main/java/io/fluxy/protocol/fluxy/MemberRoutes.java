package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.room.RoomView;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.Personal;
import io.fluxy.store.Personal.Kind;
import io.fluxy.store.Unread;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a member has of its own in a room: how far it has read, what has reached it, what it is
 * typing, how it wants the room to be (contract 1.4, 1.5).
 */
final class MemberRoutes {
  private static final int RECEIPTS_MAX = 1_000;

  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;

  MemberRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/rooms/:id/unread", (who, request, path) -> unread(who, path));
    authenticated.on(routes, "GET", "/rooms/:id/draft", (who, request, path) -> draft(who, path));
    authenticated.on(routes, "PUT", "/rooms/:id/draft", this::saveDraft);
    authenticated.on(routes, "PATCH", "/rooms/:id/members/me/preferences", this::changePreferences);
    authenticated.on(
        routes, "POST", "/messages/:id/delivered", (who, request, path) -> delivered(who, path));
    authenticated.on(
        routes, "GET", "/messages/:id/deliveries", (who, request, path) -> deliveries(who, path));
  }

  private CompletionStage<ApiResponse> unread(Identity who, Map<String, String> path) {
    RoomId id = RoomRoutes.id(who, path);
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .thenCompose(
            view ->
                services
                    .directory()
                    .unread(id, who.user())
                    .thenApply(unread -> unread(view.record().number(), unread)));
  }

  private static ApiResponse unread(long number, Unread unread) {
    return Problem.ok(json -> unread(json, number, unread));
  }

  /** The fields that tell how far somebody is behind. */
  static void unread(JsonGenerator json, long number, Unread unread) throws IOException {
    json.writeNumberField("unreadCount", unread.count());
    id(json, "lastReadMessageId", number, unread.readSeq());
    id(json, "firstUnreadMessageId", number, unread.firstSeq());
  }

  private static void id(JsonGenerator json, String name, long number, long seq)
      throws IOException {
    if (seq == 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, Message.id(number, seq));
    }
  }

  private CompletionStage<ApiResponse> draft(Identity who, Map<String, String> path) {
    RoomId id = RoomRoutes.id(who, path);
    return member(who, id)
        .thenCompose(me -> services.store().personal().find(id, Kind.DRAFT, 0, me.userId()))
        .thenApply(MemberRoutes::drafted);
  }

  private CompletionStage<ApiResponse> saveDraft(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId id = RoomRoutes.id(who, path);
    Body body = Body.of(request);
    String content =
        body.text("content").orElseThrow(() -> new Problem(400, "content must be a string"));
    int charsMax = services.projects().limits(who.project()).contentCharsMax();
    if (content.length() > charsMax) {
      throw new Problem(400, "content exceeds maximum length of " + charsMax + " characters");
    }
    Long replyToId = body.whole("replyToId").orElse(null);
    String text = content.isEmpty() ? "" : draftText(content, replyToId);
    return change(who, id, Kind.DRAFT, before -> text).thenApply(MemberRoutes::drafted);
  }

  private static String draftText(String content, @Nullable Long replyToId) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("content", content);
    fields.put("replyToId", replyToId);
    return Json.text(fields);
  }

  private static ApiResponse drafted(Optional<Personal.Note> note) {
    return Problem.ok(
        json -> {
          if (note.isEmpty()) {
            json.writeNullField("draft");
            return;
          }
          Map<String, ?> fields = object(note.get().text());
          json.writeObjectFieldStart("draft");
          json.writeFieldName("content");
          Json.value(json, fields.get("content"));
          json.writeFieldName("replyToId");
          Json.value(json, fields.get("replyToId"));
          json.writeStringField("updatedAt", MessageJson.iso(note.get().atMs()));
          json.writeEndObject();
        });
  }

  private CompletionStage<ApiResponse> changePreferences(
      Identity who, ApiRequest request, Map<String, String> path) {
    RoomId id = RoomRoutes.id(who, path);
    Body body = Body.of(request);
    Object notify = body.value("notifyEnabled");
    Object changes = body.value("preferences");
    boolean good =
        (notify != null || changes != null)
            && (notify == null || notify instanceof Boolean)
            && (changes == null || changes instanceof Map);
    if (!good) {
      throw new Problem(400, "invalid_preferences");
    }
    int charsMax = services.limits().preferencesCharsMax();
    AtomicBoolean tooLong = new AtomicBoolean(); // the store's writer is no place to fail
    return member(who, id)
        .thenCompose(
            me ->
                change(
                        who,
                        id,
                        Kind.PREFERENCES,
                        before -> {
                          String after = merged(before, notify, changes);
                          tooLong.set(after.length() > charsMax);
                          return tooLong.get() ? before : after;
                        })
                    .thenApply(
                        note -> {
                          if (tooLong.get()) {
                            throw new Problem(
                                400, "preferences exceed " + charsMax + " characters of JSON");
                          }
                          return preferred(me, note);
                        }));
  }

  private static ApiResponse preferred(MemberRecord me, Optional<Personal.Note> note) {
    return Problem.ok(
        json -> {
          json.writeObjectFieldStart("member");
          json.writeStringField("userId", me.userId());
          json.writeStringField("role", me.role().word());
          preferences(json, note.map(Personal.Note::text).orElse(""));
          json.writeEndObject();
        });
  }

  /** Merged one level deep; a null takes a preference away. */
  private static String merged(String before, @Nullable Object notify, @Nullable Object changes) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(object(before));
    if (notify != null) {
      fields.put("notifyEnabled", notify);
    }
    if (changes instanceof Map<?, ?> given) {
      Map<String, @Nullable Object> preferences = new LinkedHashMap<>();
      if (fields.get("preferences") instanceof Map<?, ?> old) {
        old.forEach((name, value) -> preferences.put(String.valueOf(name), value));
      }
      given.forEach(
          (name, value) -> {
            if (value == null) {
              preferences.remove(String.valueOf(name));
            } else {
              preferences.put(String.valueOf(name), value);
            }
          });
      fields.put("preferences", preferences);
    }
    String text = Json.text(fields);
    return text;
  }

  /** The fields of a member that say how it wants the room to be. */
  static void preferences(JsonGenerator json, String text) throws IOException {
    Map<String, ?> fields = object(text);
    json.writeBooleanField("notifyEnabled", !Boolean.FALSE.equals(fields.get("notifyEnabled")));
    json.writeFieldName("preferences");
    Json.value(json, fields.get("preferences") instanceof Map<?, ?> kept ? kept : Map.of());
  }

  private static Map<String, ?> object(String text) {
    return text.isEmpty() ? Map.of() : Json.object(text.getBytes(StandardCharsets.UTF_8));
  }

  private CompletionStage<ApiResponse> delivered(Identity who, Map<String, String> path) {
    long messageId = MessageRoutes.messageId(path);
    return rooms
        .ofMessage(who, messageId)
        .thenCompose(id -> rooms.ask(who, id, new Command.Deliver(messageId)))
        .thenApply(
            answer ->
                Problem.ok(
                    json -> {
                      json.writeBooleanField("ok", true);
                      json.writeNumberField("messageId", messageId);
                      json.writeStringField("userId", who.user().id());
                      json.writeStringField("status", Event.Delivered.STATUS);
                    }));
  }

  private CompletionStage<ApiResponse> deliveries(Identity who, Map<String, String> path) {
    long messageId = MessageRoutes.messageId(path);
    long seq = Message.seqOf(messageId);
    return rooms
        .ofMessage(who, messageId)
        .thenCompose(
            id ->
                visible(who, id, messageId)
                    .thenCompose(
                        message ->
                            services.store().personal().all(id, Kind.RECEIPT, seq, RECEIPTS_MAX)))
        .thenApply(
            notes ->
                Problem.ok(
                    json -> {
                      json.writeNumberField("messageId", messageId);
                      json.writeArrayFieldStart("deliveries");
                      for (Personal.Note note : notes) {
                        json.writeStartObject();
                        json.writeStringField("userId", note.userId());
                        json.writeStringField("status", note.text());
                        json.writeStringField("updatedAt", MessageJson.iso(note.atMs()));
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                    }));
  }

  /** A message, if a page of the room's history would show it to the caller. */
  private CompletionStage<Message> visible(Identity who, RoomId id, long messageId) {
    return rooms
        .look(who, id, room -> room.page(who.user(), Message.seqOf(messageId) + 1, 1))
        .thenApply(
            page ->
                page.stream()
                    .map(StoredMessage::message)
                    .filter(message -> message.id() == messageId)
                    .findFirst()
                    .orElseThrow(() -> new Problem(404, "message not found")));
  }

  private CompletionStage<Optional<Personal.Note>> change(
      Identity who, RoomId id, Kind kind, UnaryOperator<String> change) {
    long nowMs = services.scheduler().nowMs();
    return member(who, id)
        .thenCompose(
            me -> services.store().personal().change(id, kind, 0, me.userId(), nowMs, change));
  }

  /** The caller's membership; whoever may enter without one has nothing of its own here. */
  private CompletionStage<MemberRecord> member(Identity who, RoomId id) {
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .thenApply(RoomView::reader)
        .thenCompose(
            me ->
                me == null
                    ? CompletableFuture.failedStage(new Problem(404, "not_a_member"))
                    : CompletableFuture.completedStage(me));
  }
}
