package io.fluxy.protocol.pushflo;

import io.fluxy.auth.Identity;
import io.fluxy.auth.TokenException;
import io.fluxy.connection.RateLimit;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.pushflo.PushFloApp.Power;
import io.fluxy.wire.BadJsonException;
import io.fluxy.wire.Json;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a key or token is good for (contract 1). Keys are looked up by their hashes, in
 * memory. What follows a prefix and looks like a token is one: so clients that take nothing but
 * keys carry a user of the project. Its claims {@code channels}, {@code clientId}, {@code sid} and
 * {@code key} are ours; all others are those of the project's tokens.
 */
final class Credentials {
  private static final int CHARS_MAX = 8_200;
  private static final String JWT = "eyJ";
  private static final String BEARER = "Bearer ";

  private final Map<String, LiveApp> apps; // by project
  private final Services services;
  private final RateLimit wrong; // by address
  private final int wrongPerMinute;

  Credentials(Map<String, LiveApp> apps, Services services) {
    this.apps = apps;
    this.services = services;
    this.wrong = new RateLimit(services.scheduler());
    this.wrongPerMinute =
        apps.values().stream().mapToInt(app -> app.limits().wrongKeysPerMinute()).max().orElse(0);
  }

  /** What came as {@code Authorization: Bearer …}; null if nothing did. */
  static @Nullable String bearer(Optional<String> header) {
    return header
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).strip())
        .orElse(null);
  }

  /**
   * What a key or token is good for. Whatever is good passes, for others may share an address with
   * whoever shows what is not, such as that of a proxy; none of it asks the store.
   *
   * @param peer the address it came from, where wrong ones are counted
   * @return completes exceptionally with {@link Rejected} if for nothing
   */
  CompletionStage<Credential> check(@Nullable String shown, String peer) {
    if (shown == null || shown.isEmpty()) {
      return rejected(new Rejected("UNAUTHORIZED", "A key or token is missing"));
    }
    return look(shown)
        .exceptionallyCompose(
            failure -> {
              Throwable cause = LiveApp.cause(failure);
              return CompletableFuture.failedStage(
                  cause instanceof Rejected
                      ? wrong
                          .take(peer, wrongPerMinute)
                          .<Throwable>map(Rejected::tooMany)
                          .orElse(cause)
                      : cause);
            });
  }

  private CompletionStage<Credential> look(String shown) {
    if (shown.length() > CHARS_MAX) {
      return rejected(new Rejected("UNAUTHORIZED", "Unknown key"));
    }
    String hash = PushFloApp.Key.hashOf(shown);
    for (LiveApp app : apps.values()) {
      Optional<PushFloApp.Key> key = app.key(hash);
      if (key.isPresent()) {
        return CompletableFuture.completedStage(Credential.key(app, key.get()));
      }
    }
    String rest =
        Power.of(shown).map(power -> shown.substring(power.prefix().length())).orElse(shown);
    return rest.startsWith(JWT)
        ? token(rest, hash)
        : rejected(new Rejected("UNAUTHORIZED", "Unknown key"));
  }

  private CompletionStage<Credential> token(String token, String hash) {
    Map<String, @Nullable Object> claims = claims(token);
    LiveApp app = claims.get("tid") instanceof String project ? apps.get(project) : null;
    if (app == null) {
      return rejected(new Rejected("UNAUTHORIZED", "Invalid token"));
    }
    Rejected known = app.rejections().find(hash);
    if (known != null) {
      return rejected(known);
    }
    return services
        .tokens()
        .verify(token)
        .thenApply(who -> credential(app, who, claims, hash))
        .exceptionallyCompose(
            failure -> {
              Throwable cause = LiveApp.cause(failure);
              if (cause instanceof TokenException flawed) {
                boolean expired = flawed.flaw() == TokenException.Flaw.EXPIRED;
                cause =
                    new Rejected(
                        "INVALID_TOKEN", expired ? "The token has expired" : "Invalid token");
              }
              if (cause instanceof Rejected rejected) {
                app.rejections().add(hash, rejected);
              }
              return CompletableFuture.failedStage(cause);
            });
  }

  /** The signature holds, so the claims are the project's own word. */
  private static Credential credential(
      LiveApp app, Identity who, Map<String, @Nullable Object> claims, String hash) {
    String tag = claims.get("key") instanceof String key ? key : "";
    if (!tag.isEmpty() && app.key(tag).isEmpty()) {
      throw new Rejected("UNAUTHORIZED", "The key has been revoked");
    }
    String sid = claims.get("sid") instanceof String session ? "/" + session : "";
    return new Credential(
        app,
        Power.SUBSCRIBE,
        who,
        tag,
        grants(claims.get("channels")),
        claims.get("clientId") instanceof String clientId ? clientId : null,
        hash,
        who.user().id() + sid);
  }

  /** Anything but a list of names is good for nothing: it was meant to be good for less. */
  private static @Nullable Set<String> grants(@Nullable Object channels) {
    if (channels == null) {
      return null;
    }
    Set<String> grants = new HashSet<>();
    if (channels instanceof List<?> names) {
      for (Object name : names) {
        if (name instanceof String text) {
          grants.add(text);
        }
      }
    }
    return Set.copyOf(grants);
  }

  private static Map<String, @Nullable Object> claims(String token) {
    String[] parts = token.split("\\.", 4);
    if (parts.length != 3) {
      return Map.of();
    }
    try {
      return Json.object(Base64.getUrlDecoder().decode(parts[1]));
    } catch (IllegalArgumentException | BadJsonException e) {
      return Map.of();
    }
  }

  private static <T> CompletionStage<T> rejected(Rejected rejected) {
    return CompletableFuture.failedStage(rejected);
  }
}
