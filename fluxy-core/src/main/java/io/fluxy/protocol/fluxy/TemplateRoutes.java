package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Names;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.TemplateRecord;
import io.fluxy.store.Templates;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Templates: their project's owners and admins make them, everyone but guests sends them (contract
 * 1.6).
 */
final class TemplateRoutes {
  private static final int NAME_CHARS_MAX = 64;
  private static final String BAD_NAME = "name required (alphanumeric, 1\u201364 chars)";

  private final Services services;
  private final Templates templates;
  private final Authenticated authenticated;

  TemplateRoutes(Services services, Authenticated authenticated) {
    this.services = services;
    this.templates = services.store().templates();
    this.authenticated = authenticated;
  }

  void addTo(Routes routes) {
    authenticated.on(routes, "GET", "/templates", (who, request, path) -> list(who));
    authenticated.on(routes, "POST", "/templates", (who, request, path) -> add(who, request));
    authenticated.on(
        routes, "POST", "/templates/render", (who, request, path) -> render(who, request));
    authenticated.on(routes, "GET", "/templates/:id", (who, request, path) -> show(who, path));
    authenticated.on(routes, "PATCH", "/templates/:id", this::change);
    authenticated.on(routes, "DELETE", "/templates/:id", (who, request, path) -> remove(who, path));
  }

  /**
   * What a send says: its content or, if it names a template, that with its holes filled.
   *
   * @return completes exceptionally with {@link Problem} if there is neither
   */
  CompletionStage<String> content(Identity who, Body body) {
    return body.has("templateId")
        ? filled(who, body)
        : CompletableFuture.completedStage(
            body.text("content").orElseThrow(() -> new Problem(400, "content must be a string")));
  }

  private CompletionStage<ApiResponse> list(Identity who) {
    refuseGuests(who);
    return templates
        .list(who.project(), max(who))
        .thenApply(
            all ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("templates");
                      for (TemplateRecord template : all) {
                        write(json, template);
                      }
                      json.writeEndArray();
                    }));
  }

  private CompletionStage<ApiResponse> show(Identity who, Map<String, String> path) {
    refuseGuests(who);
    return find(who, path.getOrDefault("id", "")).thenApply(TemplateRoutes::answer);
  }

  private CompletionStage<ApiResponse> add(Identity who, ApiRequest request) {
    if (!who.user().governs()) {
      return CompletableFuture.completedStage(ApiResponse.text(403, "Forbidden"));
    }
    Body body = Body.of(request);
    long nowMs = services.scheduler().nowMs();
    UUID id = new UUID(services.scheduler().random(), services.scheduler().random());
    return save(who, new TemplateRecord(id.toString(), name(body), text(who, body), nowMs, nowMs));
  }

  private CompletionStage<ApiResponse> change(
      Identity who, ApiRequest request, Map<String, String> path) {
    if (!who.user().governs()) {
      return CompletableFuture.completedStage(ApiResponse.text(403, "Forbidden"));
    }
    Body body = Body.of(request);
    return find(who, path.getOrDefault("id", ""))
        .thenCompose(
            before -> {
              if (!body.has("name") && !body.has("body")) {
                throw new Problem(400, "no fields to update");
              }
              return save(
                  who,
                  new TemplateRecord(
                      before.id(),
                      body.has("name") ? name(body) : before.name(),
                      body.has("body") ? text(who, body) : before.body(),
                      before.createdAtMs(),
                      services.scheduler().nowMs()));
            });
  }

  private CompletionStage<ApiResponse> save(Identity who, TemplateRecord template) {
    return templates
        .save(who.project(), template, max(who))
        .thenApply(
            saved ->
                switch (saved) {
                  case SAVED -> answer(template);
                  case NAME_TAKEN -> throw new Problem(409, "name_already_exists");
                  case FULL -> throw new Problem(409, "limit_reached: " + max(who) + " templates");
                });
  }

  private CompletionStage<ApiResponse> remove(Identity who, Map<String, String> path) {
    if (!who.user().governs()) {
      return CompletableFuture.completedStage(ApiResponse.text(403, "Forbidden"));
    }
    String id = path.getOrDefault("id", "");
    CompletionStage<Boolean> removed =
        Names.isId(id)
            ? templates.remove(who.project(), id)
            : CompletableFuture.completedStage(false);
    return removed.thenApply(
        was -> {
          if (!was) {
            throw notFound();
          }
          return Problem.ok(json -> json.writeBooleanField("ok", true));
        });
  }

  private CompletionStage<ApiResponse> render(Identity who, ApiRequest request) {
    refuseGuests(who);
    return filled(who, Body.of(request))
        .thenApply(content -> Problem.ok(json -> json.writeStringField("content", content)));
  }

  private CompletionStage<String> filled(Identity who, Body body) {
    String id =
        body.text("templateId")
            .filter(given -> !given.isEmpty())
            .orElseThrow(() -> new Problem(400, "templateId required"));
    Object vars = body.has("templateVars") ? body.value("templateVars") : body.value("vars");
    Map<?, ?> given = vars instanceof Map<?, ?> fields ? fields : Map.of();
    int charsMax = services.projects().limits(who.project()).contentCharsMax();
    return find(who, id)
        .thenApply(template -> TemplateText.filled(template.body(), given, charsMax))
        .thenApply(
            content -> {
              if (content.length() > charsMax) {
                throw tooLong("content", charsMax);
              }
              return content;
            });
  }

  private CompletionStage<TemplateRecord> find(Identity who, String id) {
    if (!Names.isId(id)) {
      throw notFound();
    }
    return templates
        .find(who.project(), id)
        .thenApply(found -> found.orElseThrow(TemplateRoutes::notFound));
  }

  private static Problem notFound() {
    return new Problem(404, "template_not_found");
  }

  private static Problem tooLong(String field, int charsMax) {
    return new Problem(400, field + " exceeds maximum length of " + charsMax + " characters");
  }

  private static void refuseGuests(Identity who) {
    if (who.user().isOnlyGuest()) {
      throw Problem.forbidden();
    }
  }

  private static String name(Body body) {
    return body.text("name")
        .filter(name -> Names.isId(name) && name.length() <= NAME_CHARS_MAX)
        .orElseThrow(() -> new Problem(400, BAD_NAME));
  }

  private String text(Identity who, Body body) {
    int charsMax = services.projects().limits(who.project()).contentCharsMax();
    String text =
        body.text("body")
            .filter(given -> !given.isBlank())
            .orElseThrow(() -> new Problem(400, "body required"));
    if (text.length() > charsMax) {
      throw tooLong("body", charsMax);
    }
    return text;
  }

  private int max(Identity who) {
    return services.projects().limits(who.project()).data().templatesMax();
  }

  private static ApiResponse answer(TemplateRecord template) {
    return Problem.ok(
        json -> {
          json.writeFieldName("template");
          write(json, template);
        });
  }

  private static void write(JsonGenerator json, TemplateRecord template) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", template.id());
    json.writeStringField("name", template.name());
    json.writeStringField("body", template.body());
    json.writeStringField("createdAt", MessageJson.iso(template.createdAtMs()));
    json.writeStringField("updatedAt", MessageJson.iso(template.updatedAtMs()));
    json.writeEndObject();
  }
}
