package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.auth.Tokens;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who is calling: the bearer of a token, in the header or the query (contract 1.1). */
final class Caller {
  private static final String BEARER = "Bearer ";

  private final Tokens tokens;

  Caller(Tokens tokens) {
    this.tokens = tokens;
  }

  /** The identity behind a request; completes exceptionally with {@link TokenException}. */
  CompletionStage<Identity> of(ApiRequest request) {
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
