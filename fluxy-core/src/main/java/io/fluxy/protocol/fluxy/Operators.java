package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Puts a check for a project's owners and admins in front of routes (contract 6, 8). */
final class Operators {
  private final Authenticated authenticated;

  Operators(Authenticated authenticated) {
    this.authenticated = authenticated;
  }

  /**
   * A route for owners and admins of the project; for a token that is good for one room, it is not.
   */
  void on(Routes routes, String method, String pattern, Authenticated.Handler handler) {
    authenticated.on(
        routes, method, pattern, (who, request, path) -> answer(handler, who, request, path));
  }

  private static CompletionStage<ApiResponse> answer(
      Authenticated.Handler handler, Identity who, ApiRequest request, Map<String, String> path) {
    if (!isOperator(who)) {
      throw Problem.forbidden();
    }
    return handler.answer(who, request, path);
  }

  static boolean isOperator(Identity who) {
    return who.user().governs() && who.onlyRoom() == null;
  }

  /** How many rows a client wants: {@code limit}, from 1 to 200. */
  static int limit(ApiRequest request, int preset) {
    if (request.query("limit").isEmpty()) {
      return preset;
    }
    long wanted =
        request
            .query("limit")
            .flatMap(text -> Body.whole(text, 9))
            .orElseThrow(() -> new Problem(400, "limit must be a number"));
    return (int) Math.max(1, Math.min(200, wanted));
  }
}
