package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Role;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Services;
import io.fluxy.store.OperatorStore;
import io.fluxy.wire.Json;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what operators have done, before they are told that it is done. */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  private final Services services;
  private final Caller caller;

  Audit(Services services, Caller caller) {
    this.services = services;
    this.caller = caller;
  }

  /** What is acted on, in the words of the audit log. */
  record Target(String type, String id) {}

  /**
   * Writes it down and passes the answer on. An audit that can't be written is logged, and does not
   * undo what has been done.
   */
  CompletionStage<ApiResponse> done(
      Identity who,
      ApiRequest request,
      String action,
      Target target,
      Problem.Fields metadata,
      ApiResponse answer) {
    String details = Json.objectText(metadata::to);
    OperatorStore.AuditRecord record =
        new OperatorStore.AuditRecord(
            who.project(),
            newId(),
            caller.actor(request, who),
            who.user().roles().stream().map(Role::word).sorted().collect(Collectors.joining(",")),
            action,
            target.type(),
            target.id(),
            request.header("X-Trace-Id").filter(Problem::isTraceId).orElse(""),
            details,
            services.scheduler().nowMs());
    return services
        .operators()
        .addAudit(record)
        .handle(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.error(
                    "{}: {} was done, but could not be audited", who.project(), action, failure);
              }
              return answer;
            });
  }

  private String newId() {
    return new UUID(services.scheduler().random(), services.scheduler().random()).toString();
  }
}
