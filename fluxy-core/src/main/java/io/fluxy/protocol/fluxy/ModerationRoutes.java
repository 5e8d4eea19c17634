package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Identity;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.User;
import io.fluxy.connection.RateLimit;
import io.fluxy.hook.WebhookType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.http.Routes;
import io.fluxy.protocol.Services;
import io.fluxy.store.OperatorStore;
import io.fluxy.wire.Json;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sanctions, reports, announcements, and the log of what operators did (contract 8). */
final class ModerationRoutes {
  private static final int REPORTS_PER_MINUTE = 10;
  private static final int REASON_CHARS_MAX = 500;
  private static final int LISTED_DEFAULT = 50;
  private static final User SYSTEM = new User("system", Set.of(Role.ADMIN));

  private final Services services;
  private final Authenticated authenticated;
  private final Operators operators;
  private final Rooms rooms;
  private final Audit audit;
  private final RateLimit reporting;

  private record Reporter(String project, String userId) {}

  ModerationRoutes(
      Services services,
      Authenticated authenticated,
      Operators operators,
      Rooms rooms,
      Audit audit) {
    this.services = services;
    this.authenticated = authenticated;
    this.operators = operators;
    this.rooms = rooms;
    this.audit = audit;
    this.reporting = new RateLimit(services.scheduler());
  }

  void addTo(Routes routes) {
    for (Sanction sanction : Sanction.values()) {
      if (!sanction.isForModerators()) {
        continue; // see BlockRoutes
      }
      authenticated.on(
          routes,
          "POST",
          "/admin/" + sanction.word(),
          (who, request, path) -> impose(who, request, sanction));
    }
    authenticated.on(routes, "POST", "/reports", (who, request, path) -> report(who, request));
    operators.on(routes, "GET", "/admin/reports", (who, req, path) -> reports(who, req));
    operators.on(routes, "GET", "/admin/audit/events", (who, req, path) -> audits(who, req));
    operators.on(routes, "POST", "/admin/announcement", (who, req, path) -> announce(who, req));
  }

  private static RoomId room(Identity who, Body body) {
    Problem invalid = new Problem(400, Problem.BAD_ROOM_ID);
    return Rooms.id(who, body.text("roomId").orElseThrow(() -> invalid), invalid);
  }

  /** The room decides who may: its moderators, and the project's owners and admins. */
  private CompletionStage<ApiResponse> impose(Identity who, ApiRequest request, Sanction sanction) {
    Body body = Body.of(request);
    RoomId id = room(who, body);
    String userId = body.text("userId").orElseThrow(() -> new Problem(400, "userId required"));
    long seconds = seconds(body);
    String reason = reason(body);
    return rooms
        .ask(who, id, new Command.Impose(userId, sanction, seconds, reason))
        .thenCompose(
            answer ->
                audit.done(
                    who,
                    request,
                    "admin." + sanction.word(),
                    new Audit.Target("user", userId),
                    json -> {
                      json.writeStringField("roomId", id.name());
                      if (seconds > 0) {
                        json.writeNumberField("durationSeconds", seconds);
                      }
                      if (!reason.isEmpty()) {
                        json.writeStringField("reason", reason);
                      }
                    },
                    imposed(answer)));
  }

  private static ApiResponse imposed(Answer answer) {
    boolean timed =
        answer instanceof Answer.Done done
            && done.event() instanceof Event.Imposed event
            && event.untilMs() != 0
            && event.untilMs() != Long.MAX_VALUE;
    return Problem.ok(
        json -> {
          json.writeBooleanField("ok", true);
          if (timed) {
            Event.Imposed event = (Event.Imposed) ((Answer.Done) answer).event();
            json.writeStringField("expiresAt", MessageJson.iso(event.untilMs()));
          }
        });
  }

  private static long seconds(Body body) {
    if (!body.has("durationSeconds")) {
      return 0;
    }
    return body.whole("durationSeconds")
        .filter(seconds -> seconds > 0)
        .orElseThrow(() -> new Problem(400, "durationSeconds must be a positive number"));
  }

  private static String reason(Body body) {
    String reason = body.text("reason").orElse("");
    if (reason.length() > REASON_CHARS_MAX) {
      throw new Problem(400, "reason has at most " + REASON_CHARS_MAX + " characters");
    }
    return reason;
  }

  /** Whoever may read a room may report it, or one of its messages. */
  private CompletionStage<ApiResponse> report(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    RoomId id = room(who, body);
    String reason = reason(body);
    Long messageId =
        body.has("messageId")
            ? body.whole("messageId")
                .orElseThrow(() -> new Problem(400, "messageId must be a number"))
            : null;
    reporting
        .take(new Reporter(who.project(), who.user().id()), REPORTS_PER_MINUTE)
        .ifPresent(
            seconds -> {
              throw Problem.rateLimited(seconds);
            });
    return rooms
        .look(who, id, room -> room.look(who.user()))
        .thenCompose(
            view -> {
              if (messageId != null && Message.roomNumberOf(messageId) != view.record().number()) {
                throw new Problem(404, "message not found");
              }
              return reported(who, id, messageId, reason);
            });
  }

  private CompletionStage<ApiResponse> reported(
      Identity who, RoomId id, @Nullable Long messageId, String reason) {
    String reportId =
        new UUID(services.scheduler().random(), services.scheduler().random()).toString();
    OperatorStore.ReportRecord report =
        new OperatorStore.ReportRecord(
            who.project(),
            reportId,
            id.name(),
            who.user().id(),
            messageId,
            reason,
            services.scheduler().nowMs());
    return services
        .operators()
        .addReport(report)
        .thenCompose(
            nothing ->
                services
                    .webhooks()
                    .tell(who.project(), WebhookType.REPORT_CREATED, id.name(), payload(report)))
        .thenApply(nothing -> Problem.ok(json -> json.writeBooleanField("ok", true)));
  }

  private static String payload(OperatorStore.ReportRecord report) {
    return Json.objectText(
        json -> {
          json.writeStringField("reportId", report.id());
          json.writeStringField("roomId", report.roomId());
          json.writeStringField("userId", report.userId());
          messageId(json, "messageId", report);
          json.writeStringField("reason", report.reason().isEmpty() ? null : report.reason());
        });
  }

  private static void messageId(JsonGenerator json, String name, OperatorStore.ReportRecord report)
      throws IOException {
    if (report.messageId() == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, report.messageId());
    }
  }

  private CompletionStage<ApiResponse> reports(Identity who, ApiRequest request) {
    return services
        .operators()
        .reports(who.project(), Operators.limit(request, LISTED_DEFAULT))
        .thenApply(
            reports ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("reports");
                      for (OperatorStore.ReportRecord report : reports) {
                        json.writeStartObject();
                        json.writeStringField("id", report.id());
                        json.writeStringField("project_id", report.projectId());
                        json.writeStringField("room_id", report.roomId());
                        json.writeStringField("user_id", report.userId());
                        json.writeStringField("action", "report");
                        messageId(json, "target_message_id", report);
                        json.writeStringField("reason", report.reason());
                        json.writeStringField("created_at", MessageJson.iso(report.createdAtMs()));
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                    }));
  }

  private CompletionStage<ApiResponse> audits(Identity who, ApiRequest request) {
    return services
        .operators()
        .audits(who.project(), Operators.limit(request, LISTED_DEFAULT))
        .thenApply(
            audits ->
                Problem.ok(
                    json -> {
                      json.writeArrayFieldStart("events");
                      for (OperatorStore.AuditRecord each : audits) {
                        json.writeStartObject();
                        json.writeStringField("id", each.id());
                        json.writeStringField("project_id", each.projectId());
                        json.writeStringField("actor_user_id", each.actor());
                        json.writeStringField("actor_roles", each.actorRoles());
                        json.writeStringField("action", each.action());
                        json.writeStringField("target_type", each.targetType());
                        json.writeStringField("target_id", each.targetId());
                        json.writeStringField("trace_id", each.traceId());
                        json.writeStringField("metadata_json", each.metadata());
                        json.writeStringField("created_at", MessageJson.iso(each.createdAtMs()));
                        json.writeEndObject();
                      }
                      json.writeEndArray();
                    }));
  }

  /** A message of the system: stored, numbered, and in the room's own order. */
  private CompletionStage<ApiResponse> announce(Identity who, ApiRequest request) {
    Body body = Body.of(request);
    RoomId id = room(who, body);
    String content =
        body.text("content").orElseThrow(() -> new Problem(400, "content must be a string"));
    return services
        .gate()
        .with(id, room -> room.submit(SYSTEM, new Command.Post(Draft.text(content))))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    failure.getCause() instanceof RefusedException refused
                        ? Problem.of(refused.refusal())
                        : failure))
        .thenCompose(
            answer -> {
              if (!(answer instanceof Answer.Done done)
                  || !(done.event() instanceof Event.Posted posted)) {
                throw answer instanceof Answer.Refused refused
                    ? Problem.of(refused.refusal())
                    : new Problem(500, "internal_error");
              }
              return audit.done(
                  who,
                  request,
                  "admin.announcement",
                  new Audit.Target("room", id.name()),
                  json -> json.writeNumberField("contentLength", content.length()),
                  Problem.ok(
                      json -> {
                        json.writeBooleanField("ok", true);
                        json.writeNumberField("messageId", posted.message().id());
                        json.writeNumberField("seq", posted.seq());
                      }));
            });
  }
}
