package io.fluxy.protocol.pushflo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.ChatWords;
import io.fluxy.protocol.pushflo.PushFloApp.Power;
import io.fluxy.store.RoomRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Channels, made and changed and ended (contract 5.3, 5.4): the rooms they are. */
final class ChannelRoutes {
  private static final int ROOMS_AT_ONCE = 500;

  private ChannelRoutes() {}

  static void addTo(Routes routes, Keyed keyed) {
    routes
        .on("GET", "/api/v1/channels", keyed.needing(Power.SUBSCRIBE, ChannelRoutes::list))
        .on("POST", "/api/v1/channels", keyed.needing(Power.MANAGE, ChannelRoutes::create))
        .on("GET", "/api/v1/channels/:slug", keyed.about(Power.SUBSCRIBE, ChannelRoutes::get))
        .on("PATCH", "/api/v1/channels/:slug", keyed.about(Power.MANAGE, ChannelRoutes::change))
        .on("DELETE", "/api/v1/channels/:slug", keyed.about(Power.MANAGE, ChannelRoutes::delete));
  }

  /** A room, and what is noted of it. */
  private record Channel(RoomRecord room, Details details, long messages) {
    void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("id", "ch_" + room.number());
      json.writeStringField("name", room.name());
      json.writeStringField("slug", room.id().name());
      json.writeStringField("description", details.description());
      json.writeFieldName("metadata");
      json.writeRawValue(details.metadata());
      json.writeBooleanField("isPrivate", room.type() != RoomType.PUBLIC);
      json.writeNumberField("messageCount", messages);
      json.writeStringField("createdAt", ChatWords.iso(room.createdAtMs()));
      json.writeStringField(
          "updatedAt", ChatWords.iso(Math.max(room.createdAtMs(), details.atMs())));
      json.writeEndObject();
    }
  }

  private static CompletionStage<ApiResponse> list(
      Credential who, ApiRequest request, Map<String, String> path) {
    HistoryRoute.mayRead(who);
    Keyed.Page page = Keyed.Page.of(request);
    Listing listing = new Listing(who, page);
    return listing
        .read(0)
        .thenCompose(nothing -> channels(who.app(), listing.onPage))
        .thenApply(
            channels ->
                Keyed.ok(
                    200,
                    json -> {
                      json.writeStartArray();
                      for (Channel channel : channels) {
                        channel.write(json);
                      }
                      json.writeEndArray();
                      page.json(listing.found).to(json); // beside the data, unlike history
                    }));
  }

  /** Rooms that are channels, in the order they were made. */
  private static final class Listing {
    private final Credential who;
    private final Keyed.Page page;
    private final List<RoomRecord> onPage = new ArrayList<>();
    private int found;

    Listing(Credential who, Keyed.Page page) {
      this.who = who;
      this.page = page;
    }

    CompletionStage<Void> read(long afterNumber) {
      LiveApp app = who.app();
      return app.services()
          .store()
          .personalData()
          .rooms(app.config().project(), null, afterNumber, ROOMS_AT_ONCE)
          .thenCompose(
              rooms -> {
                rooms.stream().filter(this::isListed).forEach(this::take);
                return rooms.size() < ROOMS_AT_ONCE || found >= app.limits().listedMax()
                    ? CompletableFuture.completedStage(null)
                    : read(rooms.get(rooms.size() - 1).number());
              });
    }

    private boolean isListed(RoomRecord room) {
      boolean open = who.may(Power.PUBLISH) || room.type() == RoomType.PUBLIC;
      return open && room.type() != RoomType.DM && who.app().isName(room.id().name());
    }

    private void take(RoomRecord room) {
      if (page.has(found++)) {
        onPage.add(room);
      }
    }
  }

  /** Names first, so that nothing half-made is left if one is wrong. */
  private static CompletionStage<ApiResponse> create(
      Credential who, ApiRequest request, Map<String, String> path) {
    LiveApp app = who.app();
    Map<String, @Nullable Object> body = Keyed.body(request);
    String name = name(app, body).orElseThrow(() -> missing("name"));
    String slug = Keyed.text(body, "slug").orElseThrow(() -> missing("slug"));
    if (!app.isName(slug)) {
      throw ApiProblem.invalid("slug", "slug must be " + Slugs.RULE);
    }
    boolean isPrivate = flag(body).orElse(false);
    Details.Change details = Details.Change.of(body, app.limits());
    return app.services()
        .directory()
        .createRoom(
            app.room(slug),
            isPrivate ? RoomType.GROUP : RoomType.PUBLIC,
            name,
            app.services().scheduler().nowMs(),
            List.of(),
            LiveApp.PUBLISHER.id())
        .thenCompose(
            made -> {
              if (made.isEmpty()) {
                throw new ApiProblem(
                    409,
                    "CONFLICT",
                    "The channel " + slug + " exists already, or has been deleted");
              }
              return (details.isEmpty()
                      ? CompletableFuture.completedStage(Details.NONE)
                      : details.save(app, slug))
                  .thenApply(saved -> answer(201, new Channel(made.get(), saved, 0)));
            });
  }

  private static CompletionStage<ApiResponse> get(
      Credential who, ApiRequest request, String channel) {
    HistoryRoute.mayRead(who);
    return HistoryRoute.look(
            who, channel, (room, reader) -> room.look(reader).thenApply(view -> view.record()))
        .thenCompose(room -> channel(who.app(), room))
        .thenApply(found -> answer(200, found));
  }

  private static CompletionStage<ApiResponse> change(
      Credential who, ApiRequest request, String channel) {
    LiveApp app = who.app();
    Map<String, @Nullable Object> body = Keyed.body(request);
    Optional<String> name = name(app, body);
    RoomType type =
        flag(body).map(isPrivate -> isPrivate ? RoomType.GROUP : RoomType.PUBLIC).orElse(null);
    Details.Change details = Details.Change.of(body, app.limits());
    return room(app, channel)
        .thenCompose(
            room ->
                name.isEmpty() && type == null
                    ? CompletableFuture.completedStage(null)
                    : ask(app, channel, new Command.ChangeRoom(name.orElse(null), type)))
        .thenCompose(nothing -> details.save(app, channel))
        .thenCompose(nothing -> room(app, channel))
        .thenCompose(room -> channel(app, room))
        .thenApply(found -> answer(200, found));
  }

  private static CompletionStage<ApiResponse> delete(
      Credential who, ApiRequest request, String channel) {
    return room(who.app(), channel)
        .thenCompose(room -> ask(who.app(), channel, new Command.DeleteRoom()))
        .thenApply(nothing -> ApiResponse.empty(204));
  }

  private static CompletionStage<RoomRecord> room(LiveApp app, String channel) {
    return app.services()
        .directory()
        .room(app.room(channel))
        .thenApply(found -> found.orElseThrow(ApiProblem::noChannel));
  }

  private static CompletionStage<Answer> ask(LiveApp app, String channel, Command command) {
    Identity publisher = app.publisher();
    return app.services()
        .gate()
        .submitUncounted(publisher, app.room(channel), command)
        .thenApply(
            answer -> {
              if (answer instanceof Answer.Refused refused) {
                throw ApiProblem.of(new RefusedException(refused.refusal()));
              }
              return answer;
            });
  }

  private static CompletionStage<Channel> channel(LiveApp app, RoomRecord room) {
    return Details.of(app, room.id().name())
        .thenCombine(
            app.services().operators().room(room.id()),
            (details, figures) -> new Channel(room, details, figures.messages()));
  }

  private static CompletionStage<List<Channel>> channels(LiveApp app, List<RoomRecord> rooms) {
    List<Channel> channels = new ArrayList<>();
    CompletionStage<List<Channel>> all = CompletableFuture.completedStage(channels);
    for (RoomRecord room : rooms) {
      all =
          all.thenCompose(
              before ->
                  channel(app, room)
                      .thenApply(
                          found -> {
                            before.add(found);
                            return before;
                          }));
    }
    return all;
  }

  private static ApiResponse answer(int status, Channel channel) {
    return Keyed.ok(status, channel::write);
  }

  private static Optional<String> name(LiveApp app, Map<String, @Nullable Object> body) {
    if (body.containsKey("name") && body.get("name") == null) {
      throw ApiProblem.invalid("name", "name must be a string");
    }
    Optional<String> name = Keyed.text(body, "name").map(String::strip);
    int charsMax = app.services().limits().roomNameCharsMax();
    if (name.isPresent() && (name.get().isEmpty() || name.get().length() > charsMax)) {
      throw ApiProblem.invalid("name", "name must have 1 to " + charsMax + " characters");
    }
    return name;
  }

  private static Optional<Boolean> flag(Map<String, @Nullable Object> body) {
    Object value = body.get("isPrivate");
    if (value != null && !(value instanceof Boolean)) {
      throw ApiProblem.invalid("isPrivate", "isPrivate must be true or false");
    }
    return Optional.ofNullable((Boolean) value);
  }

  private static ApiProblem missing(String field) {
    return ApiProblem.invalid(field, field + " is required");
  }
}
