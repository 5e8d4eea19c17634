package io.fluxy.console;

import io.fluxy.store.OperatorStore;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Json;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes into a project's audit log what an operator has done by the console. */
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private final OperatorStore store;
  private final Scheduler scheduler;

  Journal(OperatorStore store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
  }

  /** The name of an operator in audit logs; no user's id has a colon. */
  static String actor(ConsoleOperator operator) {
    return "console:" + operator.name();
  }

  /**
   * Writes it down and passes the answer on. What can't be written is logged, and does not undo
   * what has been done.
   *
   * @param details writes the fields of an object
   */
  <T> CompletionStage<T> done(
      ConsoleOperator operator,
      String project,
      String action,
      String targetType,
      String targetId,
      Json.Writing details,
      T answer) {
    return store
        .addAudit(
            new OperatorStore.AuditRecord(
                project,
                new UUID(scheduler.random(), scheduler.random()).toString(),
                actor(operator),
                "operator",
                action,
                targetType,
                targetId,
                "",
                Json.objectText(details),
                scheduler.nowMs()))
        .handle(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.error("{}: {} was done, but could not be audited", project, action, failure);
              }
              return answer;
            });
  }
}
