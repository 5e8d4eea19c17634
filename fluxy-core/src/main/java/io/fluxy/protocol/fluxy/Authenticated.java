package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Demo;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.Tally;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Puts a token check in front of routes. */
final class Authenticated {
  private static final int VISITS_PER_MINUTE = 120;

  private final Caller caller;
  private final RateLimit visits;
  private final Tally tally;

  /** A handler that knows who is calling. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<ApiResponse> answer(Identity who, ApiRequest request, Map<String, String> path);
  }

  Authenticated(Caller caller, Services services) {
    this.caller = caller;
    this.tally = services.tally();
    this.visits = new RateLimit(services.scheduler());
  }

  /** Visitors of the demo room may ask so much a minute from one address, whoever they say. */
  private Identity within(Identity who, ApiRequest request) {
    if (Demo.isVisitor(who)) {
      visits
          .take(request.peer(), VISITS_PER_MINUTE)
          .ifPresent(
              seconds -> {
                throw Problem.rateLimited(seconds);
              });
    }
    return who;
  }

  void on(Routes routes, String method, String pattern, Handler handler) {
    routes.on(
        method,
        pattern,
        (request, path) ->
            caller.of(request).thenCompose(who -> counted(handler, who, request, path)));
  }

  /** Counts the project's requests, and those that failed by our own fault. */
  private CompletionStage<ApiResponse> counted(
      Handler handler, Identity who, ApiRequest request, Map<String, String> path) {
    tally.count(who.project(), Tally.Metric.REQUESTS_TOTAL);
    return handler
        .answer(within(who, request), request, path)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null
                  && !(unwrapped(failure) instanceof Problem problem && problem.isTheirs())) {
                tally.count(who.project(), Tally.Metric.REQUESTS_ERROR);
              }
            });
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
                .thenCompose(who -> counted(handler, who, request, path)));
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
