package io.fluxy.protocol.fluxy;

import static io.fluxy.auth.Quota.Metric.WEBHOOK_DELIVERIES;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Quota;
import io.fluxy.hook.Signature;
import io.fluxy.hook.WebhookType;
import io.fluxy.hook.Webhooks;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.WebhookRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where a project's owners and admins steer its webhooks (contract 6 and 8). */
final class WebhookRoutes {
  private static final long[] RETRY_MS = {60_000, 300_000, 1_800_000, 3_600_000};
  private static final int SECRET_CHARS_MAX = 256;
  private static final int LISTED_DEFAULT = 50;
  private static final int LOOKED_AT_MAX = 200; // deliveries, to tell how a webhook fares

  private final Services services;
  private final Operators operators;
  private final Rooms rooms;
  private final Webhooks webhooks;
  private final Audit audit;

  WebhookRoutes(Services services, Operators operators, Rooms rooms, Audit audit) {
    this.services = services;
    this.operators = operators;
    this.rooms = rooms;
    this.webhooks = services.webhooks();
    this.audit = audit;
  }

  void addTo(Routes routes) {
    routes.on("GET", "/webhooks/event-types", (request, path) -> types());
    operators.on(routes, "POST", "/webhooks/register", (who, req, path) -> register(who, req));
    operators.on(routes, "POST", "/webhooks/verify", (who, req, path) -> verify(who, req));
    operators.on(routes, "POST", "/webhooks/verify-batch", (who, req, path) -> verifyBatch(req));
    operators.on(routes, "PATCH", "/webhooks/:id", this::change);
    operators.on(routes, "DELETE", "/webhooks/:id", this::remove);
    operators.on(routes, "GET", "/admin/webhooks", (who, req, path) -> list(who));
    operators.on(routes, "GET", "/admin/webhooks/summary", (who, req, path) -> summary(who));
    operators.on(
        routes, "GET", "/admin/webhooks/deliveries", (who, req, path) -> deliveries(who, req));
    operators.on(
        routes,
        "POST",
        "/admin/webhooks/deliveries/:id/replay",
        (who, req, path) -> replay(who, path));
  }

  private static CompletionStage<ApiResponse> types() {
    return done(
        json -> {
          json.writeArrayFieldStart("events");
          for (String word : WebhookType.words()) {
            json.writeString(word);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("retryScheduleMs");
          for (long ms : RETRY_MS) {
            json.writeNumber(ms);
          }
          json.writeEndArray();
          json.writeStringField("maxAttemptsEnv", "WEBHOOK_MAX_ATTEMPTS");
          json.writeStringField("signatureHeader", "X-Fluxy-Signature");
        });
  }

  private CompletionStage<ApiResponse> register(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    String url = body.text("url").filter(text -> !text.isBlank()).orElseThrow(this::incomplete);
    if (body.list("eventTypes").isEmpty()) {
      throw incomplete();
    }
    checkUrl(url);
    List<WebhookType> types = types(body.list("eventTypes"));
    String secret = secret(body);
    return webhooks
        .register(who.project(), url, types, secret)
        .thenCompose(
            registered -> {
              int max = services.limits().webhooksPerProjectMax();
              WebhookRecord webhook =
                  registered.orElseThrow(
                      () -> new Problem(409, "limit_reached: " + max + " webhooks"));
              return audited(
                  who,
                  request,
                  "create",
                  webhook.id(),
                  Problem.ok(
                      json -> {
                        json.writeObjectFieldStart("webhook");
                        json.writeStringField("id", webhook.id());
                        json.writeStringField("projectId", webhook.projectId());
                        json.writeStringField("url", webhook.url());
                        json.writeBooleanField("secretSet", webhook.secret() != null);
                        json.writeStringField(
                            "warning", "The secret is shown only once. Store it securely.");
                        json.writeEndObject();
                      }));
            });
  }

  /** Without the address: it may hold a secret. */
  private CompletionStage<ApiResponse> audited(
      Identity who, ApiRequest request, String verb, String id, ApiResponse answer) {
    Audit.Target target = new Audit.Target("webhook", id);
    return audit.done(who, request, "webhook." + verb, target, json -> {}, answer);
  }

  private Problem incomplete() {
    return new Problem(400, "url and eventTypes[] required");
  }

  private void checkUrl(String url) {
    webhooks
        .flaw(url)
        .ifPresent(
            flaw -> {
              throw new Problem(400, flaw);
            });
  }

  private static List<WebhookType> types(List<?> words) {
    List<WebhookType> types = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Object word : words) {
      String text = word instanceof String given ? given : String.valueOf(word);
      Optional<WebhookType> type = WebhookType.of(text);
      if (type.isPresent()) {
        types.add(type.get());
      } else if (unknown.size() < 20) {
        unknown.add(text.length() > 64 ? text.substring(0, 64) : text);
      }
    }
    if (!unknown.isEmpty()) {
      throw Problem.with(
          400,
          "unknown_event_types",
          json -> {
            json.writeArrayFieldStart("unknown");
            for (String word : unknown) {
              json.writeString(word);
            }
            json.writeEndArray();
            json.writeStringField("catalog", "GET /webhooks/event-types");
          });
    }
    return types;
  }

  private static @Nullable String secret(Body body) {
    if (!body.has("secret")) {
      return null;
    }
    return body.text("secret")
        .filter(text -> !text.isEmpty() && text.length() <= SECRET_CHARS_MAX)
        .orElseThrow(
            () -> new Problem(400, "secret must have 1 to " + SECRET_CHARS_MAX + " characters"));
  }

  private CompletionStage<ApiResponse> change(
      Identity who, ApiRequest request, Map<String, String> path) {
    Body body = Body.of(request);
    String url = body.text("url").orElse(null);
    if (url != null) {
      checkUrl(url);
    }
    List<WebhookType> types = body.has("eventTypes") ? types(typeList(body)) : null;
    String secret = secret(body);
    if (url == null && types == null && secret == null) {
      throw new Problem(400, "no fields to update");
    }
    return webhooks
        .change(who.project(), id(path), url, types, secret)
        .thenCompose(found -> audited(who, request, "update", id(path), okIfFound(found)));
  }

  /** A list, or one text with commas. */
  private static List<?> typeList(Body body) {
    Optional<String> text = body.text("eventTypes");
    return text.isPresent() ? List.of(text.get().split(",", -1)) : body.list("eventTypes");
  }

  private CompletionStage<ApiResponse> remove(
      Identity who, ApiRequest request, Map<String, String> path) {
    return webhooks
        .remove(who.project(), id(path))
        .thenCompose(found -> audited(who, request, "delete", id(path), okIfFound(found)));
  }

  private static ApiResponse okIfFound(boolean found) {
    if (!found) {
      throw new Problem(404, "webhook not found");
    }
    return Problem.ok(json -> json.writeBooleanField("ok", true));
  }

  /**
   * Whether a signature fits a payload, by the secret that is sent along, or else by the webhook's
   * own.
   */
  private CompletionStage<ApiResponse> verify(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    String signature = body.text("signature").orElse("");
    String payload = body.text("payload").orElse("");
    if (signature.isEmpty() || payload.isEmpty()) {
      throw new Problem(400, "signature and payload required");
    }
    String webhookId =
        body.text("webhookId").orElseThrow(() -> new Problem(400, "webhookId required"));
    String given = secret(body);
    return webhooks
        .current(who.project(), webhookId)
        .thenApply(
            found -> {
              WebhookRecord webhook =
                  found.orElseThrow(() -> new Problem(404, "webhook not found"));
              String secret = given == null ? webhook.secret() : given;
              if (secret == null) {
                throw new Problem(400, "webhook has no secret");
              }
              boolean valid = Signature.isRight(secret, utf8(payload), signature);
              return Problem.ok(json -> json.writeBooleanField("valid", valid));
            });
  }

  /** One raw body and its signature, or a list of such. */
  private static CompletionStage<ApiResponse> verifyBatch(ApiRequest request) {
    Body body = Body.of(request);
    String secret = secret(body);
    if (secret == null) {
      throw new Problem(400, "secret required");
    }
    Optional<String> raw = body.text("body");
    Optional<String> signature = body.text("signature");
    if (raw.isPresent() && signature.isPresent()) {
      boolean valid = Signature.isRight(secret, utf8(raw.get()), signature.get());
      return done(
          json -> {
            json.writeBooleanField("valid", valid);
            json.writeStringField("mode", "raw_body");
          });
    }
    List<?> events = body.has("events") ? body.list("events") : body.list("deliveries");
    if (events.isEmpty()) {
      throw new Problem(400, "events array or body+signature required");
    }
    List<Boolean> results = new ArrayList<>();
    for (Object event : events) {
      results.add(
          event instanceof Map<?, ?> each
              && each.get("body") instanceof String text
              && each.get("signature") instanceof String signed
              && Signature.isRight(secret, utf8(text), signed));
    }
    return done(
        json -> {
          json.writeBooleanField("valid", !results.contains(false));
          json.writeStringField("mode", "batch");
          json.writeArrayFieldStart("results");
          for (int i = 0; i < results.size(); i++) {
            json.writeStartObject();
            json.writeNumberField("index", i);
            json.writeBooleanField("valid", results.get(i));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private CompletionStage<ApiResponse> list(Identity who) {
    return done(
        json -> {
          json.writeArrayFieldStart("webhooks");
          for (WebhookRecord webhook : newestFirst(who)) {
            json.writeStartObject();
            json.writeStringField("id", webhook.id());
            json.writeStringField("project_id", webhook.projectId());
            json.writeStringField("url", webhook.url());
            json.writeStringField("event_types", String.join(",", webhook.eventTypes()));
            json.writeStringField("created_at", MessageJson.iso(webhook.createdAtMs()));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private List<WebhookRecord> newestFirst(Identity who) {
    List<WebhookRecord> webhooksOf = new ArrayList<>(webhooks.of(who.project()));
    java.util.Collections.reverse(webhooksOf);
    return webhooksOf;
  }

  private CompletionStage<ApiResponse> summary(Identity who) {
    List<WebhookRecord> listed = newestFirst(who);
    Map<String, List<DeliveryRecord>> latest = new HashMap<>();
    CompletionStage<Void> all = CompletableFuture.completedStage(null);
    for (WebhookRecord webhook : listed) {
      all =
          all.thenCompose(
              nothing ->
                  webhooks
                      .deliveries(who.project(), webhook.id(), LOOKED_AT_MAX)
                      .thenAccept(found -> latest.put(webhook.id(), found)));
    }
    return all.thenApply(
        nothing ->
            Problem.ok(
                json -> {
                  json.writeArrayFieldStart("webhooks");
                  for (WebhookRecord webhook : listed) {
                    summary(json, webhook, latest.getOrDefault(webhook.id(), List.of()));
                  }
                  json.writeEndArray();
                }));
  }

  private static void summary(
      JsonGenerator json, WebhookRecord webhook, List<DeliveryRecord> newestFirst)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("webhookId", webhook.id());
    json.writeStringField("url", webhook.url());
    json.writeStringField("eventTypes", String.join(",", webhook.eventTypes()));
    json.writeStringField("webhookCreatedAt", MessageJson.iso(webhook.createdAtMs()));
    if (newestFirst.isEmpty()) {
      json.writeNullField("lastDelivery");
    } else {
      DeliveryRecord last = newestFirst.get(0);
      json.writeObjectFieldStart("lastDelivery");
      json.writeStringField("id", last.id());
      json.writeStringField("status", word(last));
      status(json, "lastHttpStatus", last);
      json.writeStringField("lastError", last.lastError());
      time(json, "deliveredAt", last.deliveredAtMs());
      json.writeStringField("createdAt", MessageJson.iso(last.createdAtMs()));
      json.writeEndObject();
    }
    int failures = 0;
    for (DeliveryRecord delivery : newestFirst) {
      if (delivery.status() == DeliveryRecord.Status.DELIVERED) {
        break;
      } else if (delivery.status() == DeliveryRecord.Status.FAILED) {
        failures++;
      }
    }
    json.writeNumberField("consecutiveFailures", failures);
    json.writeEndObject();
  }

  private CompletionStage<ApiResponse> deliveries(Identity who, ApiRequest request) {
    return webhooks
        .deliveries(who.project(), null, Operators.limit(request, LISTED_DEFAULT))
        .thenApply(
            deliveries ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("deliveries");
                      for (DeliveryRecord delivery : deliveries) {
                        row(json, delivery);
                      }
                      json.writeEndArray();
                    }));
  }

  private static void row(JsonGenerator json, DeliveryRecord delivery) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", delivery.id());
    json.writeStringField("project_id", delivery.projectId());
    json.writeStringField("webhook_id", delivery.webhookId());
    json.writeStringField("event_type", delivery.eventType());
    json.writeStringField("status", word(delivery));
    json.writeNumberField("attempt_count", delivery.attempts());
    json.writeStringField("next_attempt_at", MessageJson.iso(delivery.nextAttemptAtMs()));
    status(json, "last_http_status", delivery);
    json.writeStringField("last_error", delivery.lastError());
    time(json, "delivered_at", delivery.deliveredAtMs());
    json.writeStringField("created_at", MessageJson.iso(delivery.createdAtMs()));
    json.writeStringField("updated_at", MessageJson.iso(delivery.updatedAtMs()));
    json.writeEndObject();
  }

  private CompletionStage<ApiResponse> replay(Identity who, Map<String, String> path) {
    String id = id(path);
    long nowMs = services.scheduler().nowMs();
    long max = services.projects().limits(who.project()).data().webhookDeliveriesPerMonth();
    Quota quota = services.gate().quota();
    if (max > 0 && quota.usage(who.project(), WEBHOOK_DELIVERIES).used() >= max) {
      throw rooms.quotaExceeded(who.project(), WEBHOOK_DELIVERIES);
    }
    return webhooks
        .replay(who.project(), id)
        .thenApply(
            found -> {
              if (!found) {
                throw new Problem(404, "delivery not found");
              }
              return Problem.ok(
                  json -> {
                    json.writeBooleanField("ok", true);
                    json.writeStringField("deliveryId", id);
                    json.writeStringField("replayScheduledAt", MessageJson.iso(nowMs));
                  });
            });
  }

  private static void status(JsonGenerator json, String name, DeliveryRecord delivery)
      throws IOException {
    if (delivery.lastHttpStatus() == 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, delivery.lastHttpStatus());
    }
  }

  private static void time(JsonGenerator json, String name, @Nullable Long ms) throws IOException {
    json.writeStringField(name, ms == null ? null : MessageJson.iso(ms));
  }

  private static String word(DeliveryRecord delivery) {
    return delivery.status().name().toLowerCase(Locale.ROOT);
  }

  private static String id(Map<String, String> path) {
    return path.getOrDefault("id", "");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static CompletionStage<ApiResponse> done(Problem.Fields fields) {
    return CompletableFuture.completedStage(Problem.ok(fields));
  }
}
