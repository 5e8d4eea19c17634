package io.fluxy.protocol.fluxy;

import static io.fluxy.protocol.Tally.Metric.AGENT_RUNS;
import static io.fluxy.protocol.Tally.Metric.AGENT_RUNS_FAILED;
import static io.fluxy.protocol.Tally.Metric.MESSAGES_CREATED;
import static io.fluxy.protocol.Tally.Metric.REQUESTS_ERROR;
import static io.fluxy.protocol.Tally.Metric.REQUESTS_TOTAL;
import static io.fluxy.protocol.Tally.Metric.WEBHOOKS_DELIVERED;
import static io.fluxy.protocol.Tally.Metric.WEBHOOKS_FAILED;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.auth.Plan;
import io.fluxy.auth.Quota;
import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.protocol.Tally;
import io.fluxy.store.ProjectRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How a project fares, for its owners and admins (contract 8). What is counted by the minute is
 * what this engine has seen of the last day, since it started. Nothing is estimated: we know no
 * prices, so what would need one is null.
 */
final class StatsRoutes {
  private static final int WINDOW_MINUTES = 60;
  private static final double REQUEST_ERRORS_MAX = 0.01;
  private static final double WEBHOOK_SUCCESS_MIN = 0.98;

  private final Services services;
  private final Operators operators;
  private final UsageRoutes usage;
  private final Tally tally;

  StatsRoutes(Services services, Operators operators, UsageRoutes usage) {
    this.services = services;
    this.operators = operators;
    this.usage = usage;
    this.tally = services.tally();
  }

  void addTo(Routes routes) {
    operators.on(routes, "GET", "/stats/rooms/:id", (who, request, path) -> room(who, path));
    operators.on(routes, "GET", "/stats/ops", (who, request, path) -> ops(who, request));
    operators.on(routes, "GET", "/stats/slo", (who, request, path) -> slo(who));
    operators.on(routes, "GET", "/stats/alerts", (who, request, path) -> alerts(who));
    operators.on(routes, "GET", "/stats/ai", (who, request, path) -> ai(who));
    operators.on(routes, "GET", "/stats/costs", (who, request, path) -> costs(who));
    operators.on(routes, "GET", "/stats/launch-kpis", (who, request, path) -> kpis(who));
  }

  private CompletionStage<ApiResponse> room(Identity who, Map<String, String> path) {
    RoomId id = Rooms.id(who, path.getOrDefault("id", ""), new Problem(404, "room not found"));
    return services
        .directory()
        .room(id)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                throw new Problem(404, "room not found");
              }
              return services.operators().room(id);
            })
        .thenApply(
            figures ->
                Problem.ok(
                    json -> {
                      json.writeStringField("roomId", id.name());
                      json.writeNumberField("messageCount", figures.messages());
                      json.writeNumberField("activeUsers", figures.authors());
                    }));
  }

  private CompletionStage<ApiResponse> ops(Identity who, ApiRequest request) {
    long wanted =
        request
            .query("minutes")
            .map(
                text ->
                    Body.whole(text, 9)
                        .orElseThrow(() -> new Problem(400, "minutes must be a whole number")))
            .orElse((long) WINDOW_MINUTES);
    int minutes = (int) Math.max(1, Math.min(Tally.MINUTES_MAX, wanted));
    List<Tally.Point> points = tally.points(who.project(), minutes);
    Map<Tally.Metric, Long> totals = new LinkedHashMap<>();
    points.forEach(point -> totals.merge(point.metric(), point.count(), Long::sum));
    return answer(
        who,
        minutes,
        json -> {
          json.writeObjectFieldStart("totals");
          for (Map.Entry<Tally.Metric, Long> total : totals.entrySet()) {
            json.writeNumberField(total.getKey().word(), total.getValue());
          }
          json.writeEndObject();
          json.writeArrayFieldStart("points");
          for (Tally.Point point : points) {
            json.writeStartObject();
            json.writeStringField("metric_name", point.metric().word());
            String at = MessageJson.iso(point.minute() * 60_000);
            json.writeStringField("bucket_minute", at.substring(0, "2026-01-31T12:00".length()));
            json.writeNumberField("metric_value", point.count());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** What is measured against a target, in the last hour. */
  private record LastHour(long requests, long errors, long delivered, long failed) {
    double errorRate() {
      return requests == 0 ? 0 : (double) errors / requests;
    }

    double deliveryRate() {
      return delivered + failed == 0 ? 1 : (double) delivered / (delivered + failed);
    }

    boolean requestsMet() {
      return errorRate() <= REQUEST_ERRORS_MAX;
    }

    boolean deliveriesMet() {
      return deliveryRate() >= WEBHOOK_SUCCESS_MIN;
    }
  }

  private LastHour lastHour(Identity who) {
    Map<Tally.Metric, Long> totals = tally.totals(who.project(), WINDOW_MINUTES);
    return new LastHour(
        of(totals, REQUESTS_TOTAL),
        of(totals, REQUESTS_ERROR),
        of(totals, WEBHOOKS_DELIVERED),
        of(totals, WEBHOOKS_FAILED));
  }

  private static long of(Map<Tally.Metric, Long> totals, Tally.Metric metric) {
    return totals.getOrDefault(metric, 0L);
  }

  private CompletionStage<ApiResponse> slo(Identity who) {
    LastHour hour = lastHour(who);
    boolean requests = hour.requestsMet();
    boolean deliveries = hour.deliveriesMet();
    return answer(
        who,
        WINDOW_MINUTES,
        json -> {
          json.writeObjectFieldStart("sli");
          json.writeNumberField("requestErrorRate", hour.errorRate());
          json.writeNumberField("webhookSuccessRate", hour.deliveryRate());
          json.writeEndObject();
          json.writeObjectFieldStart("sloTargets");
          json.writeNumberField("requestErrorRateMax", REQUEST_ERRORS_MAX);
          json.writeNumberField("webhookSuccessRateMin", WEBHOOK_SUCCESS_MIN);
          json.writeEndObject();
          json.writeObjectFieldStart("sloStatus");
          json.writeBooleanField("requestErrorRateMet", requests);
          json.writeBooleanField("webhookSuccessRateMet", deliveries);
          json.writeBooleanField("overallHealthy", requests && deliveries);
          json.writeNumberField("healthScore", (requests ? 50 : 0) + (deliveries ? 50 : 0));
          json.writeEndObject();
          json.writeObjectFieldStart("counters");
          json.writeNumberField("requestsTotal", hour.requests());
          json.writeNumberField("requestsError", hour.errors());
          json.writeNumberField("webhookDeliveriesTotal", hour.delivered() + hour.failed());
          json.writeNumberField("webhookDeliveriesDelivered", hour.delivered());
          json.writeNumberField("webhookDeliveriesFailed", hour.failed());
          json.writeEndObject();
        });
  }

  /** A target that is missed now. */
  private CompletionStage<ApiResponse> alerts(Identity who) {
    LastHour hour = lastHour(who);
    Map<String, String> alerts = new LinkedHashMap<>();
    if (!hour.requestsMet()) {
      alerts.put(
          "request_error_rate",
          hour.errors() + " of " + hour.requests() + " requests failed in the last hour");
    }
    if (!hour.deliveriesMet()) {
      alerts.put(
          "webhook_success_rate",
          hour.failed() + " webhook deliveries were given up in the last hour");
    }
    return CompletableFuture.completedStage(
        Problem.ok(
            json -> {
              json.writeStringField("projectId", who.project());
              json.writeNumberField("openAlerts", alerts.size());
              json.writeArrayFieldStart("alerts");
              for (Map.Entry<String, String> alert : alerts.entrySet()) {
                json.writeStartObject();
                json.writeStringField("level", "warning");
                json.writeStringField("code", alert.getKey());
                json.writeStringField("message", alert.getValue());
                json.writeEndObject();
              }
              json.writeEndArray();
            }));
  }

  private CompletionStage<ApiResponse> ai(Identity who) {
    return services
        .operators()
        .counts(who.project(), null)
        .thenApply(
            counts ->
                Problem.ok(
                    json -> {
                      json.writeStringField("projectId", who.project());
                      json.writeNumberField("runs", spent(counts, Tally.Spent.AGENT_RUNS));
                      json.writeNumberField(
                          "inputTokens", spent(counts, Tally.Spent.AGENT_INPUT_TOKENS));
                      json.writeNumberField(
                          "outputTokens", spent(counts, Tally.Spent.AGENT_OUTPUT_TOKENS));
                      json.writeNumberField(
                          "estimatedCost", spent(counts, Tally.Spent.AGENT_COST_MICROS) / 1e6);
                    }));
  }

  private static long spent(Map<String, Long> counts, Tally.Spent what) {
    return counts.getOrDefault(what.word(), 0L);
  }

  private CompletionStage<ApiResponse> costs(Identity who) {
    Map<Tally.Metric, Long> totals = tally.totals(who.project(), Tally.MINUTES_MAX);
    long requests = of(totals, REQUESTS_TOTAL);
    long errors = of(totals, REQUESTS_ERROR);
    return usage
        .project(who)
        .thenCompose(
            project ->
                answer(
                    who,
                    Tally.MINUTES_MAX,
                    json -> {
                      json.writeObjectFieldStart("totals");
                      json.writeNumberField("totalMessages", of(totals, MESSAGES_CREATED));
                      json.writeNumberField("requestsTotal", requests);
                      json.writeNumberField("requestsError", errors);
                      json.writeNumberField(
                          "errorRate", requests == 0 ? 0 : (double) errors / requests);
                      json.writeNumberField("webhookFailed", of(totals, WEBHOOKS_FAILED));
                      json.writeNumberField("agentRunsFailed", of(totals, AGENT_RUNS_FAILED));
                      json.writeNumberField("aiRuns", of(totals, AGENT_RUNS));
                      json.writeEndObject();
                      unknown(
                          json,
                          "costBreakdown",
                          "messageCost",
                          "requestCost",
                          "webhookFailureCost",
                          "agentFailureCost",
                          "aiCost",
                          "estimatedTotalCost");
                      json.writeNullField("pricing");
                      json.writeFieldName("plan");
                      PlanJson.plan(json, project);
                      json.writeObjectFieldStart("usage");
                      json.writeStringField("monthKey", usage.month(who));
                      usage.monthly(json, who);
                      json.writeEndObject();
                      unknown(
                          json, "projected", "for1kMessages", "for100kMessages", "for1MMessages");
                      json.writeNullField("assumptions");
                      json.writeStringField("note", "Counted by this server; no prices are known.");
                    }));
  }

  private static void unknown(JsonGenerator json, String object, String... fields)
      throws IOException {
    json.writeObjectFieldStart(object);
    for (String field : fields) {
      json.writeNullField(field);
    }
    json.writeEndObject();
  }

  private CompletionStage<ApiResponse> kpis(Identity who) {
    CompletionStage<Long> messages = services.directory().messagesSince(who.project(), 0);
    CompletionStage<Long> rooms = services.operators().rooms(who.project());
    CompletionStage<Map<String, Long>> spent = services.operators().counts(who.project(), null);
    return usage
        .project(who)
        .thenCombine(messages, (project, said) -> checks(project, said))
        .thenCombine(rooms, (checks, count) -> with(checks, "firstRoomCreated", count > 0))
        .thenCombine(
            spent,
            (checks, counts) ->
                with(checks, "firstAgentInvoke", counts.containsKey("agent_invokes")))
        .thenCombine(usage.project(who), (checks, project) -> kpis(who, project, checks));
  }

  private static Map<String, Boolean> checks(ProjectRecord project, long messages) {
    Map<String, Boolean> checks = new LinkedHashMap<>();
    checks.put("projectCreated", true);
    checks.put("apiKeyActive", !project.keys().isEmpty());
    checks.put("jwtSecretConfigured", true);
    checks.put("firstRoomCreated", false);
    checks.put("firstMessageSent", messages > 0);
    checks.put("firstAgentInvoke", false);
    return checks;
  }

  private static Map<String, Boolean> with(Map<String, Boolean> checks, String name, boolean is) {
    checks.put(name, is);
    return checks;
  }

  private ApiResponse kpis(Identity who, ProjectRecord project, Map<String, Boolean> checks) {
    long done = checks.values().stream().filter(is -> is).count();
    boolean isPaid = project.plan() != null && !project.plan().equals(Plan.FREE.word());
    return Problem.ok(
        json -> {
          json.writeStringField("projectId", who.project());
          json.writeStringField("generatedAt", MessageJson.iso(services.scheduler().nowMs()));
          json.writeObjectFieldStart("activation");
          json.writeNumberField("completedOnboardingSteps", done);
          json.writeNumberField("totalOnboardingSteps", checks.size());
          json.writeNumberField("activationRate", (double) done / checks.size());
          json.writeObjectFieldStart("checks");
          for (Map.Entry<String, Boolean> check : checks.entrySet()) {
            json.writeBooleanField(check.getKey(), check.getValue());
          }
          json.writeEndObject();
          json.writeEndObject();
          unknown(
              json,
              "retention",
              "activeDaysLast7",
              "activeDaysPrev7",
              "retainedDevelopers",
              "trend");
          json.writeObjectFieldStart("conversion");
          json.writeNumberField("monthlyMessages", usage.used(who, Quota.Metric.MESSAGES));
          json.writeNumberField("monthlyAgentInvokes", usage.used(who, Quota.Metric.AGENT_INVOKES));
          json.writeNumberField("freeMessagesQuota", Plan.FREE.messages());
          json.writeNullField("estimatedMonthlyRevenue");
          json.writeBooleanField("convertedToPaid", isPaid);
          json.writeEndObject();
        });
  }

  private static CompletionStage<ApiResponse> answer(
      Identity who, int minutes, Problem.Fields fields) {
    return CompletableFuture.completedStage(
        Problem.ok(
            json -> {
              json.writeStringField("projectId", who.project());
              json.writeNumberField("windowMinutes", minutes);
              fields.to(json);
            }));
  }
}
