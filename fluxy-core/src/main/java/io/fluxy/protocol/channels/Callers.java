package io.fluxy.protocol.channels;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.auth.Tokens;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.protocol.Services;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who asks, and of which app: a token of a user, an API key of a server, or a stranger. */
final class Callers {
  private static final String BEARER = "Bearer ";
  private static final String API_KEY = "X-Fluxy-Api-Key";

  private final List<LiveChannels> apps;
  private final Services services;
  private final RateLimit wrongKeys;
  private final int wrongKeysPerMinute;

  Callers(List<LiveChannels> apps, Services services) {
    this.apps = apps;
    this.services = services;
    this.wrongKeys = new RateLimit(services.scheduler());
    this.wrongKeysPerMinute =
        apps.stream().mapToInt(app -> app.limits().wrongKeysPerMinute()).max().orElse(0);
  }

  /**
   * Somebody, in an app.
   *
   * @param who null for a stranger
   * @param credential what it came with, fit for an audit log: a word, and no secret
   */
  record Caller(LiveChannels app, @Nullable Identity who, String credential) {
    /** Whoever may speak for the whole project. */
    Identity server() {
      if (who == null || !who.user().governs() || who.onlyRoom() != null) {
        throw new ChannelProblem(
            who == null ? 401 : 403,
            who == null ? "unauthorized" : "forbidden",
            "an API key of the project is needed, or a token of its owner or an admin");
      }
      return who;
    }

    /** Whoever has a token. */
    Identity user() {
      if (who == null) {
        throw new ChannelProblem(401, "unauthorized", "a token of the project is needed");
      }
      return who;
    }
  }

  /** Completes exceptionally with {@link ChannelProblem} if what it came with is no good. */
  CompletionStage<Caller> of(ApiRequest request) {
    Optional<String> bearer =
        request
            .header("Authorization")
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip());
    boolean isToken = bearer.isPresent() && bearer.get().indexOf('.') >= 0;
    Optional<String> key = request.header(API_KEY).or(() -> isToken ? Optional.empty() : bearer);
    if (key.isPresent()) {
      return server(request, key.get());
    }
    return bearer
        .or(() -> request.query("token"))
        .map(token -> user(request, token))
        .orElseGet(this::stranger);
  }

  private CompletionStage<Caller> stranger() {
    return CompletableFuture.completedStage(new Caller(apps.get(0), null, "none"));
  }

  private CompletionStage<Caller> user(ApiRequest request, String token) {
    refuseWhatTheStoreWouldBeAsked(
        request, () -> Tokens.claimedProject(token).filter(this::isServed).isPresent());
    return services
        .tokens()
        .verify(token)
        .thenApply(who -> new Caller(app(who.project()), who, "token"))
        .exceptionallyCompose(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause instanceof TokenException) {
                count(request);
              }
              return CompletableFuture.failedStage(failure);
            });
  }

  private CompletionStage<Caller> server(ApiRequest request, String key) {
    refuseWhatTheStoreWouldBeAsked(request, () -> services.projects().recallByKey(key).isPresent());
    return services
        .projects()
        .findByKey(key)
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                count(request);
                throw new ChannelProblem(401, "unauthorized", "the API key is no good");
              }
              LiveChannels app = app(found.get().id());
              Identity who =
                  new Identity(found.get().id(), LiveChannels.SERVER, Long.MAX_VALUE, null);
              return new Caller(app, who, "key " + key.substring(0, Math.min(8, key.length())));
            });
  }

  private void count(ApiRequest request) {
    tooMany(wrongKeys.take(request.peer(), wrongKeysPerMinute));
  }

  /**
   * From an address with too many wrong keys the store is asked nothing more for a while. What is
   * known in memory goes on: others may share the address, such as that of a proxy.
   */
  private void refuseWhatTheStoreWouldBeAsked(ApiRequest request, BooleanSupplier known) {
    Optional<Integer> wait = wrongKeys.look(request.peer(), wrongKeysPerMinute);
    if (wait.isPresent() && !known.getAsBoolean()) {
      tooMany(wait);
    }
  }

  private static void tooMany(Optional<Integer> waitSeconds) {
    if (waitSeconds.isPresent()) {
      throw ChannelProblem.tooMany("too many wrong keys", waitSeconds.get());
    }
  }

  private boolean isServed(String project) {
    return apps.stream().anyMatch(app -> app.config().project().equals(project));
  }

  private LiveChannels app(String project) {
    return apps.stream()
        .filter(app -> app.config().project().equals(project))
        .findFirst()
        .orElseThrow(
            () -> new ChannelProblem(403, "forbidden", "the project has no plain channels"));
  }
}
