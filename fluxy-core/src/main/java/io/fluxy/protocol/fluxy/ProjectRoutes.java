package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Plan;
import io.fluxy.auth.Platform;
import io.fluxy.auth.Projects;
import io.fluxy.connection.RateLimit;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.ProjectRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Projects, their plans, keys and secrets (contract 8). An owner or admin sees and changes their
 * own project; only those of the platform's project see others, make new ones and choose plans. To
 * everybody else another's project looks like one that is not there.
 */
final class ProjectRoutes {
  private static final int NAME_CHARS_MAX = 256;
  private static final int LISTED_MAX = 200;
  private static final long OVERLAP_SECONDS = 3_600;
  private static final long OVERLAP_SECONDS_MAX = 30L * 24 * 3_600;
  private static final int BOOTSTRAPS_PER_MINUTE = 10;

  private final Services services;
  private final Operators operators;
  private final Audit audit;
  private final Projects projects;
  private final Platform platform;
  private final RateLimit bootstraps;

  ProjectRoutes(Services services, Operators operators, Audit audit) {
    this.services = services;
    this.operators = operators;
    this.audit = audit;
    this.projects = services.projects();
    this.platform = services.platform();
    this.bootstraps = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    operators.on(routes, "GET", "/admin/projects", (who, req, path) -> list(who));
    operators.on(routes, "POST", "/admin/projects", (who, req, path) -> create(who, req));
    operators.on(routes, "PATCH", "/admin/projects/:id", this::rename);
    operators.on(routes, "POST", "/admin/projects/:id/plan", this::choosePlan);
    operators.on(routes, "POST", "/admin/projects/:id/keys/rotate", this::rotateKey);
    operators.on(routes, "POST", "/admin/projects/:id/keys/revoke", this::revokeKey);
    operators.on(routes, "POST", "/admin/projects/:id/secret/rotate", this::rotateSecret);
    routes.on("POST", "/platform/bootstrap", (request, path) -> bootstrap(request));
  }

  private CompletionStage<ApiResponse> list(Identity who) {
    CompletionStage<List<ProjectRecord>> listed =
        platform.isRunBy(who)
            ? projects.all(LISTED_MAX)
            : projects.find(who.project()).thenApply(found -> found.stream().toList());
    return listed.thenApply(
        found ->
            Problem.ok(
                json -> {
                  json.writeArrayFieldStart("projects");
                  for (ProjectRecord project : found) {
                    json.writeStartObject();
                    project(json, project, null);
                    json.writeEndObject();
                  }
                  json.writeEndArray();
                }));
  }

  private CompletionStage<ApiResponse> create(Identity who, ApiRequest request) {
    if (!platform.isRunBy(who)) {
      throw Problem.forbidden();
    }
    String name = name(Body.of(request));
    return projects
        .create(name)
        .thenCompose(
            created ->
                audit.done(
                    who,
                    request,
                    "project.create",
                    new Audit.Target("project", created.project().id()),
                    json -> {},
                    shown(created.project(), created.key().text())));
  }

  private CompletionStage<ApiResponse> rename(
      Identity who, ApiRequest request, Map<String, String> path) {
    String name = name(Body.of(request));
    return projects
        .change(own(who, path), project -> project.called(name))
        .thenCompose(
            changed -> audited(who, request, "project.rename", shown(found(changed), null), path));
  }

  private CompletionStage<ApiResponse> choosePlan(
      Identity who, ApiRequest request, Map<String, String> path) {
    String id = own(who, path);
    if (!platform.isRunBy(who)) {
      throw Problem.forbidden();
    }
    Plan plan =
        Body.of(request)
            .text("planName")
            .flatMap(Plan::of)
            .orElseThrow(
                () ->
                    new Problem(400, "planName must be one of: free, starter, pro, team, growth"));
    return projects
        .change(id, project -> project.on(plan.word()))
        .thenCompose(
            changed -> {
              ProjectRecord project = found(changed);
              return audited(
                  who,
                  request,
                  "project.plan",
                  Problem.ok(
                      json -> {
                        json.writeFieldName("plan");
                        PlanJson.plan(json, project);
                      }),
                  path);
            });
  }

  private CompletionStage<ApiResponse> rotateKey(
      Identity who, ApiRequest request, Map<String, String> path) {
    String id = own(who, path);
    long overlapMs = overlapMs(request);
    long nowMs = services.scheduler().nowMs();
    return projects
        .rotateKey(id, overlapMs)
        .thenCompose(
            made -> {
              String key = found(made).text();
              return audited(
                  who,
                  request,
                  "project.key_rotate",
                  Problem.ok(
                      json -> {
                        json.writeObjectFieldStart("key");
                        json.writeStringField("projectId", id);
                        json.writeStringField("apiKey", key);
                        json.writeStringField("keyPrefix", key.substring(0, 8));
                        json.writeStringField("rotatedAt", MessageJson.iso(nowMs));
                        json.writeStringField(
                            "previousValidUntil", MessageJson.iso(nowMs + overlapMs));
                        json.writeEndObject();
                      }),
                  path);
            });
  }

  private CompletionStage<ApiResponse> revokeKey(
      Identity who, ApiRequest request, Map<String, String> path) {
    String id = own(who, path);
    String prefix =
        Body.of(request)
            .text("keyPrefix")
            .orElseThrow(() -> new Problem(400, "keyPrefix required"));
    return projects
        .revokeKey(id, prefix)
        .thenCompose(
            revoked -> {
              if (!revoked) {
                throw new Problem(404, "key not found");
              }
              ApiResponse ok = Problem.ok(json -> json.writeBooleanField("ok", true));
              return audited(who, request, "project.key_revoke", ok, path);
            });
  }

  private CompletionStage<ApiResponse> rotateSecret(
      Identity who, ApiRequest request, Map<String, String> path) {
    String id = own(who, path);
    long overlapMs = overlapMs(request);
    long nowMs = services.scheduler().nowMs();
    return projects
        .rotateSecret(id, overlapMs)
        .thenCompose(
            changed -> {
              ProjectRecord project = found(changed);
              return audited(
                  who,
                  request,
                  "project.secret_rotate",
                  Problem.ok(
                      json -> {
                        json.writeObjectFieldStart("secret");
                        json.writeStringField("projectId", id);
                        json.writeStringField("jwtSecret", project.jwtSecret());
                        json.writeStringField("rotatedAt", MessageJson.iso(nowMs));
                        json.writeStringField(
                            "previousValidUntil", MessageJson.iso(project.previousUntilMs()));
                        json.writeEndObject();
                      }),
                  path);
            });
  }

  /** Makes the platform's project, once, for whoever knows the host's secret. */
  private CompletionStage<ApiResponse> bootstrap(ApiRequest request) {
    String id = platform.projectId();
    if (id == null || platform.bootstrapSecret() == null) {
      throw new Problem(409, "bootstrap_disabled");
    }
    bootstraps
        .take(request.peer(), BOOTSTRAPS_PER_MINUTE)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
    if (!platform.opensWith(request.header("X-Fluxy-Bootstrap-Secret").orElse(""))) {
      throw Problem.forbidden();
    }
    Body body = request.body().length == 0 ? Body.empty() : Body.of(request);
    String name = body.has("name") ? name(body) : "Platform";
    return projects
        .find(id)
        .thenCompose(
            present ->
                present.isPresent()
                    ? CompletableFuture.failedStage(new Problem(409, "bootstrap_disabled"))
                    : projects.create(id, name))
        .thenApply(
            created ->
                Problem.ok(
                    json -> {
                      json.writeObjectFieldStart("project");
                      project(json, created.project(), created.key().text());
                      json.writeEndObject();
                      json.writeStringField("platformProjectId", id);
                    }));
  }

  /** The project of the path, if it is the caller's to steer. */
  private String own(Identity who, Map<String, String> path) {
    String id = path.getOrDefault("id", "");
    if (!id.equals(who.project()) && !platform.isRunBy(who)) {
      throw missing();
    }
    return id;
  }

  private static <T> T found(Optional<T> found) {
    return found.orElseThrow(ProjectRoutes::missing);
  }

  private static Problem missing() {
    return new Problem(404, "project not found");
  }

  private CompletionStage<ApiResponse> audited(
      Identity who,
      ApiRequest request,
      String action,
      ApiResponse answer,
      Map<String, String> path) {
    Audit.Target target = new Audit.Target("project", path.getOrDefault("id", ""));
    return audit.done(who, request, action, target, json -> {}, answer);
  }

  private static String name(Body body) {
    String name = body.text("name").map(String::strip).orElse("");
    if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
      throw new Problem(400, "name must have 1 to " + NAME_CHARS_MAX + " characters");
    }
    return name;
  }

  private static long overlapMs(ApiRequest request) {
    Body body = request.body().length == 0 ? Body.empty() : Body.of(request);
    if (!body.has("overlapSeconds")) {
      return OVERLAP_SECONDS * 1_000;
    }
    return body.whole("overlapSeconds")
            .filter(seconds -> seconds >= 0 && seconds <= OVERLAP_SECONDS_MAX)
            .orElseThrow(
                () -> new Problem(400, "overlapSeconds must be 0 to " + OVERLAP_SECONDS_MAX))
        * 1_000;
  }

  private static ApiResponse shown(ProjectRecord project, @Nullable String apiKey) {
    return Problem.ok(
        json -> {
          json.writeObjectFieldStart("project");
          project(json, project, apiKey);
          json.writeEndObject();
        });
  }

  private static void project(JsonGenerator json, ProjectRecord project, @Nullable String apiKey)
      throws IOException {
    json.writeStringField("id", project.id());
    json.writeStringField("name", project.name());
    json.writeStringField("created_at", MessageJson.iso(project.createdAtMs()));
    if (apiKey != null) {
      json.writeStringField("apiKey", apiKey);
    }
    json.writeFieldName("plan");
    PlanJson.plan(json, project);
  }
}
