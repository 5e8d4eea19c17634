package io.fluxy.protocol.channels;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.room.Room;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a channel has said, who is in it, and signatures for those who may be. */
final class ReadRoutes {
  private static final int LIMIT_DEFAULT = 50;
  private static final int NUMBER_DIGITS_MAX = 15;

  private final Callers callers;
  private final Services services;

  ReadRoutes(Callers callers, Services services) {
    this.callers = callers;
    this.services = services;
  }

  void addTo(Routes routes) {
    routes
        .on("GET", "/channels/:id/messages", this::messages)
        .on("GET", "/presence/:id", this::presence)
        .on("POST", "/channels/:id/auth", this::auth);
  }

  /** Somebody who may look, and where. */
  private record Reader(LiveChannels app, Identity who, RoomId room) {}

  private CompletionStage<Reader> reader(ApiRequest request, Map<String, String> path) {
    return callers
        .of(request)
        .thenApply(
            caller -> {
              LiveChannels app = caller.app();
              RoomId room = app.room(path.getOrDefault("id", ""));
              Identity who = caller.who();
              app.countRead(who == null ? request.peer() : who.user().id());
              if (who != null) {
                return new Reader(app, who, room);
              } else if (!app.config().open() || ChannelKind.of(room.name()).isSigned()) {
                throw new ChannelProblem(401, "unauthorized", "a token is needed");
              }
              return new Reader(app, app.stranger("reader"), room);
            });
  }

  private <T> CompletionStage<T> look(Reader reader, Function<Room, CompletionStage<T>> use) {
    return services.gate().look(reader.who(), reader.room(), use);
  }

  private CompletionStage<ApiResponse> presence(ApiRequest request, Map<String, String> path) {
    return reader(request, path)
        .thenCompose(reader -> look(reader, room -> room.look(reader.who().user())))
        .thenApply(
            view ->
                ApiResponse.json(
                    200,
                    json -> {
                      json.writeStartObject();
                      PlainCodec.presence(json, view.present());
                      json.writeEndObject();
                    }));
  }

  // History: a stretch of the log, as it was told.

  /**
   * A stretch.
   *
   * @param from the seq at which it begins
   * @param to the seq up to which it tells
   * @param head of the log
   */
  private record Stretch(long from, long to, long head, List<Event.Durable> events) {}

  private CompletionStage<ApiResponse> messages(ApiRequest request, Map<String, String> path) {
    Optional<Long> since = number(request, "since");
    Optional<Long> before = number(request, "before");
    if (since.isPresent() && before.isPresent()) {
      throw new ChannelProblem(400, "invalid", "either since or before, not both");
    }
    return reader(request, path)
        .thenCompose(
            reader -> {
              int max = reader.app().limits().historyMax();
              long limit = Math.min(max, number(request, "limit").orElse((long) LIMIT_DEFAULT));
              return look(
                      reader,
                      room ->
                          room.look(reader.who().user())
                              .thenCompose(
                                  view -> stretch(reader, room, view.head(), since, before, limit)))
                  .thenApply(stretch -> page(reader, stretch));
            });
  }

  private CompletionStage<Stretch> stretch(
      Reader reader,
      Room room,
      long head,
      Optional<Long> since,
      Optional<Long> before,
      long limit) {
    long from;
    long to;
    if (since.isPresent()) {
      from = Math.min(since.get(), head) + 1;
      to = Math.min(head, from - 1 + limit);
    } else {
      to = Math.min(before.orElse(Long.MAX_VALUE) - 1, head);
      from = Math.max(1, to - limit + 1);
    }
    return read(reader, room, from, to, new ArrayList<>())
        .thenApply(events -> new Stretch(from, Math.max(to, from - 1), head, events));
  }

  /** The room's answers are bounded in characters, so a stretch may take several. */
  private CompletionStage<List<Event.Durable>> read(
      Reader reader, Room room, long from, long to, List<Event.Durable> events) {
    if (from > to) {
      return CompletableFuture.completedStage(events);
    }
    return room.submit(
            reader.who().user(), new Command.Resume(from - 1, null, (int) (to - from + 1)))
        .thenCompose(
            answer -> {
              if (answer instanceof Answer.Refused refused) {
                throw ChannelProblem.of(refused.refusal());
              } else if (!(answer instanceof Answer.Done done)
                  || !(done.event() instanceof Event.Replayed replayed)) {
                throw new IllegalStateException("a resume became " + answer);
              } else {
                events.addAll(replayed.events());
                return replayed.lastSeq() < from
                    ? CompletableFuture.completedStage(events)
                    : read(reader, room, replayed.lastSeq() + 1, to, events);
              }
            });
  }

  private static ApiResponse page(Reader reader, Stretch stretch) {
    List<Json.Writing> frames = new ArrayList<>();
    for (Event.Durable event : stretch.events()) {
      reader.app().codec().tell(reader.room(), event, frames::add);
    }
    return ApiResponse.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("channel", reader.room().name());
          json.writeArrayFieldStart("messages");
          for (Json.Writing frame : frames) {
            frame.to(json);
          }
          json.writeEndArray();
          json.writeNumberField("from", stretch.from());
          json.writeNumberField("to", stretch.to());
          json.writeNumberField("head", stretch.head());
          json.writeEndObject();
        });
  }

  /** A whole number that is not negative. */
  static Optional<Long> number(ApiRequest request, String name) {
    Optional<String> text = request.query(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String digits = text.get();
    if (digits.isEmpty()
        || digits.length() > NUMBER_DIGITS_MAX
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new ChannelProblem(400, "invalid", name + " must be a whole number");
    }
    return Optional.of(Long.parseLong(digits));
  }

  // Signatures.

  private CompletionStage<ApiResponse> auth(ApiRequest request, Map<String, String> path) {
    return callers
        .of(request)
        .thenCompose(
            caller -> {
              Identity who = caller.user();
              LiveChannels app = caller.app();
              RoomId room = app.room(path.getOrDefault("id", ""));
              ChannelKind kind = ChannelKind.of(room.name());
              Map<String, @Nullable Object> body = body(request);
              if (!kind.isSigned()) {
                throw new ChannelProblem(400, "invalid", "a public channel needs no signature");
              } else if (!(body.get("socketId") instanceof String socketId)
                  || !PublishRoutes.isSocketId(socketId)) {
                throw new ChannelProblem(400, "invalid", "socketId must be digits, a dot, digits");
              } else {
                String data = channelData(app, who, body.get("channelData"));
                String answer = app.config().authorize(socketId, room.name(), data);
                byte[] utf8 = answer.getBytes(StandardCharsets.UTF_8);
                return services
                    .gate()
                    .look(who, room, found -> found.look(who.user()))
                    .thenApply(view -> ApiResponse.of(200, "application/json", utf8));
              }
            });
  }

  private static Map<String, @Nullable Object> body(ApiRequest request) {
    try {
      return Json.object(request.body());
    } catch (BadJsonException e) {
      throw new ChannelProblem(400, "invalid", "the body is no JSON object: " + e.getMessage());
    }
  }

  /** Who it is says the token, whatever the caller says; what others see of it says the caller. */
  private static String channelData(LiveChannels app, Identity who, @Nullable Object channelData) {
    Object info = channelData;
    if (channelData instanceof Map<?, ?> fields && fields.containsKey(PlainCodec.USER_INFO)) {
      info = fields.get(PlainCodec.USER_INFO);
    } else if (channelData instanceof Map<?, ?> fields && fields.containsKey("user_id")) {
      info = null;
    }
    Object shown = info;
    String data =
        Json.objectText(
            json -> {
              json.writeStringField("user_id", who.user().id());
              if (shown != null) {
                json.writeFieldName(PlainCodec.USER_INFO);
                Json.value(json, shown);
              }
            });
    int max = app.limits().channelDataBytesMax();
    if (data.getBytes(StandardCharsets.UTF_8).length > max) {
      throw new ChannelProblem(400, "invalid", "channelData has more than " + max + " bytes");
    }
    return data;
  }
}
