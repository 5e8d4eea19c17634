package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/** Messages: history, sending, and what can be done to one (contract 1.5). */
final class MessageRoutes {
  static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 500;

  private final Authenticated authenticated;
  private final Rooms rooms;
  private final Polls polls;
  private final TemplateRoutes templates;

  MessageRoutes(Authenticated authenticated, Rooms rooms, Polls polls, TemplateRoutes templates) {
    this.polls = polls;
    this.authenticated = authenticated;
    this.rooms = rooms;
    this.templates = templates;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/api/messages", (who, request, path) -> page(who, request));
    authenticated.on(routes, "POST", "/messages", (who, request, path) -> post(who, request));
    authenticated.on(routes, "PATCH", "/messages/:id", this::edit);
    authenticated.on(routes, "DELETE", "/messages/:id", this::delete);
    authenticated.on(
        routes,
        "POST",
        "/messages/:id/reactions",
        (who, request, path) -> react(who, request, path, true));
    authenticated.on(
        routes,
        "DELETE",
        "/messages/:id/reactions",
        (who, request, path) -> react(who, request, path, false));
  }

  private CompletionStage<ApiResponse> page(Identity who, ApiRequest request) {
    String name = request.query("roomId").orElseThrow(() -> new Problem(400, "roomId required"));
    RoomId id = Rooms.id(who, name, Problem.forbidden());
    if (request.query("since").isPresent()) {
      return polls.answer(who, id, request);
    }
    int limit = limit(request);
    Optional<Long> beforeMs = request.query("before").map(iso -> time("before", iso));
    return rooms
        .look(
            who,
            id,
            room ->
                beforeMs.isPresent()
                    ? room.pageBefore(who.user(), beforeMs.get(), limit)
                    : room.page(who.user(), Long.MAX_VALUE, limit))
        .thenApply(
            page ->
                Problem.ok(
                    json -> {
                      MessageJson.messages(json, id, page);
                      MessageJson.reactions(json, page, who.user().id());
                    }));
  }

  static int limit(ApiRequest request) {
    long limit =
        request
            .query("limit")
            .map(
                text ->
                    Body.whole(text, 9)
                        .orElseThrow(() -> new Problem(400, "limit must be a whole number")))
            .orElse((long) PAGE_DEFAULT);
    return (int) Math.min(limit, PAGE_MAX);
  }

  static long time(String field, String iso) {
    try {
      return OffsetDateTime.parse(iso).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new Problem(400, field + " must be a time such as 2026-01-31T12:00:00.000Z");
    }
  }

  private CompletionStage<ApiResponse> post(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    String room = body.text("roomId").orElse("");
    if (!Names.isId(room)) {
      throw new Problem(400, Problem.BAD_ROOM_ID);
    }
    CompletionStage<String> content = templates.content(who, body);
    RoomId id = Rooms.id(who, room, Problem.forbidden());
    return content
        .thenCompose(text -> rooms.ask(who, id, new Command.Post(draft(body, text))))
        .thenApply(answer -> sent(id, answer));
  }

  private static Draft draft(Body body, String content) {
    return DraftJson.draft(
        body, content, body.whole("replyTo").or(() -> body.whole("parentId")).orElse(null));
  }

  private static ApiResponse sent(RoomId id, Answer answer) {
    return Problem.ok(
        json -> {
          json.writeFieldName("message");
          if (answer instanceof Answer.Repeated repeated) {
            MessageJson.stored(json, id, repeated.message());
          } else {
            json.writeStartObject();
            MessageJson.created(json, id, ((Event.Posted) done(answer)).message());
            json.writeEndObject();
          }
        });
  }

  private CompletionStage<ApiResponse> edit(
      Identity who, ApiRequest request, Map<String, String> path) {
    Body body = Body.of(request);
    String content =
        body.text("content")
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> new Problem(400, "content required"));
    return about(
        who,
        path,
        messageId -> new Command.Edit(messageId, content),
        (id, answer) -> {
          Event.Edited edited = (Event.Edited) done(answer);
          return Problem.ok(
              json -> {
                json.writeObjectFieldStart("message");
                json.writeNumberField("id", edited.messageId());
                json.writeStringField("roomId", id.name());
                json.writeStringField("senderId", edited.userId());
                json.writeStringField("content", edited.content());
                json.writeStringField("editedAt", MessageJson.iso(edited.atMs()));
                json.writeEndObject();
              });
        });
  }

  private CompletionStage<ApiResponse> delete(
      Identity who, ApiRequest request, Map<String, String> path) {
    boolean hard = request.query("hard").filter("true"::equals).isPresent();
    return about(
        who,
        path,
        messageId -> new Command.Delete(messageId, hard),
        (id, answer) ->
            Problem.ok(
                json -> {
                  json.writeBooleanField("ok", true);
                  json.writeBooleanField("hard", hard);
                  json.writeStringField("deletedAt", MessageJson.iso(deletedAtMs(answer)));
                }));
  }

  private static long deletedAtMs(Answer answer) {
    if (answer instanceof Answer.Unchanged unchanged) {
      Message message = unchanged.message();
      return message == null || message.deletedAtMs() == null ? 0 : message.deletedAtMs();
    }
    return ((Event.Deleted) done(answer)).atMs();
  }

  private CompletionStage<ApiResponse> react(
      Identity who, ApiRequest request, Map<String, String> path, boolean add) {
    String emoji =
        Body.of(request).text("emoji").orElseThrow(() -> new Problem(400, "emoji required"));
    long messageId = messageId(path);
    return about(
        who,
        path,
        target -> new Command.React(target, emoji, add),
        (id, answer) ->
            Problem.ok(
                json -> {
                  json.writeBooleanField("ok", true);
                  json.writeObjectFieldStart("reaction");
                  json.writeNumberField("messageId", messageId);
                  json.writeStringField("roomId", id.name());
                  json.writeStringField("userId", who.user().id());
                  json.writeStringField("emoji", emoji);
                  json.writeStringField("op", add ? "add" : "remove");
                  json.writeEndObject();
                }));
  }

  private CompletionStage<ApiResponse> about(
      Identity who,
      Map<String, String> path,
      LongFunction<Command> command,
      BiFunction<RoomId, Answer, ApiResponse> response) {
    long messageId = messageId(path);
    return rooms
        .ofMessage(who, messageId)
        .thenCompose(
            id ->
                rooms
                    .ask(who, id, command.apply(messageId))
                    .thenApply(answer -> response.apply(id, answer)));
  }

  static long messageId(Map<String, String> path) {
    return Body.whole(path.getOrDefault("id", ""), 16)
        .orElseThrow(() -> new Problem(404, "message not found"));
  }

  private static Event done(Answer answer) {
    if (answer instanceof Answer.Done done) {
      return done.event();
    }
    throw new IllegalStateException("not done: " + answer);
  }
}
