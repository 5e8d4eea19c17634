package io.fluxy.protocol.pushflo;

import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.Text;
import io.fluxy.chat.User;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.ChatWords;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.pushflo.PushFloApp.Power;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for sockets (contract 5.6). A browser's key is exchanged for one that is nobody's in
 * particular, whatever name the client gives itself; a server's key for one of a user, perhaps for
 * some channels only. Both begin with {@code pub_}, so that the stock SDK takes them as keys.
 */
final class TokenRoute {
  private static final int SECONDS = 3_600;
  private static final int CLIENT_ID_CHARS_MAX = 128;

  private final Keyed keyed;
  private final Services services;
  private final RateLimit minting;

  private record Asker(String tag, String peer) {}

  TokenRoute(Keyed keyed, Services services) {
    this.keyed = keyed;
    this.services = services;
    this.minting = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    routes.on("POST", "/api/v1/auth/token", (request, path) -> token(request));
  }

  private CompletionStage<ApiResponse> token(ApiRequest request) {
    Map<String, @Nullable Object> body = Keyed.body(request);
    Optional<String> secret =
        Keyed.text(body, "secretKey")
            .or(() -> Optional.ofNullable(Credentials.bearer(request.header("Authorization"))));
    if (body.get("userId") != null && secret.isPresent()) {
      return keyed.of(secret.get(), request.peer()).thenCompose(who -> ofUser(who, request, body));
    }
    String key =
        Keyed.text(body, "publishKey")
            .filter(text -> !text.isEmpty())
            .orElseThrow(() -> ApiProblem.invalid("publishKey", "publishKey is required"));
    return keyed.of(key, request.peer()).thenCompose(who -> ofNobody(who, request, body));
  }

  private CompletionStage<ApiResponse> ofNobody(
      Credential who, ApiRequest request, Map<String, @Nullable Object> body) {
    if (who.identity() != null) {
      throw new ApiProblem(403, "FORBIDDEN", "A token is exchanged for nothing");
    }
    String random = Long.toHexString(services.scheduler().random());
    String clientId = Keyed.text(body, "clientId").orElse("client_" + random);
    if (clientId.isEmpty() || clientId.length() > CLIENT_ID_CHARS_MAX || !Text.isSound(clientId)) {
      throw ApiProblem.invalid(
          "clientId", "clientId must have 1 to " + CLIENT_ID_CHARS_MAX + " characters");
    }
    User guest = new User("pushflo-" + random, Set.of(Role.GUEST));
    return minted(who, request, guest, SECONDS, Map.of("clientId", clientId), clientId);
  }

  private CompletionStage<ApiResponse> ofUser(
      Credential who, ApiRequest request, Map<String, @Nullable Object> body) {
    if (!who.may(Power.PUBLISH)) {
      throw new ApiProblem(403, "FORBIDDEN", "A sec_ key is needed for this");
    }
    String userId = Keyed.text(body, "userId").orElse("");
    if (!Names.isId(userId)) {
      throw ApiProblem.invalid("userId", "userId must be 1-128 letters, digits, _ or -");
    }
    Map<String, Object> claims = new LinkedHashMap<>();
    Object channels = body.get("channels");
    if (channels != null) {
      claims.put("channels", channels(who.app(), channels));
    }
    Keyed.text(body, "sid").ifPresent(sid -> claims.put("sid", sid));
    return minted(who, request, User.named(userId), seconds(who.app(), body), claims, userId);
  }

  private static List<String> channels(LiveApp app, Object channels) {
    int max = app.limits().channelsPerConnectionMax();
    boolean good =
        channels instanceof List<?> list
            && list.size() <= max
            && list.stream().allMatch(each -> each instanceof String name && app.isName(name));
    if (!good) {
      throw ApiProblem.invalid("channels", "channels must be a list of at most " + max + " slugs");
    }
    return ((List<?>) channels).stream().map(String.class::cast).toList();
  }

  private static int seconds(LiveApp app, Map<String, @Nullable Object> body) {
    Object ttl = body.get("ttl");
    int max = app.limits().tokenSecondsMax();
    if (ttl != null && !(ttl instanceof Long seconds && seconds >= 1 && seconds <= max)) {
      throw ApiProblem.invalid("ttl", "ttl must be 1 to " + max + " seconds");
    }
    return ttl == null ? Math.min(SECONDS, max) : (int) (long) (Long) ttl;
  }

  private CompletionStage<ApiResponse> minted(
      Credential who,
      ApiRequest request,
      User user,
      int seconds,
      Map<String, Object> claims,
      String clientId) {
    String project = who.app().config().project();
    int perMinute = services.projects().limits(project).tokensPerMinute();
    Optional<Integer> wait = minting.take(new Asker(who.tag(), request.peer()), perMinute);
    if (wait.isPresent()) {
      throw ApiProblem.rateLimited("Too many tokens, try later", wait.get());
    }
    Map<String, Object> all = new LinkedHashMap<>(claims);
    all.put("key", who.tag());
    return services
        .projects()
        .find(project)
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedStage(found.get())
                    : CompletableFuture.failedStage(ApiProblem.unauthorized("Unknown key")))
        .thenApply(found -> services.tokens().mint(found, user, seconds, all))
        .thenApply(token -> answer(request, "pub_" + token, seconds, clientId))
        .thenApply(response -> response.with("Cache-Control", "no-store"));
  }

  private ApiResponse answer(ApiRequest request, String token, int seconds, String clientId) {
    String endpoint = services.publicUrl(request).replaceFirst("^http", "ws") + "/ws";
    long untilMs = services.scheduler().nowMs() + seconds * 1_000L;
    return Keyed.ok(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("token", token);
          json.writeStringField("expiresAt", ChatWords.iso(untilMs));
          json.writeStringField("endpoint", endpoint);
          json.writeStringField("clientId", clientId);
          json.writeEndObject();
        });
  }
}
