package io.fluxy.protocol.pusher;

import io.fluxy.chat.RefusedException;
import io.fluxy.http.ApiResponse;

/** A request that is declined, with its status; the message is for people and safe to show. */
final class ApiProblem extends RuntimeException {
  private final int status;

  ApiProblem(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** What a room's refusal is in HTTP. */
  static ApiProblem of(RefusedException refused) {
    String detail = refused.refusal().detail();
    return switch (refused.refusal().reason()) {
      case FORBIDDEN -> new ApiProblem(403, detail);
      case RATE_LIMITED -> new ApiProblem(429, detail);
      case BUSY, UNAVAILABLE, LIMIT_REACHED, INTERNAL -> new ApiProblem(503, detail);
      default -> new ApiProblem(400, detail);
    };
  }

  ApiResponse response() {
    return ApiResponse.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("error", getMessage());
          json.writeEndObject();
        });
  }
}
