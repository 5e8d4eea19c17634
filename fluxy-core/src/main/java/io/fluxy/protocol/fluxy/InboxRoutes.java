package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.room.Room;
import io.fluxy.store.Directory;
import io.fluxy.store.Inbox;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Unread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What concerns a user, over all its rooms (contract 1.7): mentions, rooms with something new,
 * threads. Everything listed is asked of its room first, so nobody is shown here what a page of
 * history would hide.
 */
final class InboxRoutes {
  private static final int LISTED_MAX = 50;
  private static final int LOOKED_AT_MAX = 200; // hidden ones included

  private final Services services;
  private final Authenticated authenticated;
  private final Rooms rooms;
  private final RateLimit asked;

  private record Asker(String project, String userId) {}

  /** A message that mentions the caller. */
  private record Mention(RoomRecord room, Message message, boolean isUnread) {}

  /** A room with something new in it. */
  private record News(RoomRecord room, Unread unread, @Nullable Message last) {}

  /** A message and its answers. */
  private record Answered(RoomRecord room, StoredMessage parent) {}

  InboxRoutes(Services services, Authenticated authenticated, Rooms rooms) {
    this.services = services;
    this.authenticated = authenticated;
    this.rooms = rooms;
    this.asked = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    on(routes, "/notifications", this::notifications);
    on(routes, "/inbox", this::inbox);
    on(routes, "/threads", this::threads);
  }

  private void on(
      Routes routes, String path, Function<Identity, CompletionStage<ApiResponse>> answer) {
    authenticated.on(
        routes,
        "GET",
        path,
        (who, request, nothing) -> {
          within(who);
          return answer.apply(who);
        });
  }

  /** Each answer reads many rooms: as many of them a minute as searches. */
  private void within(Identity who) {
    int perMinute = services.projects().limits(who.project()).data().searchesPerMinute();
    asked
        .take(new Asker(who.project(), who.user().id()), perMinute)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
  }

  /** Mentions that the user has not read; nobody keeps when one was read, so those are not here. */
  private CompletionStage<ApiResponse> notifications(Identity who) {
    return mentions(who)
        .thenApply(
            mentions ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("notifications");
                      for (Mention mention : mentions) {
                        if (mention.isUnread()) {
                          notification(json, mention);
                        }
                      }
                      json.writeEndArray();
                    }));
  }

  private static void notification(JsonGenerator json, Mention mention) throws IOException {
    Message message = mention.message();
    json.writeStartObject();
    json.writeNumberField("id", message.id());
    json.writeStringField("kind", "mention");
    json.writeStringField("title", "New mention");
    json.writeStringField("body", ThreadRoutes.preview(message));
    json.writeStringField("room_id", mention.room().id().name());
    json.writeNumberField("message_id", message.id());
    json.writeNullField("read_at");
    json.writeStringField("created_at", MessageJson.iso(message.createdAtMs()));
    json.writeEndObject();
  }

  private CompletionStage<ApiResponse> inbox(Identity who) {
    return mentions(who).thenCombine(news(who), InboxRoutes::inbox);
  }

  private static ApiResponse inbox(List<Mention> mentions, List<News> news) {
    return Problem.ok(
        json -> {
          json.writeArrayFieldStart("mentions");
          for (Mention mention : mentions) {
            Message message = mention.message();
            json.writeStartObject();
            json.writeNumberField("messageId", message.id());
            room(json, mention.room());
            json.writeStringField("authorId", message.userId());
            json.writeStringField("preview", ThreadRoutes.preview(message));
            json.writeStringField("createdAt", MessageJson.iso(message.createdAtMs()));
            json.writeBooleanField("isUnread", mention.isUnread());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayFieldStart("unreadRooms");
          for (News each : news) {
            news(json, each);
          }
          json.writeEndArray();
          nothing(json, "snoozedRooms");
          nothing(json, "followUps");
          json.writeObjectFieldStart("counts");
          json.writeNumberField("mentions", mentions.size());
          json.writeNumberField("unreadRooms", news.size());
          json.writeNumberField("snoozedRooms", 0);
          json.writeNumberField("followUps", 0);
          json.writeEndObject();
        });
  }

  private static void news(JsonGenerator json, News news) throws IOException {
    json.writeStartObject();
    room(json, news.room());
    MemberRoutes.unread(json, news.room().number(), news.unread());
    Message last = news.last();
    if (last == null) {
      json.writeNullField("lastMessage");
    } else {
      json.writeObjectFieldStart("lastMessage");
      json.writeNumberField("messageId", last.id());
      json.writeStringField("userId", last.userId());
      json.writeStringField("preview", ThreadRoutes.preview(last));
      json.writeStringField("createdAt", MessageJson.iso(last.createdAtMs()));
      json.writeEndObject();
    }
    json.writeNullField("snoozedUntil");
    json.writeEndObject();
  }

  private CompletionStage<ApiResponse> threads(Identity who) {
    return services
        .store()
        .inbox()
        .threads(who.project(), who.user().id(), LOOKED_AT_MAX)
        .thenCompose(places -> each(who, places, place -> thread(who, place)))
        .thenApply(InboxRoutes::threads);
  }

  private static ApiResponse threads(List<Answered> threads) {
    return Problem.ok(
        json -> {
          json.writeArrayFieldStart("threads");
          for (Answered thread : threads) {
            Message message = thread.parent().message();
            json.writeStartObject();
            json.writeNumberField("messageId", message.id());
            room(json, thread.room());
            json.writeStringField("authorId", message.userId());
            json.writeStringField("preview", ThreadRoutes.preview(message));
            json.writeStringField("createdAt", MessageJson.iso(message.createdAtMs()));
            ThreadRoutes.summary(json, thread.parent().replies());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeNumberField("total", threads.size());
        });
  }

  private CompletionStage<Optional<Answered>> thread(Identity who, Inbox.Place place) {
    long messageId = Message.id(place.room().number(), place.seq());
    return look(
        who,
        place.room(),
        room -> room.thread(who.user(), messageId, Long.MAX_VALUE, 0),
        found -> found.map(thread -> new Answered(place.room(), thread.parent())));
  }

  private CompletionStage<List<Mention>> mentions(Identity who) {
    return services
        .store()
        .inbox()
        .mentions(who.project(), who.user().id(), LOOKED_AT_MAX)
        .thenCompose(places -> each(who, places, place -> mention(who, place)));
  }

  private CompletionStage<Optional<Mention>> mention(Identity who, Inbox.Place place) {
    return look(
            who,
            place.room(),
            room -> room.page(who.user(), place.seq() + 1, 1),
            page ->
                page.stream()
                    .map(StoredMessage::message)
                    .filter(message -> message.seq() == place.seq())
                    .findFirst())
        .thenCombine(
            services.directory().unread(place.room().id(), who.user()),
            (message, unread) ->
                message.map(
                    seen -> new Mention(place.room(), seen, seen.seq() > unread.readSeq())));
  }

  private CompletionStage<List<News>> news(Identity who) {
    return services
        .directory()
        .rooms(who.project(), who.user().id(), null, who.user(), LOOKED_AT_MAX)
        .thenCompose(
            listings ->
                each(
                    who,
                    listings.stream()
                        .filter(listing -> listing.unread() > 0)
                        .map(Directory.RoomListing::room)
                        .map(room -> new Inbox.Place(room, 0))
                        .toList(),
                    place -> news(who, place.room())));
  }

  private CompletionStage<Optional<News>> news(Identity who, RoomRecord record) {
    return look(
            who,
            record,
            room -> room.page(who.user(), Long.MAX_VALUE, 1),
            page -> Optional.of(page.stream().map(StoredMessage::message).findFirst()))
        .thenCombine(
            services.directory().unread(record.id(), who.user()),
            (last, unread) -> last.map(message -> new News(record, unread, message.orElse(null))));
  }

  /** What comes of the first places that are open to the caller, one room after the other. */
  private static <T> CompletionStage<List<T>> each(
      Identity who,
      List<Inbox.Place> places,
      Function<Inbox.Place, CompletionStage<Optional<T>>> what) {
    CompletionStage<List<T>> all = CompletableFuture.completedStage(new ArrayList<>());
    for (Inbox.Place place : places) {
      RoomId id = place.room().id();
      all =
          all.thenCompose(
              before ->
                  before.size() == LISTED_MAX || !who.isGoodFor(id)
                      ? CompletableFuture.completedStage(before)
                      : what.apply(place)
                          .thenApply(
                              found -> {
                                found.ifPresent(before::add);
                                return before;
                              }));
    }
    return all;
  }

  /** What a room shows the caller; nothing if it does not let the caller in. */
  private <A, B> CompletionStage<Optional<B>> look(
      Identity who,
      RoomRecord record,
      Function<Room, CompletionStage<A>> use,
      Function<A, Optional<B>> then) {
    return rooms
        .look(who, record.id(), use)
        .thenApply(then)
        .exceptionallyCompose(
            failure ->
                Problem.isForbidden(failure)
                    ? CompletableFuture.completedStage(Optional.empty())
                    : CompletableFuture.failedStage(failure));
  }

  private static void room(JsonGenerator json, RoomRecord room) throws IOException {
    json.writeStringField("roomId", room.id().name());
    json.writeStringField("roomName", room.name());
    json.writeStringField("roomType", room.type().word());
  }

  private static void nothing(JsonGenerator json, String name) throws IOException {
    json.writeArrayFieldStart(name);
    json.writeEndArray();
  }
}
