package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.store.OperatorStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reports and audits in a database: changes go to the writer, all else to the readers. */
final class JdbcOperators implements OperatorStore {
  private final OperatorSql sql;
  private final FigureSql figures;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcOperators(Statements sql, WriteQueue writes, ReadPool reads) {
    this.sql = sql.operators;
    this.figures = sql.figures;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<Void> count(String projectId, String month, String metric, long more) {
    return writes.add(
        new DirectWrite<Void>(
            projectId,
            transaction -> {
              Session session = transaction.session();
              if (session.update(figures.more, more, projectId, month, metric) == 0) {
                session.update(figures.first, projectId, month, metric, more);
              }
              return null;
            }));
  }

  @Override
  public CompletionStage<Map<String, Long>> counts(String projectId, @Nullable String month) {
    return reads.ask(
        projectId,
        session -> {
          Map<String, Long> counts = new HashMap<>();
          for (Map.Entry<String, Long> one :
              month == null
                  ? session.list(figures.ofAllMonths, JdbcOperators::counted, projectId)
                  : session.list(figures.ofMonth, JdbcOperators::counted, projectId, month)) {
            counts.put(one.getKey(), one.getValue());
          }
          return Map.copyOf(counts);
        });
  }

  private static Map.Entry<String, Long> counted(ResultSet row) throws SQLException {
    return Map.entry(row.getString(1), row.getLong(2));
  }

  @Override
  public CompletionStage<Long> rooms(String projectId) {
    return reads.ask(projectId, session -> session.number(figures.rooms, projectId));
  }

  @Override
  public CompletionStage<RoomFigures> room(RoomId id) {
    return reads.ask(
        id.toString(),
        session ->
            session
                .first(
                    figures.room,
                    row -> new RoomFigures(row.getLong(1), row.getLong(2)),
                    id.project(),
                    id.name())
                .orElse(new RoomFigures(0, 0)));
  }

  @Override
  public CompletionStage<Void> addReport(ReportRecord report) {
    return writes.add(
        new DirectWrite<Void>(
            report.projectId(),
            transaction -> {
              transaction
                  .session()
                  .update(
                      sql.addReport,
                      report.id(),
                      report.projectId(),
                      report.roomId(),
                      report.userId(),
                      report.messageId(),
                      report.reason(),
                      report.createdAtMs());
              return null;
            }));
  }

  @Override
  public CompletionStage<List<ReportRecord>> reports(String projectId, int max) {
    return reads.ask(
        projectId, session -> session.list(sql.reports, JdbcOperators::report, projectId, max));
  }

  private static ReportRecord report(ResultSet row) throws SQLException {
    long messageId = row.getLong(5);
    Long message = row.wasNull() ? null : (Long) messageId;
    return new ReportRecord(
        row.getString(2),
        row.getString(1),
        row.getString(3),
        row.getString(4),
        message,
        row.getString(6),
        row.getLong(7));
  }

  @Override
  public CompletionStage<Void> addAudit(AuditRecord audit) {
    return writes.add(
        new DirectWrite<Void>(
            audit.projectId(),
            transaction -> {
              transaction
                  .session()
                  .update(
                      sql.addAudit,
                      audit.id(),
                      audit.projectId(),
                      audit.actor(),
                      audit.actorRoles(),
                      audit.action(),
                      audit.targetType(),
                      audit.targetId(),
                      audit.traceId(),
                      audit.metadata(),
                      audit.createdAtMs());
              return null;
            }));
  }

  @Override
  public CompletionStage<List<AuditRecord>> audits(String projectId, int max) {
    return reads.ask(
        projectId, session -> session.list(sql.audits, JdbcOperators::audit, projectId, max));
  }

  private static AuditRecord audit(ResultSet row) throws SQLException {
    return new AuditRecord(
        row.getString(2),
        row.getString(1),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getLong(10));
  }
}
