package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.store.AttachmentRecord;
import io.fluxy.store.AttachmentStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Which files there are, in a database: changes go to the writer, all else to the readers. */
final class JdbcAttachments implements AttachmentStore {
  private final AttachmentSql sql;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcAttachments(Statements sql, WriteQueue writes, ReadPool reads) {
    this.sql = sql.attachments;
    this.writes = writes;
    this.reads = reads;
  }

  /** How much a project has. */
  private record Usage(long files, long bytes) {}

  @Override
  public CompletionStage<Boolean> add(AttachmentRecord file, long bytesMax, int filesMax) {
    return writes.add(
        new DirectWrite<>(
            file.room().toString(),
            transaction -> add(transaction.session(), file, bytesMax, filesMax)));
  }

  private boolean add(Session session, AttachmentRecord file, long bytesMax, int filesMax)
      throws SQLException {
    String project = file.room().project();
    Usage usage =
        session
            .first(sql.usage, row -> new Usage(row.getLong(1), row.getLong(2)), project)
            .orElse(new Usage(0, 0));
    if (usage.files() + 1 > filesMax || usage.bytes() + file.sizeBytes() > bytesMax) {
      return false;
    }
    session.update(
        sql.add,
        project,
        file.id(),
        file.room().name(),
        file.userId(),
        file.name(),
        file.contentType(),
        file.sizeBytes(),
        file.createdAtMs(),
        0L,
        0);
    return true;
  }

  @Override
  public CompletionStage<Optional<AttachmentRecord>> find(String projectId, String id) {
    return reads.ask(
        projectId, session -> session.first(sql.find, JdbcAttachments::file, projectId, id));
  }

  @Override
  public CompletionStage<List<AttachmentRecord>> of(String projectId, String userId, int max) {
    return reads.ask(
        projectId, session -> session.list(sql.of, JdbcAttachments::file, projectId, userId, max));
  }

  @Override
  public CompletionStage<Void> doom(String projectId, String userId) {
    return change(projectId, sql.doomUser, projectId, userId);
  }

  @Override
  public CompletionStage<Void> doomUnposted(long beforeMs) {
    return change("files", sql.doomUnposted, beforeMs);
  }

  @Override
  public CompletionStage<List<AttachmentRecord>> doomed(int max) {
    return reads.ask("files", session -> session.list(sql.doomed, JdbcAttachments::file, max));
  }

  @Override
  public CompletionStage<Void> forget(String projectId, String id) {
    return change(projectId, sql.forget, projectId, id);
  }

  private CompletionStage<Void> change(String subject, String statement, Object... binds) {
    return writes.add(
        new DirectWrite<Void>(
            subject,
            transaction -> {
              transaction.session().update(statement, binds);
              return null;
            }));
  }

  private static AttachmentRecord file(ResultSet row) throws SQLException {
    return new AttachmentRecord(
        new RoomId(row.getString(1), row.getString(3)),
        row.getString(2),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9));
  }
}
