package io.fluxy.protocol.pusher;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which channels there are, who is in them, and the end of a user's connections (contract 4). */
final class ChannelRoutes {
  private final Signed signed;
  private final Counts counts;

  ChannelRoutes(Signed signed, Counts counts) {
    this.signed = signed;
    this.counts = counts;
  }

  void addTo(Routes routes) {
    routes
        .on("GET", "/apps/:id/channels", signed.by(this::channels))
        .on("GET", "/apps/:id/channels/:channel", signed.by(this::channel))
        .on("GET", "/apps/:id/channels/:channel/users", signed.by(this::users))
        .on("GET", "/apps/:id/channels/:channel/history", signed.by(this::history))
        .on("POST", "/apps/:id/users/:user/terminate_connections", signed.by(this::terminate));
  }

  private CompletionStage<ApiResponse> channels(
      LiveApp app, ApiRequest request, Map<String, String> path) {
    String prefix = request.query("filter_by_prefix").orElse("");
    Set<String> info = Counts.words(request.query("info").orElse(""));
    if (info.contains(Counts.USERS) && !prefix.startsWith("presence-")) {
      throw new ApiProblem(400, "user_count needs a filter_by_prefix that begins with presence-");
    }
    var occupied = app.channels().occupied(name -> name.startsWith(prefix));
    return counts
        .ofAll(app, occupied.keySet(), info)
        .thenApply(counted -> Signed.json(json -> Counts.channels(json, counted)));
  }

  private CompletionStage<ApiResponse> channel(
      LiveApp app, ApiRequest request, Map<String, String> path) {
    String channel = name(app, path);
    Set<String> info = Counts.words(request.query("info").orElse(""));
    ChannelKind kind = ChannelKind.of(channel);
    if (info.contains(Counts.USERS) && !kind.isPresence()) {
      throw new ApiProblem(400, "user_count is for presence channels");
    }
    boolean occupied = app.channels().count(channel) > 0;
    return counts
        .of(app, channel, occupied ? info : Set.of())
        .thenApply(
            counted ->
                Signed.json(
                    json -> {
                      json.writeBooleanField("occupied", occupied);
                      for (Map.Entry<String, Object> count : counted.entrySet()) {
                        json.writeFieldName(count.getKey());
                        Json.value(json, count.getValue());
                      }
                      if (info.contains(Counts.CACHE) && kind.isCached()) {
                        json.writeFieldName("cache");
                        Optional<Cache.Last> last = app.cache().find(channel);
                        if (last.isEmpty()) {
                          json.writeNull();
                        } else {
                          json.writeStartObject();
                          json.writeStringField("data", Data.string(last.get().data()));
                          json.writeNumberField("ttl", app.cache().secondsLeft(last.get()));
                          json.writeEndObject();
                        }
                      }
                    }));
  }

  private CompletionStage<ApiResponse> users(
      LiveApp app, ApiRequest request, Map<String, String> path) {
    String channel = name(app, path);
    if (!ChannelKind.of(channel).isPresence()) {
      throw new ApiProblem(400, "only presence channels know their users");
    }
    return counts
        .present(app, channel)
        .thenApply(
            users ->
                Signed.json(
                    json -> {
                      json.writeArrayFieldStart("users");
                      for (Event.Present user : users) {
                        json.writeStartObject();
                        json.writeStringField("id", UserId.inChannel(user.userId()));
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                    }));
  }

  /** Beyond Pusher: what was told in a channel and is kept, newest first. */
  private CompletionStage<ApiResponse> history(
      LiveApp app, ApiRequest request, Map<String, String> path) {
    String channel = name(app, path);
    PusherHistory rule = app.config().historyOf(channel);
    if (rule == null) {
      throw new ApiProblem(400, "no history is kept of " + Signed.shown(channel));
    }
    int max = app.limits().historyPageMax();
    long limit = number(request, "limit", Math.min(100, max));
    if (limit < 1 || limit > max) {
      throw new ApiProblem(400, "limit must be 1 to " + max);
    }
    long afterSeq = number(request, "after_seq", 0);
    long beforeSeq = number(request, "before_seq", Long.MAX_VALUE);
    return app.histories()
        .page(channel, rule, afterSeq, beforeSeq, (int) limit)
        .thenApply(page -> Signed.json(json -> page(json, page)));
  }

  private static void page(JsonGenerator json, Histories.Page page) throws IOException {
    json.writeArrayFieldStart("events");
    for (Message message : page.messages()) {
      PusherChannels.KeptEvent event = PusherChannels.KeptEvent.of(message);
      json.writeStartObject();
      json.writeNumberField("seq", event.seq());
      json.writeStringField("name", event.name());
      json.writeStringField("data", event.data());
      json.writeNumberField("time_ms", event.atMs());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (page.nextBeforeSeq() > 0) {
      json.writeNumberField("next_before_seq", page.nextBeforeSeq());
    }
  }

  private static long number(ApiRequest request, String name, long otherwise) {
    String text = request.query(name).orElse("");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw new ApiProblem(400, name + " must be a number: " + Signed.shown(text));
  }

  private CompletionStage<ApiResponse> terminate(
      LiveApp app, ApiRequest request, Map<String, String> path) {
    app.users()
        .of(path.getOrDefault("user", ""))
        .forEach(socket -> socket.end(4009, "You got disconnected by the app"));
    return CompletableFuture.completedStage(Signed.ok());
  }

  private static String name(LiveApp app, Map<String, String> path) {
    String channel = path.getOrDefault("channel", "");
    if (!ChannelKind.isName(channel, app.limits().channelNameCharsMax())) {
      throw new ApiProblem(400, "no good name for a channel: " + Signed.shown(channel));
    }
    return channel;
  }
}
