package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.auth.Tokens;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Who is calling: the bearer of a token, in the header or the query (contract 1.1). */
final class Caller {
  private static final String BEARER = "Bearer ";

  private final Tokens tokens;
  private final Map<ApiRequest, Vouched> vouched = new ConcurrentHashMap<>(); // under way

  private record Vouched(Identity who, String actor) {}

  Caller(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Answers a request of the engine's own, which needs no token: no request from outside is ever
   * among these.
   *
   * @param actor who is behind it, in the words of the audit log
   */
  CompletionStage<ApiResponse> vouching(
      Identity who,
      String actor,
      ApiRequest request,
      Function<ApiRequest, CompletionStage<ApiResponse>> answer) {
    vouched.put(request, new Vouched(who, actor));
    return answer.apply(request).whenComplete((answered, failure) -> vouched.remove(request));
  }

  /** Who is behind a request, in the words of the audit log. */
  String actor(ApiRequest request, Identity who) {
    Vouched own = vouched.get(request);
    return own == null ? who.user().id() : own.actor();
  }

  /** The identity behind a request; completes exceptionally with {@link TokenException}. */
  CompletionStage<Identity> of(ApiRequest request) {
    Vouched own = vouched.get(request);
    if (own != null) {
      return CompletableFuture.completedStage(own.who());
    }
    Optional<String> header =
        request.header("Authorization").filter(value -> value.regionMatches(true, 0, BEARER, 0, 7));
    String token =
        header
            .map(value -> value.substring(BEARER.length()).strip())
            .or(() -> request.query("token"))
            .orElse(null);
    return tokens.verify(token);
  }

  /** The 401 for a token that proves nothing, in the contract's words. */
  static ApiResponse unauthorized(TokenException e) {
    return ApiResponse.text(
        401,
        switch (e.flaw()) {
          case MISSING, NOT_GENUINE -> "Unauthorized";
          case MALFORMED -> "Invalid token";
          case NO_EXPIRY -> "Token missing exp claim";
          case EXPIRED -> "Token expired";
        });
  }
}
