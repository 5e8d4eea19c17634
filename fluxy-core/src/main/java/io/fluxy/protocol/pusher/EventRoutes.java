package io.fluxy.protocol.pusher;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Publishing by HTTP (contract 4). All of a request is checked before anybody hears of it. */
final class EventRoutes {
  private final Signed signed;
  private final Counts counts;

  EventRoutes(Signed signed, Counts counts) {
    this.signed = signed;
    this.counts = counts;
  }

  void addTo(Routes routes) {
    routes
        .on("POST", "/apps/:id/events", signed.by(this::event))
        .on("POST", "/apps/:id/batch_events", signed.by(this::batch));
  }

  /**
   * What is to be published.
   *
   * @param data JSON
   * @param exceptSocketId whom not to tell; null for nobody
   * @param info what the publisher wants to know of its channels; null for nothing
   */
  private record Publication(
      List<String> channels,
      String name,
      String data,
      @Nullable String exceptSocketId,
      @Nullable Set<String> info) {}

  private CompletionStage<ApiResponse> event(
      LiveApp app, ApiRequest request, Map<String, String> path) {
    Map<String, @Nullable Object> body = Signed.body(request);
    Publication publication = publication(app, body, channels(app, body));
    Set<String> info = publication.info();
    return publish(app, publication)
        .thenCompose(
            nothing ->
                info == null
                    ? CompletableFuture.completedStage(Signed.ok())
                    : counts
                        .ofAll(app, publication.channels(), info)
                        .thenApply(counted -> Signed.json(json -> Counts.channels(json, counted))));
  }

  private CompletionStage<ApiResponse> batch(
      LiveApp app, ApiRequest request, Map<String, String> path) {
    if (!(Signed.body(request).get("batch") instanceof List<?> batch)) {
      throw new ApiProblem(400, "batch must be a list of events");
    } else if (batch.size() > app.limits().batchEventsMax()) {
      throw new ApiProblem(400, "a batch has at most " + app.limits().batchEventsMax() + " events");
    }
    List<Publication> publications = new ArrayList<>();
    for (Object each : batch) {
      Map<String, @Nullable Object> event = Signed.object(each, "each event of a batch");
      publications.add(publication(app, event, List.of(channel(app, event.get("channel")))));
    }
    CompletionStage<Void> told = CompletableFuture.completedStage(null);
    for (Publication publication : publications) { // in their order
      told = told.thenCompose(nothing -> publish(app, publication));
    }
    return publications.stream().allMatch(each -> each.info() == null)
        ? told.thenApply(nothing -> Signed.ok())
        : told.thenCompose(nothing -> counted(app, publications));
  }

  private CompletionStage<ApiResponse> counted(LiveApp app, List<Publication> publications) {
    List<Map<String, Object>> all = new ArrayList<>();
    CompletionStage<Void> stage = CompletableFuture.completedStage(null);
    for (Publication publication : publications) {
      Set<String> info = publication.info();
      stage =
          stage.thenCompose(
              nothing ->
                  info == null
                      ? CompletableFuture.completedStage(null).thenAccept(none -> all.add(Map.of()))
                      : counts.of(app, publication.channels().get(0), info).thenAccept(all::add));
    }
    return stage.thenApply(nothing -> Signed.json(json -> batch(json, all)));
  }

  private static void batch(JsonGenerator json, List<Map<String, Object>> all) throws IOException {
    json.writeArrayFieldStart("batch");
    for (Map<String, Object> each : all) {
      Json.value(json, each);
    }
    json.writeEndArray();
  }

  private static CompletionStage<Void> publish(LiveApp app, Publication publication) {
    List<CompletableFuture<Void>> told = new ArrayList<>();
    for (String channel : publication.channels()) {
      told.add(
          app.publish(channel, publication.name(), publication.data(), publication.exceptSocketId())
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
  }

  private static Publication publication(
      LiveApp app, Map<String, @Nullable Object> event, List<String> channels) {
    PusherLimits limits = app.limits();
    String name =
        PusherApp.text(event, "name")
            .filter(text -> !text.isEmpty())
            .orElseThrow(() -> new ApiProblem(400, "name must be a string and not empty"));
    if (name.length() > limits.eventNameCharsMax()) {
      throw new ApiProblem(400, "name has more than " + limits.eventNameCharsMax() + " characters");
    } else if (ChannelCodec.isReserved(name)) {
      throw new ApiProblem(400, "names that begin with pusher: or pusher_internal: are reserved");
    } else if (event.get("data") == null) {
      throw new ApiProblem(400, "data is missing");
    } else if (Data.bytes(event.get("data")) > limits.eventDataBytesMax()) {
      throw new ApiProblem(413, "data has more than " + limits.eventDataBytesMax() + " bytes");
    }
    Object socketId = event.get("socket_id");
    if (socketId != null && !(socketId instanceof String text && isSocketId(text))) {
      throw new ApiProblem(400, "socket_id must be digits, a dot, digits");
    }
    Object info = event.get("info");
    if (info != null && !(info instanceof String)) {
      throw new ApiProblem(400, "info must be a string");
    }
    return new Publication(
        channels,
        name,
        Json.text(event.get("data")),
        (String) socketId,
        info == null ? null : Counts.words((String) info));
  }

  /** Whether this could be a socket's id. */
  static boolean isSocketId(String text) {
    int dot = text.indexOf('.');
    return dot > 0
        && dot < text.length() - 1
        && text.length() <= 40
        && text.chars().filter(c -> c < '0' || c > '9').count() == 1;
  }

  private static List<String> channels(LiveApp app, Map<String, @Nullable Object> body) {
    int max = app.limits().channelsPerEventMax();
    Object all = body.get("channels");
    if (all == null) {
      return List.of(channel(app, body.get("channel")));
    } else if (!(all instanceof List<?> list) || list.isEmpty() || list.size() > max) {
      throw new ApiProblem(400, "channels must be a list of 1 to " + max + " names");
    }
    Set<String> channels = new LinkedHashSet<>();
    for (Object each : (List<?>) all) {
      channels.add(channel(app, each));
    }
    if (channels.size() > 1 && channels.stream().anyMatch(c -> ChannelKind.of(c).isEncrypted())) {
      throw new ApiProblem(400, "an encrypted channel must be the only one of an event");
    }
    return List.copyOf(channels);
  }

  private static String channel(LiveApp app, @Nullable Object name) {
    if (!(name instanceof String channel)) {
      throw new ApiProblem(400, "channel must be the name of one");
    }
    boolean toUser = ChannelKind.of(channel) == ChannelKind.USER;
    if (toUser
        ? channel.length() > ChannelKind.USER_PREFIX.length() + app.limits().userIdCharsMax()
        : !ChannelKind.isName(channel, app.limits().channelNameCharsMax())) {
      throw new ApiProblem(400, "no good name for a channel: " + Signed.shown(channel));
    }
    return channel;
  }
}
