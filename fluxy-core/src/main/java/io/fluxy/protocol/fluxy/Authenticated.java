package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Puts a token check in front of routes. */
final class Authenticated {
  private final Caller caller;

  /** A handler that knows who is calling. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<ApiResponse> answer(Identity who, ApiRequest request, Map<String, String> path);
  }

  Authenticated(Caller caller) {
    this.caller = caller;
  }

  void on(Routes routes, String method, String pattern, Handler handler) {
    routes.on(
        method,
        pattern,
        (request, path) ->
            caller.of(request).thenCompose(who -> handler.answer(who, request, path)));
  }
}
