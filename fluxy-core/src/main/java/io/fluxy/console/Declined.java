package io.fluxy.console;

import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Json;

/** An answer that says no, in words for the operator that name the thing. */
final class Declined extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final int retryAfterSeconds;

  Declined(int status, String error) {
    this(status, error, 0);
  }

  private Declined(int status, String error, int retryAfterSeconds) {
    super(error, null, false, false);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static Declined later(int status, String error, int retryAfterSeconds) {
    return new Declined(status, error, retryAfterSeconds);
  }

  ApiResponse response() {
    ApiResponse response =
        ApiResponse.json(
            status,
            json -> {
              json.writeStartObject();
              json.writeStringField("error", getMessage());
              json.writeEndObject();
            });
    return retryAfterSeconds == 0
        ? response
        : response.with("Retry-After", Integer.toString(retryAfterSeconds));
  }

  /** An answer that is one JSON object. */
  static ApiResponse ok(Json.Writing fields) {
    return ApiResponse.json(
        200,
        json -> {
          json.writeStartObject();
          fields.to(json);
          json.writeEndObject();
        });
  }
}
