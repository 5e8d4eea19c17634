package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

  /** The same for routes that don't say why a token is no good (contract 1.1). */
  void discreetlyOn(Routes routes, String method, String pattern, Handler handler) {
    routes.on(
        method,
        pattern,
        (request, path) ->
            caller
                .of(request)
                .exceptionallyCompose(
                    failure -> CompletableFuture.failedStage(discreet(unwrapped(failure))))
                .thenCompose(who -> handler.answer(who, request, path)));
  }

  private static Throwable discreet(Throwable failure) {
    return failure instanceof TokenException ? new Problem(401, "unauthorized") : failure;
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
