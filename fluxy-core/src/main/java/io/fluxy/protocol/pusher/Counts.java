package io.fluxy.protocol.pusher;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Event;
import io.fluxy.room.RoomView;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** How many there are (contract 4, rules of {@code info}). */
final class Counts {
  static final String USERS = "user_count";
  static final String SUBSCRIPTIONS = "subscription_count";
  static final String CACHE = "cache";

  /** What {@code info} asks for. */
  static Set<String> words(String info) {
    Set<String> words =
        Arrays.stream(info.split(",", 10))
            .map(String::strip)
            .filter(word -> !word.isEmpty())
            .collect(Collectors.toSet());
    if (!Set.of(USERS, SUBSCRIPTIONS, CACHE).containsAll(words)) {
      throw new ApiProblem(400, "info can be user_count, subscription_count and cache");
    }
    return words;
  }

  /** The attributes of channels. */
  static void channels(JsonGenerator json, Map<String, Map<String, Object>> counted)
      throws IOException {
    json.writeFieldName("channels");
    Json.value(json, counted);
  }

  CompletionStage<Map<String, Map<String, Object>>> ofAll(
      LiveApp app, Collection<String> channels, Set<String> info) {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    CompletionStage<Void> stage = CompletableFuture.completedStage(null);
    for (String channel : channels) {
      stage =
          stage.thenCompose(
              nothing -> of(app, channel, info).thenAccept(counted -> all.put(channel, counted)));
    }
    return stage.thenApply(nothing -> all);
  }

  /** The attributes of one channel that make sense for its kind. */
  CompletionStage<Map<String, Object>> of(LiveApp app, String channel, Set<String> info) {
    Map<String, Object> counted = new LinkedHashMap<>();
    boolean presence = ChannelKind.of(channel).isPresence();
    if (info.contains(SUBSCRIPTIONS) || (presence && info.contains(USERS))) {
      if (info.contains(SUBSCRIPTIONS)) {
        counted.put(SUBSCRIPTIONS, (long) app.channels().count(channel));
      }
      if (presence && info.contains(USERS)) {
        return present(app, channel)
            .thenApply(
                users -> {
                  counted.put(USERS, (long) users.size());
                  return counted;
                });
      }
    }
    return CompletableFuture.completedStage(counted);
  }

  /** Who is in a presence channel, whatever they speak. */
  CompletionStage<List<Event.Present>> present(LiveApp app, String channel) {
    return app.ifThere(channel, room -> room.look(LiveApp.PUBLISHER))
        .thenApply(view -> view.map(RoomView::present).orElse(List.of()));
  }
}
