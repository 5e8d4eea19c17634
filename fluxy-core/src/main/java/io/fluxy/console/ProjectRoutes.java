package io.fluxy.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Plan;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Limits;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Services;
import io.fluxy.store.ProjectRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Which projects there are, and what one may use up and has. Making one and choosing its plan is
 * for operators of all projects; what a project's own owners may do as well is asked of FluxyChat.
 */
final class ProjectRoutes {
  private static final int LISTED_MAX = 200;
  private static final int NAME_CHARS_MAX = 256;

  private final Services services;
  private final Journal journal;

  ProjectRoutes(Services services, Journal journal) {
    this.services = services;
    this.journal = journal;
  }

  void addTo(Desk desk) {
    desk.on("GET", "projects", (who, request, path) -> list(who));
    desk.on("POST", "projects", (who, request, path) -> create(who, request));
    desk.onProject("GET", "", (who, project, request, path) -> show(project));
    desk.onProject("POST", "/plan", (who, project, request, path) -> plan(who, project, request));
  }

  private CompletionStage<ApiResponse> list(ConsoleOperator who) {
    return services
        .projects()
        .all(LISTED_MAX)
        .thenApply(
            all -> {
              List<ProjectRecord> own = all.stream().filter(each -> who.runs(each.id())).toList();
              return Declined.ok(
                  json -> {
                    json.writeArrayFieldStart("projects");
                    for (ProjectRecord project : own) {
                      json.writeStartObject();
                      json.writeStringField("id", project.id());
                      json.writeStringField("name", project.name());
                      json.writeNumberField("createdAt", project.createdAtMs());
                      json.writeEndObject();
                    }
                    json.writeEndArray();
                  });
            });
  }

  private CompletionStage<ApiResponse> create(ConsoleOperator who, ApiRequest request) {
    if (!who.runsAll()) {
      throw new Declined(403, "only operators of all projects make new ones");
    }
    String name = Form.of(request).text("name", NAME_CHARS_MAX);
    return services
        .projects()
        .create(name)
        .thenCompose(
            made ->
                journal.done(
                    who,
                    made.project().id(),
                    "project.create",
                    "project",
                    made.project().id(),
                    json -> {},
                    Declined.ok(
                        json -> {
                          json.writeStringField("id", made.project().id());
                          json.writeStringField("apiKey", made.key().text());
                        })));
  }

  private CompletionStage<ApiResponse> plan(
      ConsoleOperator who, ProjectRecord project, ApiRequest request) {
    if (!who.runsAll()) {
      throw new Declined(403, "only operators of all projects choose plans");
    }
    String word = Form.of(request).text("plan", NAME_CHARS_MAX);
    Plan plan =
        Plan.of(word)
            .orElseThrow(
                () -> new Declined(400, "a plan is one of free, starter, pro, team, growth"));
    return services
        .projects()
        .change(project.id(), before -> before.on(plan.word()))
        .thenCompose(
            changed ->
                journal.done(
                    who,
                    project.id(),
                    "project.plan",
                    "project",
                    project.id(),
                    json -> json.writeStringField("plan", plan.word()),
                    Declined.ok(json -> json.writeBooleanField("ok", true))));
  }

  private CompletionStage<ApiResponse> show(ProjectRecord project) {
    return services
        .gate()
        .quota()
        .known(project.id())
        .thenApply(known -> Declined.ok(json -> show(json, project)));
  }

  private void show(JsonGenerator json, ProjectRecord project) throws IOException {
    long nowMs = services.scheduler().nowMs();
    json.writeStringField("id", project.id());
    json.writeStringField("name", project.name());
    json.writeNumberField("createdAt", project.createdAtMs());
    json.writeStringField("plan", project.plan());
    json.writeBooleanField(
        "previousSecretIsGood",
        project.previousSecret() != null && project.previousUntilMs() > nowMs);
    json.writeNumberField("previousSecretUntil", project.previousUntilMs());
    json.writeArrayFieldStart("keys");
    for (ProjectRecord.KeyRecord key : project.keys()) {
      if (key.validUntilMs() > nowMs) {
        json.writeStartObject();
        json.writeStringField("prefix", key.prefix());
        json.writeNumberField("createdAt", key.createdAtMs());
        json.writeFieldName("validUntil");
        if (key.validUntilMs() == Long.MAX_VALUE) {
          json.writeNull();
        } else {
          json.writeNumber(key.validUntilMs());
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    Limits limits = services.projects().limits(project.id());
    json.writeArrayFieldStart("usage");
    usage(json, project, Quota.Metric.MESSAGES, limits.messagesPerMonth());
    usage(json, project, Quota.Metric.AGENT_INVOKES, limits.data().agentInvokesPerMonth());
    usage(
        json, project, Quota.Metric.WEBHOOK_DELIVERIES, limits.data().webhookDeliveriesPerMonth());
    json.writeEndArray();
  }

  /** A maximum of 0 is none. */
  private void usage(JsonGenerator json, ProjectRecord project, Quota.Metric metric, long max)
      throws IOException {
    Quota.Usage usage = services.gate().quota().usage(project.id(), metric);
    json.writeStartObject();
    json.writeStringField("metric", metric.word());
    json.writeNumberField("used", usage.used());
    json.writeNumberField("max", max);
    json.writeStringField("month", usage.month());
    json.writeEndObject();
  }
}
