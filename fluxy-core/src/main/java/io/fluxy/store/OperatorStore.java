package io.fluxy.store;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What operators have to see to, and what they have done.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface OperatorStore {
  /** Keeps a report. */
  CompletionStage<Void> addReport(ReportRecord report);

  /** Reports of a project, newest first. */
  CompletionStage<List<ReportRecord>> reports(String projectId, int max);

  /** Writes down what an operator has done; never changed afterwards. */
  CompletionStage<Void> addAudit(AuditRecord audit);

  /** What a project's operators have done, newest first. */
  CompletionStage<List<AuditRecord>> audits(String projectId, int max);

  /**
   * What a user has complained about.
   *
   * @param id unique
   * @param userId who complains
   * @param messageId null if it is about the room
   */
  record ReportRecord(
      String projectId,
      String id,
      String roomId,
      String userId,
      @Nullable Long messageId,
      String reason,
      long createdAtMs) {}

  /**
   * What an operator has done.
   *
   * @param id unique
   * @param actorRoles with commas
   * @param action such as {@code admin.mute}
   * @param metadata a JSON object
   */
  record AuditRecord(
      String projectId,
      String id,
      String actor,
      String actorRoles,
      String action,
      String targetType,
      String targetId,
      String traceId,
      String metadata,
      long createdAtMs) {}
}
