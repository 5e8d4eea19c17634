package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Quota;
import io.fluxy.auth.Quota.Metric;
import io.fluxy.chat.Limits;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.ProjectRecord;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * What a project may use up in a month, and has (contract 8). What we don't measure is null: active
 * users, files, what anything costs.
 */
final class UsageRoutes {
  private final Services services;
  private final Operators operators;

  UsageRoutes(Services services, Operators operators) {
    this.services = services;
    this.operators = operators;
  }

  void addTo(Routes routes) {
    operators.on(routes, "GET", "/billing/plan", (who, request, path) -> billing(who));
    operators.on(routes, "GET", "/admin/tenant-usage", (who, request, path) -> usage(who));
  }

  private CompletionStage<ApiResponse> billing(Identity who) {
    return project(who)
        .thenApply(
            project ->
                Problem.ok(
                    json -> {
                      json.writeFieldName("plan");
                      PlanJson.plan(json, project);
                      json.writeObjectFieldStart("limits");
                      PlanJson.limits(json, limits(who));
                      json.writeEndObject();
                      json.writeObjectFieldStart("usage");
                      json.writeNumberField("messages_created", used(who, Metric.MESSAGES));
                      json.writeNumberField("agent_invokes", used(who, Metric.AGENT_INVOKES));
                      json.writeNumberField(
                          "webhook_deliveries", used(who, Metric.WEBHOOK_DELIVERIES));
                      json.writeEndObject();
                      json.writeStringField("monthKey", month(who));
                      json.writeBooleanField("paymentsEnabled", false);
                    }));
  }

  private CompletionStage<ApiResponse> usage(Identity who) {
    CompletionStage<Long> allTime = services.directory().messagesSince(who.project(), 0);
    CompletionStage<Long> rooms = services.operators().rooms(who.project());
    return project(who)
        .thenCombine(
            allTime.thenCombine(rooms, Totals::new),
            (project, totals) -> usage(who, project, totals));
  }

  private record Totals(long messages, long rooms) {}

  private ApiResponse usage(Identity who, ProjectRecord project, Totals totals) {
    return Problem.ok(
        json -> {
          json.writeBooleanField("ok", true);
          json.writeObjectFieldStart("usage");
          json.writeStringField("projectId", project.id());
          json.writeStringField("monthKey", month(who));
          json.writeObjectFieldStart("plan");
          json.writeStringField("planName", project.plan());
          json.writeStringField("billingStatus", "manual");
          PlanJson.limits(json, limits(who));
          json.writeEndObject();
          json.writeObjectFieldStart("monthlyUsage");
          monthly(json, who);
          json.writeEndObject();
          json.writeObjectFieldStart("totals");
          json.writeNumberField("messagesAllTime", totals.messages());
          json.writeNumberField("rooms", totals.rooms());
          for (String unknown :
              new String[] {"mau", "attachmentFiles", "storageBytes", "storageGb"}) {
            json.writeNullField(unknown);
          }
          json.writeEndObject();
          json.writeNullField("opsLast30d");
          json.writeNullField("costEstimate");
          json.writeStringField("updatedAt", MessageJson.iso(services.scheduler().nowMs()));
          json.writeEndObject();
        });
  }

  /** What was used this month, in the shape that several answers have. */
  void monthly(JsonGenerator json, Identity who) throws IOException {
    json.writeNumberField("messagesCreated", used(who, Metric.MESSAGES));
    json.writeNumberField("agentInvokes", used(who, Metric.AGENT_INVOKES));
    json.writeNumberField("webhookDeliveries", used(who, Metric.WEBHOOK_DELIVERIES));
  }

  /** The project, once it is known what it has used. */
  CompletionStage<ProjectRecord> project(Identity who) {
    return services
        .gate()
        .quota()
        .known(who.project())
        .thenCompose(known -> services.projects().find(who.project()))
        .thenApply(found -> found.orElseThrow(() -> new Problem(404, "project not found")));
  }

  String month(Identity who) {
    return usage(who, Metric.MESSAGES).month();
  }

  long used(Identity who, Metric metric) {
    return usage(who, metric).used();
  }

  private Quota.Usage usage(Identity who, Metric metric) {
    return services.gate().quota().usage(who.project(), metric);
  }

  private Limits limits(Identity who) {
    return services.projects().limits(who.project());
  }
}
