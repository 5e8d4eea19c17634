package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Names;
import io.fluxy.chat.Refusal;
import io.fluxy.http.ApiResponse;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says no, in FluxyChat's words (contract 1.1): the error table of this protocol,
 * for HTTP and for the socket.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final String BAD_ROOM_ID = "roomId required: must be 1-128 chars, alphanumeric with _ -";

  private final int status;
  private final String error;
  private final transient @Nullable Fields more;
  private final int retryAfterSeconds;

  /** Further fields of the answer's object. */
  @FunctionalInterface
  interface Fields {
    void to(JsonGenerator json) throws IOException;
  }

  private Problem(int status, String error, @Nullable Fields more, int retryAfterSeconds) {
    super(error, null, false, false);
    this.status = status;
    this.error = error;
    this.more = more;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  Problem(int status, String error) {
    this(status, error, null, 0);
  }

  static Problem withCode(int status, String error, String code) {
    return new Problem(status, error, json -> json.writeStringField("code", code), 0);
  }

  /** With further fields. */
  static Problem with(int status, String error, Fields more) {
    return new Problem(status, error, more, 0);
  }

  /** The words of the contract (2.5), on HTTP as on the socket. */
  private static Problem sanctioned(Refusal refusal) {
    int seconds = refusal.retryAfterSeconds();
    return new Problem(
        403,
        refusal.detail(),
        seconds == 0 ? null : json -> json.writeNumberField("retryAfterSeconds", seconds),
        seconds);
  }

  static Problem forbidden() {
    return new Problem(403, "forbidden");
  }

  /** An agent has failed, or was stopped. */
  static Problem runFailed(int status, String error, String runId) {
    return new Problem(status, error, json -> json.writeStringField("runId", runId), 0);
  }

  /** Some of the rooms asked for are none of the caller's. */
  static Problem forbidden(List<String> rooms) {
    return new Problem(
        403,
        "forbidden",
        json -> {
          json.writeArrayFieldStart("roomIds");
          for (String room : rooms) {
            json.writeString(room);
          }
          json.writeEndArray();
        },
        0);
  }

  static Problem rateLimited(int seconds) {
    return new Problem(
        429,
        "rate_limit_exceeded",
        json -> json.writeNumberField("retryAfterSeconds", seconds),
        seconds);
  }

  static Problem quotaExceeded(Quota.Usage usage, long limit) {
    return new Problem(402, "quota_exceeded", quota(usage, limit), usage.secondsLeft());
  }

  /** The HTTP answer to a refusal; a quota's numbers are for {@link #quotaExceeded}. */
  static Problem of(Refusal refusal) {
    return switch (refusal.reason()) {
      case FORBIDDEN, NOT_THE_AUTHOR, NOT_AN_ADMIN -> forbidden();
      case MUTED, BANNED -> sanctioned(refusal);
      case ANNOUNCEMENT_READ_ONLY ->
          new Problem(
              403,
              "announcement_read_only",
              json -> {
                json.writeStringField("code", "announcement_read_only");
                json.writeStringField("roomType", "announcement");
              },
              0);
      case USER_BLOCKED -> withCode(403, "user_blocked", "user_blocked");
      case GUEST_READ_ONLY -> withCode(403, "guest_read_only", "guest_read_only");
      case MESSAGE_NOT_FOUND -> new Problem(404, "message not found");
      case MESSAGE_DELETED -> new Problem(409, "message deleted");
      case STREAM_ALREADY_ACTIVE -> new Problem(409, "stream_already_active");
      case STREAM_NOT_ACTIVE -> new Problem(409, "stream_not_active");
      case MEMBER_NOT_FOUND -> new Problem(404, "not_a_member");
      case CONTENT_EMPTY, CONTENT_TOO_LONG, TEXT_INVALID, EMOJI_INVALID, INVALID ->
          new Problem(400, refusal.detail());
      case RATE_LIMITED -> rateLimited(refusal.retryAfterSeconds());
      case QUOTA_EXCEEDED -> new Problem(402, "quota_exceeded", null, refusal.retryAfterSeconds());
      case LIMIT_REACHED -> new Problem(409, "limit_reached: " + refusal.detail());
      case BUSY -> new Problem(503, "busy", null, Math.max(1, refusal.retryAfterSeconds()));
      case UNAVAILABLE ->
          new Problem(503, "storage_unavailable", null, Math.max(1, refusal.retryAfterSeconds()));
      case INTERNAL -> new Problem(500, "internal_error");
    };
  }

  /** The words of an error frame for a refusal (contract 2.5). */
  static String frameMessage(Refusal refusal) {
    return switch (refusal.reason()) {
      case CONTENT_EMPTY, CONTENT_TOO_LONG, TEXT_INVALID -> "invalid_content: " + refusal.detail();
      case RATE_LIMITED -> "rate_limit_exceeded: " + refusal.detail();
      case QUOTA_EXCEEDED -> "quota_exceeded";
      default -> of(refusal).error;
    };
  }

  /** Whether the caller is to blame. */
  boolean isTheirs() {
    return status < 500;
  }

  /** The word for it. */
  String error() {
    return error;
  }

  /** What an error frame says beyond the word for it. */
  void details(JsonGenerator json) throws IOException {
    if (more != null) {
      more.to(json);
    } else {
      json.writeNumberField("retryAfterSeconds", retryAfterSeconds);
    }
  }

  /** Whether something failed because it is forbidden. */
  static boolean isForbidden(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof Problem problem && problem.status == 403;
  }

  ApiResponse response(String traceId) {
    ApiResponse response =
        ApiResponse.json(
            status,
            json -> {
              json.writeStartObject();
              json.writeStringField("traceId", traceId);
              json.writeStringField("error", error);
              if (more != null) {
                more.to(json);
              }
              json.writeEndObject();
            });
    return retryAfterSeconds == 0
        ? response
        : response.with("Retry-After", Integer.toString(retryAfterSeconds));
  }

  private static Fields quota(Quota.Usage usage, long limit) {
    return json -> {
      json.writeStringField("metric", usage.metric().word());
      json.writeNumberField("limit", limit);
      json.writeNumberField("used", usage.used());
      json.writeStringField("month", usage.month());
      json.writeStringField("resetsAt", usage.resetsAt());
      json.writeNumberField("retryAfterSeconds", usage.secondsLeft());
    };
  }

  /** A trace id that a client sent, if it is a decent one. */
  static boolean isTraceId(String id) {
    return Names.isId(id) && id.length() <= 64;
  }

  /** One JSON object as a whole answer. */
  static ApiResponse ok(Fields fields) {
    Json.Writing object =
        json -> {
          json.writeStartObject();
          fields.to(json);
          json.writeEndObject();
        };
    return ApiResponse.json(200, object);
  }
}
