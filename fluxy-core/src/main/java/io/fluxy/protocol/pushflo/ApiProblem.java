package io.fluxy.protocol.pushflo;

import io.fluxy.chat.RefusedException;
import io.fluxy.http.ApiResponse;
import java.util.List;
import java.util.Map;

/** A request that is declined (contract 4); the message is for people and safe to show. */
final class ApiProblem extends RuntimeException {
  private final int status;
  private final String code;
  private final Map<String, List<String>> details;
  private final int retryAfterSeconds;

  private ApiProblem(
      int status,
      String code,
      String message,
      Map<String, List<String>> details,
      int retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  ApiProblem(int status, String code, String message) {
    this(status, code, message, Map.of(), 0);
  }

  static ApiProblem unauthorized(String message) {
    return new ApiProblem(401, "UNAUTHORIZED", message);
  }

  /** A field of the request is wrong. */
  static ApiProblem invalid(String field, String message) {
    return new ApiProblem(400, "VALIDATION_ERROR", message, Map.of(field, List.of(message)), 0);
  }

  static ApiProblem noChannel() {
    return new ApiProblem(404, "CHANNEL_NOT_FOUND", "Channel not found");
  }

  static ApiProblem tooLarge(int bytesMax) {
    return new ApiProblem(413, "PAYLOAD_TOO_LARGE", "Message exceeds " + bytesMax + " bytes");
  }

  static ApiProblem rateLimited(String message, int seconds) {
    return new ApiProblem(429, "RATE_LIMITED", message, Map.of(), seconds);
  }

  static ApiProblem unavailable() {
    return new ApiProblem(503, "SERVER_ERROR", "The storage does not answer, try later");
  }

  /** What a room's refusal is in HTTP; never 5xx for what would be refused again. */
  static ApiProblem of(RefusedException refused) {
    String detail = refused.refusal().detail();
    return switch (refused.refusal().reason()) {
      case FORBIDDEN, MUTED, BANNED, NOT_AN_ADMIN, ANNOUNCEMENT_READ_ONLY, GUEST_READ_ONLY ->
          new ApiProblem(403, "FORBIDDEN", detail);
      case RATE_LIMITED -> rateLimited(detail, refused.refusal().retryAfterSeconds());
      case QUOTA_EXCEEDED -> new ApiProblem(402, "QUOTA_EXCEEDED", detail);
      case BUSY, UNAVAILABLE, INTERNAL -> new ApiProblem(503, "SERVER_ERROR", detail);
      case CONTENT_TOO_LONG -> new ApiProblem(413, "PAYLOAD_TOO_LARGE", detail);
      default -> new ApiProblem(400, "VALIDATION_ERROR", detail);
    };
  }

  /** Whether we are to blame, and it may go well the next time. */
  boolean isOurs() {
    return status >= 500 || status == 429;
  }

  String code() {
    return code;
  }

  ApiResponse response() {
    ApiResponse response =
        ApiResponse.json(
            status,
            json -> {
              json.writeStartObject();
              json.writeBooleanField("success", false);
              json.writeStringField("error", getMessage());
              json.writeStringField("code", code);
              if (!details.isEmpty()) {
                json.writeObjectFieldStart("details");
                for (Map.Entry<String, List<String>> detail : details.entrySet()) {
                  json.writeArrayFieldStart(detail.getKey());
                  for (String each : detail.getValue()) {
                    json.writeString(each);
                  }
                  json.writeEndArray();
                }
                json.writeEndObject();
              }
              json.writeEndObject();
            });
    return retryAfterSeconds == 0
        ? response
        : response.with("Retry-After", Integer.toString(retryAfterSeconds));
  }
}
