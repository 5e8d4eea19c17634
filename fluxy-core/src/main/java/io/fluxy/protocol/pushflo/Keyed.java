package io.fluxy.protocol.pushflo;

import io.fluxy.chat.Names;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.pushflo.PushFloApp.Power;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What all routes have in common: a key that lets do it, bodies, pages and envelopes. */
final class Keyed {
  private static final int PAGE_SIZE = 50;
  private static final int PAGE_SIZE_MAX = 100;
  private static final int NUMBER_CHARS_MAX = 15;

  private final Credentials credentials;

  Keyed(Credentials credentials) {
    this.credentials = credentials;
  }

  /** Answers for whoever has shown a key. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<ApiResponse> answer(
        Credential who, ApiRequest request, Map<String, String> path);
  }

  /** Answers about a channel. */
  @FunctionalInterface
  interface ChannelHandler {
    CompletionStage<ApiResponse> answer(Credential who, ApiRequest request, String channel);
  }

  /** A handler for whoever has a key of some power. */
  Routes.Handler needing(Power power, Handler handler) {
    return (request, path) ->
        shown(request)
            .thenCompose(
                who -> {
                  if (!who.may(needed(power, who))) {
                    throw new ApiProblem(
                        403, "FORBIDDEN", "A " + power.prefix() + " key is needed for this");
                  }
                  return handler.answer(who, request, path);
                });
  }

  /** The same about the channel in the path. */
  Routes.Handler about(Power power, ChannelHandler handler) {
    return needing(
        power,
        (who, request, path) -> {
          String channel = path.getOrDefault("slug", "");
          if (!who.app().isName(channel)) {
            throw ApiProblem.noChannel(); // nothing is called so
          }
          return handler.answer(who, request, channel);
        });
  }

  private static Power needed(Power power, Credential who) {
    boolean byServers =
        power == Power.MANAGE && who.app().config().has(PushFloApp.Option.SECRET_KEYS_MANAGE);
    return byServers ? Power.PUBLISH : power;
  }

  private CompletionStage<Credential> shown(ApiRequest request) {
    return of(Credentials.bearer(request.header("Authorization")), request.peer());
  }

  /** What a key is good for; 401 if for nothing. */
  CompletionStage<Credential> of(@Nullable String key, String peer) {
    return credentials
        .check(key, peer)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    LiveApp.cause(failure) instanceof Rejected rejected
                        ? problem(rejected)
                        : LiveApp.cause(failure)));
  }

  private static ApiProblem problem(Rejected rejected) {
    String message = String.valueOf(rejected.getMessage());
    return rejected.isOneOfTooMany()
        ? ApiProblem.rateLimited(message, rejected.waitSeconds())
        : ApiProblem.unauthorized(message);
  }

  /** The body, a JSON object. */
  static Map<String, @Nullable Object> body(ApiRequest request) {
    try {
      return Json.object(request.body());
    } catch (BadJsonException e) {
      throw new ApiProblem(
          400, "VALIDATION_ERROR", "The body is no JSON object: " + e.getMessage());
    }
  }

  /** A field that is a string, if it is there at all. */
  static Optional<String> text(Map<String, @Nullable Object> body, String field) {
    Object value = body.get(field);
    if (value != null && !(value instanceof String)) {
      throw ApiProblem.invalid(field, field + " must be a string");
    }
    return Optional.ofNullable((String) value);
  }

  /** A whole number of the query, if it is there at all. */
  static Optional<Long> number(ApiRequest request, String name) {
    return request
        .query(name)
        .map(
            text -> {
              boolean digits =
                  !text.isEmpty()
                      && text.length() <= NUMBER_CHARS_MAX
                      && text.chars().allMatch(c -> c >= '0' && c <= '9');
              if (!digits) {
                throw ApiProblem.invalid(
                    name, name + " must be a whole number, not " + Names.shown(text));
              }
              return Long.valueOf(text);
            });
  }

  /**
   * Which part of a list.
   *
   * @param page from 1
   */
  record Page(long page, int size) {
    static Page of(ApiRequest request) {
      long page = number(request, "page").orElse(1L);
      long size = number(request, "pageSize").orElse((long) PAGE_SIZE);
      if (page < 1 || size < 1) {
        String wrong = page < 1 ? "page" : "pageSize";
        throw ApiProblem.invalid(wrong, wrong + " must be 1 or more");
      }
      return new Page(page, (int) Math.min(size, PAGE_SIZE_MAX));
    }

    long first() {
      return (page - 1) * size;
    }

    /** Whether the element at an index, from 0, is on it. */
    boolean has(long index) {
      return index >= first() && index < first() + size;
    }

    Json.Writing json(long total) {
      return json -> {
        json.writeObjectFieldStart("pagination");
        json.writeNumberField("page", page);
        json.writeNumberField("pageSize", size);
        json.writeNumberField("total", total);
        json.writeNumberField("totalPages", (total + size - 1) / size);
        json.writeEndObject();
      };
    }
  }

  /**
   * An answer.
   *
   * @param data writes the value of {@code data}, and perhaps more fields behind it
   */
  static ApiResponse ok(int status, Json.Writing data) {
    return ApiResponse.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeBooleanField("success", true);
          json.writeFieldName("data");
          data.to(json);
          json.writeEndObject();
        });
  }
}
