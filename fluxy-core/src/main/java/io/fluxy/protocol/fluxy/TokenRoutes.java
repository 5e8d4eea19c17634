package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.ProjectRecord;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Where a backend with an API key gets tokens for its users (contract 1.3). */
final class TokenRoutes {
  private static final int TTL_DEFAULT = 3_600;
  private static final int TTL_MIN = 60;
  private static final int ANONYMOUS_TTL_MIN = 300;
  private static final int TTL_MAX = 86_400;
  private static final int WRONG_KEYS_PER_MINUTE = 120;
  private static final int NAME_CHARS_MAX = 64;

  private static final Set<Role> MINTED_BY_OPERATORS = Set.of(Role.MEMBER, Role.GUEST);

  private final Services services;
  private final RateLimit minted;
  private final RateLimit wrongKeys;

  private record Minter(String project, String keyPrefix, String peer) {}

  TokenRoutes(Services services) {
    this.services = services;
    this.minted = new RateLimit(services.scheduler());
    this.wrongKeys = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    routes
        .on("POST", "/auth/token", (request, path) -> token(request, false))
        .on("POST", "/auth/signin", (request, path) -> token(request, true))
        .on("POST", "/tokens/anonymous", (request, path) -> anonymous(request));
  }

  void addTo(Routes routes, Operators operators, Audit audit) {
    operators.on(
        routes, "POST", "/admin/member-token", (who, request, path) -> member(who, request, audit));
  }

  /** A console gets a token for a member or guest of its project (contract 4, 8). */
  private CompletionStage<ApiResponse> member(Identity who, ApiRequest request, Audit audit) {
    Body body = Body.of(request);
    User user = new User(userId(body), roles(body));
    if (!MINTED_BY_OPERATORS.containsAll(user.roles())) {
      throw new Problem(403, "cannot mint elevated roles via this endpoint");
    }
    int perMinute = services.projects().limits(who.project()).tokensPerMinute();
    within(minted, new Minter(who.project(), who.user().id(), request.peer()), perMinute);
    int ttl = ttl(body, TTL_MIN);
    return services
        .projects()
        .find(who.project())
        .thenCompose(
            found -> {
              ProjectRecord project = found.orElseThrow(Problem::forbidden);
              String token = services.tokens().mint(project, user, ttl, Map.of());
              return audit.done(
                  who,
                  request,
                  "admin.member_token",
                  new Audit.Target("user", user.id()),
                  json -> {},
                  Problem.ok(
                      json -> {
                        issued(json, token, ttl);
                        claims(json, project, user, false);
                      }));
            });
  }

  private CompletionStage<ApiResponse> token(ApiRequest request, boolean signin) {
    return withProject(
        request,
        new Problem(401, "api key required"),
        new Problem(401, "invalid api key"),
        project -> {
          Body body = Body.of(request);
          String userId = userId(body);
          int ttl = ttl(body, TTL_MIN);
          User user = new User(userId, roles(body));
          String token = services.tokens().mint(project, user, ttl, Map.of());
          return Problem.ok(
              json -> {
                issued(json, token, ttl);
                claims(json, project, user, false);
                if (signin) {
                  signedIn(json, project, userId);
                }
              });
        });
  }

  private CompletionStage<ApiResponse> anonymous(ApiRequest request) {
    return withProject(
        request,
        Problem.withCode(401, "api_key_required", "unauthorized"),
        Problem.withCode(401, "invalid_api_key", "unauthorized"),
        project -> {
          Body body = request.body().length == 0 ? Body.empty() : Body.of(request);
          Map<String, Object> extra = new LinkedHashMap<>();
          extra.put("anon", true);
          body.text("displayName")
              .filter(name -> name.length() <= NAME_CHARS_MAX)
              .ifPresent(name -> extra.put("name", name));
          User user = new User(anonymousId(body), Set.of(Role.GUEST));
          int ttl = ttl(body, ANONYMOUS_TTL_MIN);
          String token = services.tokens().mint(project, user, ttl, extra);
          return Problem.ok(
              json -> {
                issued(json, token, ttl);
                json.writeStringField("userId", user.id());
                claims(json, project, user, true);
              });
        });
  }

  private CompletionStage<ApiResponse> withProject(
      ApiRequest request,
      Problem missing,
      Problem invalid,
      Function<ProjectRecord, ApiResponse> answer) {
    Optional<String> key = request.header("X-Fluxy-Api-Key").or(() -> request.query("apiKey"));
    if (key.isEmpty() || key.get().isEmpty()) {
      return CompletableFuture.failedStage(missing);
    }
    return services
        .projects()
        .findByKey(key.get())
        .thenApply(
            project -> {
              if (project.isEmpty()) {
                within(wrongKeys, request.peer(), WRONG_KEYS_PER_MINUTE);
                throw invalid;
              }
              String prefix = key.get().substring(0, Math.min(8, key.get().length()));
              within(
                  minted,
                  new Minter(project.get().id(), prefix, request.peer()),
                  services.projects().limits(project.get().id()).tokensPerMinute());
              return answer.apply(project.get());
            });
  }

  private static void within(RateLimit limit, Object key, int perMinute) {
    limit
        .take(key, perMinute)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
  }

  private static String userId(Body body) {
    if (!body.has("userId")) {
      throw new Problem(400, "userId required");
    }
    return body.text("userId")
        .filter(Names::isId)
        .orElseThrow(
            () -> new Problem(400, "userId required: must be 1-128 chars, alphanumeric with _ -"));
  }

  private String anonymousId(Body body) {
    if (!body.has("anonId")) {
      return "anon_" + HexFormat.of().toHexDigits(services.scheduler().random());
    }
    return body.text("anonId")
        .filter(id -> Names.isId(id) && id.startsWith("anon_"))
        .orElseThrow(() -> Problem.withCode(400, "invalid_anon_id", "invalid_anon_id"));
  }

  /** Roles we don't know are dropped; a token without any is a member's. */
  private static Set<Role> roles(Body body) {
    Set<Role> roles = new LinkedHashSet<>();
    for (Object word : body.list("roles")) {
      if (word instanceof String text) {
        Role.of(text).ifPresent(roles::add);
      }
    }
    return roles.isEmpty() ? Set.of(Role.MEMBER) : roles;
  }

  private static int ttl(Body body, int min) {
    long wanted = body.whole("ttlSeconds").orElse((long) TTL_DEFAULT);
    return (int) Math.max(min, Math.min(TTL_MAX, wanted));
  }

  private static void issued(JsonGenerator json, String token, int ttl) throws IOException {
    json.writeStringField("token", token);
    json.writeNumberField("expiresIn", ttl);
  }

  private static void claims(
      JsonGenerator json, ProjectRecord project, User user, boolean anonymous) throws IOException {
    json.writeObjectFieldStart("claims");
    json.writeStringField("sub", user.id());
    json.writeStringField("tid", project.id());
    json.writeArrayFieldStart("roles");
    List<String> words = user.roles().stream().map(Role::word).sorted().toList();
    for (String word : words) {
      json.writeString(word);
    }
    json.writeEndArray();
    if (anonymous) {
      json.writeBooleanField("anon", true);
    }
    json.writeEndObject();
  }

  private static void signedIn(JsonGenerator json, ProjectRecord project, String userId)
      throws IOException {
    json.writeBooleanField("signin", true);
    json.writeStringField("userId", userId);
    json.writeStringField("projectId", project.id());
    json.writeObjectFieldStart("userChannel");
    json.writeStringField("websocketPath", "/ws/user/" + userId);
    json.writeStringField("eventsPath", "/users/" + userId + "/events");
    json.writeEndObject();
  }
}
