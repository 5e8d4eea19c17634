package io.fluxy.protocol.pushflo;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.protocol.pushflo.PushFloApp.Power;
import io.fluxy.room.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What was said in a channel, newest first (contract 5.2). Bounds of time are exclusive. */
final class HistoryRoute {
  private static final int PAGE = 100;

  private HistoryRoute() {}

  static void addTo(Routes routes, Keyed keyed) {
    routes.on(
        "GET",
        "/api/v1/channels/:slug/messages",
        keyed.about(Power.SUBSCRIBE, HistoryRoute::history));
  }

  /** Whether a browser's key, or a user's token, may ask for what was said before it came. */
  static void mayRead(Credential who) {
    if (!who.may(Power.PUBLISH) && !who.app().config().has(Option.PUBLISH_KEYS_READ)) {
      throw new ApiProblem(403, "FORBIDDEN", "A sec_ or mgmt_ key is needed for this");
    }
  }

  private static CompletionStage<ApiResponse> history(
      Credential who, ApiRequest request, String channel) {
    mayRead(who);
    LiveApp app = who.app();
    Scan scan =
        new Scan(
            Keyed.Page.of(request),
            request.query("eventType").orElse(null),
            Keyed.number(request, "after").orElse(-1L),
            Keyed.number(request, "before").orElse(Long.MAX_VALUE),
            app.limits().historyScanMax());
    return look(who, channel, (room, reader) -> scan.read(room, reader))
        .thenCompose(
            nothing ->
                scan.isOfAll()
                    ? app.services()
                        .operators()
                        .room(app.room(channel))
                        .thenApply(figures -> Math.max(figures.messages(), scan.total()))
                    : CompletableFuture.completedStage(scan.total()))
        .thenApply(total -> answer(channel, scan, total));
  }

  private static ApiResponse answer(String channel, Scan scan, long total) {
    return Keyed.ok(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("items");
          for (Content item : scan.items()) {
            item.writeItem(json, channel);
          }
          json.writeEndArray();
          scan.page().json(total).to(json);
          json.writeEndObject();
        });
  }

  /** Looks into a room. */
  @FunctionalInterface
  interface Looking<T> {
    CompletionStage<T> at(Room room, User reader);
  }

  /** Servers see any room, others what they may enter; all else is not there. */
  static <T> CompletionStage<T> look(Credential who, String channel, Looking<T> looking) {
    LiveApp app = who.app();
    if (who.grants() != null && !who.grants().contains(channel)) {
      throw ApiProblem.noChannel();
    }
    Identity reader = reader(who, channel);
    CompletionStage<T> looked =
        who.admitsTo(channel)
            ? app.services().gate().with(app.room(channel), room -> looking.at(room, reader.user()))
            : app.services()
                .gate()
                .look(reader, app.room(channel), room -> looking.at(room, reader.user()));
    return looked.exceptionallyCompose(
        failure ->
            CompletableFuture.failedStage(
                LiveApp.cause(failure) instanceof RefusedException refused
                        && refused.refusal().retryAfterSeconds() == 0
                    ? ApiProblem.noChannel()
                    : LiveApp.cause(failure)));
  }

  private static Identity reader(Credential who, String channel) {
    Identity user = who.identity();
    if (who.may(Power.PUBLISH)) {
      return who.app().publisher();
    } else if (user == null) {
      User guest = new User("pushflo-reader", Set.of(Role.GUEST));
      return new Identity(who.app().config().project(), guest, Long.MAX_VALUE, null);
    }
    User admitted = new User(user.user().id(), user.user().roles(), channel);
    return who.admitsTo(channel)
        ? new Identity(user.project(), admitted, user.expiresAtMs(), user.onlyRoom())
        : user;
  }

  /** Reads a room backwards until it has what was asked for. */
  static final class Scan {
    private final Keyed.Page page;
    private final @Nullable String eventType;
    private final long afterMs;
    private final long beforeMs;
    private final int messagesMax;
    private final List<Content> items = new ArrayList<>();
    private long found;
    private int seen;

    Scan(
        Keyed.Page page, @Nullable String eventType, long afterMs, long beforeMs, int messagesMax) {
      this.page = page;
      this.eventType = eventType;
      this.afterMs = afterMs;
      this.beforeMs = beforeMs;
      this.messagesMax = messagesMax;
    }

    Keyed.Page page() {
      return page;
    }

    List<Content> items() {
      return items;
    }

    /** What was found, among as many messages as may be looked at. */
    long total() {
      return found;
    }

    /** Whether nothing is left out: then all there are can be counted. */
    boolean isOfAll() {
      return eventType == null && afterMs < 0 && beforeMs == Long.MAX_VALUE;
    }

    CompletionStage<Void> read(Room room, User reader) {
      CompletionStage<List<StoredMessage>> newest =
          beforeMs == Long.MAX_VALUE
              ? room.page(reader, Long.MAX_VALUE, PAGE)
              : room.pageBefore(reader, beforeMs, PAGE);
      return newest.thenCompose(some -> goOn(room, reader, some));
    }

    private CompletionStage<Void> goOn(Room room, User reader, List<StoredMessage> some) {
      long last = 0;
      for (StoredMessage stored : some) {
        Message message = stored.message();
        last = message.seq();
        if (message.createdAtMs() <= afterMs || ++seen > messagesMax) {
          return CompletableFuture.completedStage(null);
        }
        take(message);
      }
      boolean enough = isOfAll() && found >= page.first() + page.size();
      if (some.size() < PAGE || enough) {
        return CompletableFuture.completedStage(null);
      }
      return room.page(reader, last, PAGE).thenCompose(more -> goOn(room, reader, more));
    }

    private void take(Message message) {
      Content content = Content.of(message);
      if (message.createdAtMs() < beforeMs
          && Optional.ofNullable(eventType).map(content.eventType()::equals).orElse(true)) {
        if (page.has(found)) {
          items.add(content);
        }
        found++;
      }
    }
  }
}
