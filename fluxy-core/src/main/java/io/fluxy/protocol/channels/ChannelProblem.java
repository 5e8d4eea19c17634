package io.fluxy.protocol.channels;

import io.fluxy.auth.TokenException;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.http.ApiResponse;
import io.fluxy.store.StoreException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What is declined, by HTTP or on a socket: a status, a word for programs, a line for people. */
final class ChannelProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final int retryAfterSeconds;

  ChannelProblem(int status, String code, String message) {
    this(status, code, message, 0);
  }

  ChannelProblem(int status, String code, String message, int retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static ChannelProblem tooMany(String message, int retryAfterSeconds) {
    return new ChannelProblem(429, "rate_limited", message, retryAfterSeconds);
  }

  /** A channel that is not there, and one that is not for whoever asks. */
  static ChannelProblem noSuchChannel() {
    return new ChannelProblem(404, "channel_not_found", "no such channel, or not for you");
  }

  static ChannelProblem unavailable() {
    return new ChannelProblem(503, "unavailable", "the storage does not answer, try later", 1);
  }

  static ChannelProblem of(Refusal refusal) {
    int later = refusal.retryAfterSeconds();
    return switch (refusal.reason()) {
      case FORBIDDEN -> noSuchChannel();
      case RATE_LIMITED -> tooMany(refusal.detail(), later);
      case QUOTA_EXCEEDED -> new ChannelProblem(402, "quota_exceeded", refusal.detail(), later);
      case BUSY, UNAVAILABLE ->
          new ChannelProblem(503, "unavailable", refusal.detail(), Math.max(1, later));
      case INTERNAL -> new ChannelProblem(500, "internal_error", "internal error");
      case MUTED,
          USER_BLOCKED,
          BANNED,
          NOT_THE_AUTHOR,
          NOT_AN_ADMIN,
          ANNOUNCEMENT_READ_ONLY,
          GUEST_READ_ONLY ->
          new ChannelProblem(403, "forbidden", refusal.detail());
      default -> new ChannelProblem(400, "invalid", refusal.detail());
    };
  }

  /** What a failure is for whoever asked; null for one that is nobody's business. */
  static @Nullable ChannelProblem of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ChannelProblem problem) {
      return problem;
    } else if (cause instanceof RefusedException refused) {
      return of(refused.refusal());
    } else if (cause instanceof TokenException) {
      return new ChannelProblem(401, "unauthorized", "the token is no good, or no more");
    }
    return cause instanceof StoreException ? unavailable() : null;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  ApiResponse response() {
    return dressed(
        ApiResponse.json(
            status,
            json -> {
              json.writeStartObject();
              json.writeStringField("error", code);
              json.writeStringField("message", text());
              json.writeEndObject();
            }));
  }

  /** An answer to which this is the status. */
  ApiResponse dressed(ApiResponse response) {
    return retryAfterSeconds == 0
        ? response
        : response.with("Retry-After", Integer.toString(retryAfterSeconds));
  }
}
