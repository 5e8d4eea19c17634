package io.fluxy.protocol.pusher;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.chat.Names;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What all routes of the API have in common: an app that is there, and a signature. */
final class Signed {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);

  private final Function<String, @Nullable LiveApp> apps;

  /**
   * @param apps finds an app by its id
   */
  Signed(Function<String, @Nullable LiveApp> apps) {
    this.apps = apps;
  }

  /** Answers for an app. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<ApiResponse> answer(LiveApp app, ApiRequest request, Map<String, String> path);
  }

  /** Writes the fields of an object. */
  @FunctionalInterface
  interface Fields {
    void to(JsonGenerator json) throws IOException;
  }

  /** A handler of signed requests. */
  Routes.Handler by(Handler handler) {
    return (request, path) -> {
      LiveApp app = apps.apply(path.getOrDefault("id", ""));
      if (app == null) {
        throw new ApiProblem(404, "no such app");
      }
      HttpSignature.check(app.config(), request, app.services().scheduler().nowMs());
      if (!app.isEnabled()) {
        throw new ApiProblem(403, "the app is disabled");
      }
      return handler.answer(app, request, path);
    };
  }

  /** The body, a JSON object. */
  static Map<String, @Nullable Object> body(ApiRequest request) {
    try {
      return Json.object(request.body());
    } catch (BadJsonException e) {
      throw new ApiProblem(400, "the body is no JSON object: " + e.getMessage());
    }
  }

  @SuppressWarnings("unchecked") // JSON has no other maps
  static Map<String, @Nullable Object> object(@Nullable Object value, String what) {
    if (!(value instanceof Map<?, ?>)) {
      throw new ApiProblem(400, what + " must be an object");
    }
    return (Map<String, @Nullable Object>) value;
  }

  static ApiResponse ok() {
    return ApiResponse.of(200, "application/json", NOTHING);
  }

  static ApiResponse json(Fields fields) {
    return ApiResponse.json(
        200,
        json -> {
          json.writeStartObject();
          fields.to(json);
          json.writeEndObject();
        });
  }

  static String shown(String text) {
    return Names.shown(text);
  }
}
