package io.fluxy.protocol.channels;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.ChatWords;
import io.fluxy.protocol.Services;
import io.fluxy.store.OperatorStore;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishing by HTTP: one event to one or several channels, told when it is on disk (sower
 * contract). All of a request is checked before anybody hears of it.
 */
final class PublishRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(PublishRoutes.class);
  private static final int KEY_CHARS_MAX = 255;
  private static final int SOCKET_ID_CHARS_MAX = 40;

  private final Callers callers;
  private final Services services;

  PublishRoutes(Callers callers, Services services) {
    this.callers = callers;
    this.services = services;
  }

  void addTo(Routes routes) {
    routes.on("POST", "/events/publish", (request, path) -> publish(request));
  }

  /**
   * What is to be published.
   *
   * @param rooms by the names of their channels
   */
  private record Publication(Map<String, RoomId> rooms, Draft draft, @Nullable String socketId) {}

  private CompletionStage<ApiResponse> publish(ApiRequest request) {
    return callers
        .of(request)
        .thenCompose(
            caller -> {
              Identity who = caller.server();
              Publication publication = publication(caller.app(), request);
              caller.app().countPublishes(publication.rooms().size());
              return published(caller.app(), who, publication)
                  .thenCompose(
                      outcomes ->
                          audit(caller, who, request, publication)
                              .thenApply(written -> response(outcomes)));
            });
  }

  // What is asked.

  private static Publication publication(LiveChannels app, ApiRequest request) {
    Map<String, @Nullable Object> body;
    try {
      body = Json.object(request.body());
    } catch (BadJsonException e) {
      throw invalid("the body is no JSON object: " + e.getMessage());
    }
    String event = body.get("event") instanceof String text ? text : "";
    if (!Label.isName(event)) {
      throw invalid("event must be a string of 1 to " + Label.NAME_CHARS_MAX + " characters");
    } else if (event.startsWith(PlainCodec.RESERVED) || event.startsWith(PlainCodec.CLIENT_EVENT)) {
      throw invalid("names that begin with channel: or client- are reserved");
    } else if (!body.containsKey("data")) {
      throw invalid("data is missing");
    }
    String json = Json.text(body.get("data"));
    int max = app.limits().eventDataBytesMax();
    if (json.getBytes(StandardCharsets.UTF_8).length > max) {
      throw new ChannelProblem(413, "too_large", "data has more than " + max + " bytes");
    }
    Object socketId = body.get("socketId");
    if (socketId != null && !(socketId instanceof String text && isSocketId(text))) {
      throw invalid("socketId must be digits, a dot, digits");
    }
    Draft draft = Draft.event(Label.named(event), json);
    Optional<String> once = request.header("Idempotency-Key");
    if (once.isPresent()) {
      draft = draft.withClientMessageId(sendId(once.get()));
    }
    return new Publication(rooms(app, body), draft, (String) socketId);
  }

  private static Map<String, RoomId> rooms(LiveChannels app, Map<String, @Nullable Object> body) {
    Object one = body.get("channel");
    Object several = body.get("channels");
    int max = app.limits().channelsPerPublishMax();
    if ((one == null) == (several == null)) {
      throw invalid("either channel or channels must be given");
    } else if (one == null
        && !(several instanceof List<?> list && !list.isEmpty() && list.size() <= max)) {
      throw invalid("channels must be a list of 1 to " + max + " names");
    }
    Set<Object> names = new LinkedHashSet<>(one != null ? List.of(one) : (List<?>) several);
    Map<String, RoomId> rooms = new LinkedHashMap<>();
    for (Object name : names) {
      if (!(name instanceof String channel)) {
        throw invalid("a channel's name must be a string");
      }
      rooms.put(channel, app.room(channel));
    }
    return rooms;
  }

  /** Whether this could be a socket's id. */
  static boolean isSocketId(String text) {
    int dot = text.indexOf('.');
    return dot > 0
        && dot < text.length() - 1
        && text.length() <= SOCKET_ID_CHARS_MAX
        && text.chars().filter(c -> c < '0' || c > '9').count() == 1;
  }

  /** Names a send: any text may be a key, so it is the text's hash. */
  private static String sendId(String key) {
    if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
      throw invalid("Idempotency-Key must have 1 to " + KEY_CHARS_MAX + " characters");
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
      return "once-" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static ChannelProblem invalid(String message) {
    return new ChannelProblem(400, "invalid", message);
  }

  // What becomes of it.

  /** What became of it in one channel: a message, perhaps an earlier one, or a problem. */
  private record Outcome(
      String channel,
      @Nullable Message message,
      boolean repeated,
      @Nullable ChannelProblem problem) {}

  private CompletionStage<List<Outcome>> published(
      LiveChannels app, Identity who, Publication publication) {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    publication
        .rooms()
        .forEach(
            (channel, room) ->
                outcomes.add(posted(app, who, channel, room, publication).toCompletableFuture()));
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenApply(all -> outcomes.stream().map(CompletableFuture::join).toList());
  }

  /** Never completes exceptionally for what is the caller's or the storage's fault. */
  private CompletionStage<Outcome> posted(
      LiveChannels app, Identity who, String channel, RoomId room, Publication publication) {
    Command post = new Command.Post(publication.draft(), publication.socketId());
    return app.lease(room, false)
        .thenCompose(
            lease ->
                services
                    .gate()
                    .submitUncounted(who, room, post)
                    .whenComplete((answer, failure) -> lease.release()))
        .thenApply(answer -> outcome(channel, publication, answer))
        .exceptionallyCompose(
            failure -> {
              ChannelProblem problem = ChannelProblem.of(failure);
              return problem == null
                  ? CompletableFuture.failedStage(failure)
                  : CompletableFuture.completedStage(new Outcome(channel, null, false, problem));
            });
  }

  private static Outcome outcome(String channel, Publication publication, Answer answer) {
    if (answer instanceof Answer.Done done && done.event() instanceof Event.Posted posted) {
      return new Outcome(channel, posted.message(), false, null);
    } else if (answer instanceof Answer.Repeated repeated) {
      Label first = repeated.message().label();
      if (first != null && !first.equals(publication.draft().label())) {
        throw new ChannelProblem(
            422, "idempotency_key_reused", "this Idempotency-Key was used for another event");
      }
      return new Outcome(channel, repeated.message(), true, null);
    } else if (answer instanceof Answer.Refused refused) {
      return new Outcome(channel, null, false, ChannelProblem.of(refused.refusal()));
    }
    throw new IllegalStateException("a post became " + answer);
  }

  private static ApiResponse response(List<Outcome> outcomes) {
    ChannelProblem problem =
        outcomes.stream()
            .map(Outcome::problem)
            .filter(each -> each != null)
            .findFirst()
            .orElse(null);
    if (problem != null && outcomes.size() == 1) {
      throw problem;
    }
    ApiResponse response =
        ApiResponse.json(problem == null ? 201 : problem.status(), json -> body(json, outcomes));
    if (problem != null) {
      return problem.dressed(response);
    }
    boolean replayed = outcomes.stream().allMatch(Outcome::repeated);
    return replayed ? response.with("Idempotent-Replayed", "true") : response;
  }

  private static void body(JsonGenerator json, List<Outcome> outcomes) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("published");
    for (Outcome outcome : outcomes) {
      Message message = outcome.message();
      if (message != null) {
        json.writeStartObject();
        json.writeStringField("channel", outcome.channel());
        json.writeNumberField("id", message.id());
        json.writeNumberField("seq", message.seq());
        json.writeStringField("at", ChatWords.iso(message.createdAtMs()));
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    if (outcomes.stream().anyMatch(outcome -> outcome.problem() != null)) {
      json.writeArrayFieldStart("failed");
      for (Outcome outcome : outcomes) {
        ChannelProblem problem = outcome.problem();
        if (problem != null) {
          json.writeStartObject();
          json.writeStringField("channel", outcome.channel());
          json.writeStringField("error", problem.code());
          json.writeStringField("message", problem.text());
          json.writeEndObject();
        }
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /**
   * Writes down who has asked: after the posts, or whoever listens would wait for it, and before
   * the answer. One that can't be written is logged, and undoes nothing.
   */
  private CompletionStage<Void> audit(
      Callers.Caller caller, Identity who, ApiRequest request, Publication publication) {
    Label label = publication.draft().label();
    String metadata =
        Json.objectText(
            json -> {
              json.writeStringField("event", label == null ? "" : label.name());
              json.writeStringField("credential", caller.credential());
              json.writeStringField("peer", request.peer());
            });
    OperatorStore.AuditRecord record =
        new OperatorStore.AuditRecord(
            who.project(),
            new UUID(services.scheduler().random(), services.scheduler().random()).toString(),
            who.user().id(),
            who.user().roles().stream().map(Role::word).sorted().collect(Collectors.joining(",")),
            "channel.publish",
            "room",
            String.join(",", publication.rooms().keySet()),
            "",
            metadata,
            services.scheduler().nowMs());
    return services
        .operators()
        .addAudit(record)
        .exceptionally(
            failure -> {
              LOG.error("{}: a publish could not be audited", who.project(), failure);
              return null;
            });
  }
}
