package io.fluxy.protocol.pushflo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Text;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.ChatWords;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.protocol.pushflo.PushFloApp.Power;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishing (contract 5.1): a message of the room, with a name and JSON. Answered once it is
 * durable. A publish that names itself, by {@code Idempotency-Key}, {@code clientMessageId} or
 * {@code id}, is done once for the life of the channel.
 */
final class PublishRoute {
  private static final int SEND_ID_CHARS_MAX = 256;

  private PublishRoute() {}

  static void addTo(Routes routes, Keyed keyed) {
    routes.on(
        "POST",
        "/api/v1/channels/:slug/messages",
        keyed.about(Power.PUBLISH, PublishRoute::publish));
  }

  private static CompletionStage<ApiResponse> publish(
      Credential who, ApiRequest request, String channel) {
    LiveApp app = who.app();
    Draft said = draft(app, Keyed.body(request));
    String own = sendId(request);
    if (own == null && app.retries().areRecognised()) {
      return retriable(app, channel, said, app.retries().begin(hash(who, request, channel)));
    }
    Draft draft = own == null ? said : said.withClientMessageId(own);
    return post(app, channel, draft).thenApply(answer -> answered(app, channel, draft, answer));
  }

  /** Of a publisher that names nothing, and may not get to see the answer. */
  private static CompletionStage<ApiResponse> retriable(
      LiveApp app, String channel, Draft said, Retries.Attempt attempt) {
    Draft draft = said.withClientMessageId(attempt.sendId());
    return post(app, channel, draft)
        .thenApply(answer -> answered(app, channel, draft, answer))
        .whenComplete(
            (response, failure) -> {
              if (failure == null || isFinal(failure)) {
                attempt.answered();
              } else {
                attempt.failed();
              }
            })
        .thenApply(
            response ->
                response.telling(
                    left -> {
                      if (!left) {
                        attempt.lost();
                      }
                    }));
  }

  private static CompletionStage<Answer> post(LiveApp app, String channel, Draft draft) {
    return app.lease(channel, app.config().has(Option.CREATE_ON_PUBLISH))
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                throw ApiProblem.noChannel();
              }
              return app.services()
                  .gate()
                  .submitUncounted(app.publisher(), app.room(channel), new Command.Post(draft))
                  .whenComplete((answer, failure) -> found.get().release());
            });
  }

  /** Whether a publisher is not told to try again: then what it sends is another message. */
  private static boolean isFinal(Throwable failure) {
    Throwable cause = LiveApp.cause(failure);
    ApiProblem problem = cause instanceof RefusedException refused ? ApiProblem.of(refused) : null;
    problem = cause instanceof ApiProblem own ? own : problem;
    return problem != null && !problem.isOurs();
  }

  private static ApiResponse answered(LiveApp app, String channel, Draft draft, Answer answer) {
    if (answer instanceof Answer.Refused refused) {
      boolean isGone = // a publisher may be anywhere, unless the host has a say
          refused.refusal().reason() == Refusal.Reason.FORBIDDEN
              && !app.services().gate().asksHost();
      throw isGone
          ? ApiProblem.noChannel()
          : ApiProblem.of(new RefusedException(refused.refusal()));
    } else if (answer instanceof Answer.Done done && done.event() instanceof Event.Posted posted) {
      return published(channel, posted.message(), app.subscribers(channel), false);
    } else if (answer instanceof Answer.Repeated repeated) {
      Message first = repeated.message();
      if (!first.isDeleted() && !says(first, draft)) {
        throw new ApiProblem(
            409, "CONFLICT", "This id was used for another message: " + first.clientMessageId());
      }
      return published(channel, first, 0, true);
    }
    throw new IllegalStateException("a publish became " + answer);
  }

  /** Interceptors may have changed the text, so what differs has to be a name. */
  private static boolean says(Message first, Draft draft) {
    return first.label() == null || Objects.equals(first.label(), draft.label());
  }

  private static ApiResponse published(
      String channel, Message message, int delivered, boolean repeated) {
    Content content = Content.of(message);
    return Keyed.ok(
        201,
        json -> {
          json.writeStartObject();
          json.writeStringField("id", content.messageId());
          json.writeStringField("channelSlug", channel);
          json.writeStringField("eventType", content.eventType());
          json.writeStringField("clientId", content.clientId());
          json.writeNumberField("delivered", delivered);
          json.writeStringField("createdAt", ChatWords.iso(content.timestampMs()));
          old(json, channel, content);
          if (repeated) {
            json.writeBooleanField("repeated", true);
          }
          json.writeEndObject();
        });
  }

  /** What SDKs up to 1.0.7 call it. */
  private static void old(JsonGenerator json, String channel, Content content) throws IOException {
    json.writeStringField("channel", channel);
    json.writeNumberField("timestamp", content.timestampMs());
  }

  private static Draft draft(LiveApp app, Map<String, @Nullable Object> body) {
    Object content = body.get("content");
    if (content == null) {
      throw ApiProblem.invalid("content", "content is required");
    } else if (!(content instanceof Map<?, ?>) && !app.config().has(Option.ANY_CONTENT)) {
      throw ApiProblem.invalid("content", "content must be an object");
    }
    String eventType = Keyed.text(body, "eventType").orElse(Content.MESSAGE);
    if (!Label.isName(eventType)) {
      throw ApiProblem.invalid(
          "eventType", "eventType must have 1 to " + Label.NAME_CHARS_MAX + " characters");
    }
    Optional<String> clientId = Keyed.text(body, "clientId").filter(text -> !text.isEmpty());
    if (clientId.isPresent() && clientId.get().length() > Label.SOURCE_CHARS_MAX) {
      throw ApiProblem.invalid(
          "clientId", "clientId has more than " + Label.SOURCE_CHARS_MAX + " characters");
    }
    String json = Json.text(content);
    int bytesMax = app.limits().contentBytesMax();
    if (json.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      throw ApiProblem.tooLarge(bytesMax);
    }
    return Draft.event(new Label(eventType, clientId.orElse(null)), json);
  }

  /** What the publisher calls this send, as rooms want it: a hash of what they would not take. */
  private static @Nullable String sendId(ApiRequest request) {
    Map<String, @Nullable Object> body = Keyed.body(request);
    Optional<String> named =
        request
            .header("Idempotency-Key")
            .or(() -> Keyed.text(body, "clientMessageId"))
            .or(() -> Keyed.text(body, "id"))
            .filter(text -> !text.isEmpty());
    if (named.isEmpty()) {
      return null;
    } else if (named.get().length() > SEND_ID_CHARS_MAX || !Text.isSound(named.get())) {
      throw ApiProblem.invalid(
          "clientMessageId", "an id has at most " + SEND_ID_CHARS_MAX + " characters");
    }
    String id = named.get();
    return Names.isClientMessageId(id) ? id : PushFloApp.Key.hashOf(id);
  }

  private static String hash(Credential who, ApiRequest request, String channel) {
    return PushFloApp.Key.hashOf(
        who.tag() + "/" + channel + "/" + new String(request.body(), StandardCharsets.ISO_8859_1));
  }
}
