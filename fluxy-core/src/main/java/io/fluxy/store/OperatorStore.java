package io.fluxy.store;

import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Writes down what an operator has done; never changed afterwards, but for an erased reason. */
  CompletionStage<Void> addAudit(AuditRecord audit);

  /** What a project's operators have done, newest first. */
  CompletionStage<List<AuditRecord>> audits(String projectId, int max);

  /**
   * Counts what a project uses up.
   *
   * @param month such as {@code 2026-11}
   * @param metric what is counted, in a word
   */
  CompletionStage<Void> count(String projectId, String month, String metric, long more);

  /**
   * What was counted, by metric.
   *
   * @param month null for all months together
   */
  CompletionStage<Map<String, Long>> counts(String projectId, @Nullable String month);

  /** How many rooms a project has. */
  CompletionStage<Long> rooms(String projectId);

  /** What was said in a room; nothing in one that does not exist. */
  CompletionStage<RoomFigures> room(RoomId id);

  /**
   * What was said in a room.
   *
   * @param messages that are not deleted
   * @param authors of these
   */
  record RoomFigures(long messages, long authors) {}

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
      long createdAtMs) {
    /** The same without its text, if it has one. */
    public ReportRecord withoutReason() {
      return reason.isEmpty()
          ? this
          : new ReportRecord(projectId, id, roomId, userId, messageId, Message.ERASED, createdAtMs);
    }
  }

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
      long createdAtMs) {
    private static final Pattern REASON = Pattern.compile("\"reason\":\"(?:[^\"\\\\]|\\\\.)*+\"");

    /** Whether it was done by a user or about it. */
    public boolean names(String userId) {
      return actor.equals(userId) || (targetType.equals(USER) && targetId.equals(userId));
    }

    /** The same without the reason that was given, if one was. */
    public AuditRecord withoutReason() {
      String erased = "\"reason\":\"" + Message.ERASED + "\"";
      return new AuditRecord(
          projectId,
          id,
          actor,
          actorRoles,
          action,
          targetType,
          targetId,
          traceId,
          REASON.matcher(metadata).replaceAll(Matcher.quoteReplacement(erased)),
          createdAtMs);
    }
  }

  /** The target type of what is done about a user. */
  String USER = "user";
}
