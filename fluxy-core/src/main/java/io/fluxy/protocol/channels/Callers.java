package io.fluxy.protocol.channels;

import io.fluxy.auth.Identity;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.protocol.Services;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who asks, and of which app: a token of a user, an API key of a server, or a stranger. */
final class Callers {
  private static final String BEARER = "Bearer ";
  private static final String API_KEY = "X-Fluxy-Api-Key";
  private static final int WRONG_KEYS_PER_MINUTE = 120;

  private final List<LiveChannels> apps;
  private final Services services;
  private final RateLimit wrongKeys;

  Callers(List<LiveChannels> apps, Services services) {
    this.apps = apps;
    this.services = services;
    this.wrongKeys = new RateLimit(services.scheduler());
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
    return bearer.or(() -> request.query("token")).map(this::user).orElseGet(this::stranger);
  }

  private CompletionStage<Caller> stranger() {
    return CompletableFuture.completedStage(new Caller(apps.get(0), null, "none"));
  }

  private CompletionStage<Caller> user(String token) {
    return services
        .tokens()
        .verify(token)
        .thenApply(who -> new Caller(app(who.project()), who, "token"));
  }

  private CompletionStage<Caller> server(ApiRequest request, String key) {
    return services
        .projects()
        .findByKey(key)
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                wrongKeys
                    .take(request.peer(), WRONG_KEYS_PER_MINUTE)
                    .ifPresent(
                        seconds -> {
                          throw ChannelProblem.tooMany("too many wrong keys", seconds);
                        });
                throw new ChannelProblem(401, "unauthorized", "the API key is no good");
              }
              LiveChannels app = app(found.get().id());
              Identity who =
                  new Identity(found.get().id(), LiveChannels.SERVER, Long.MAX_VALUE, null);
              return new Caller(app, who, "key " + key.substring(0, Math.min(8, key.length())));
            });
  }

  private LiveChannels app(String project) {
    return apps.stream()
        .filter(app -> app.config().project().equals(project))
        .findFirst()
        .orElseThrow(
            () -> new ChannelProblem(403, "forbidden", "the project has no plain channels"));
  }
}
