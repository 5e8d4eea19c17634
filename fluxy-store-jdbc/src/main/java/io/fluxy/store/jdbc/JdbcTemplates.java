package io.fluxy.store.jdbc;

import io.fluxy.store.TemplateRecord;
import io.fluxy.store.Templates;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Templates in a database: changes go to the writer, all else to the readers. */
final class JdbcTemplates implements Templates {
  private final TemplateSql sql;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcTemplates(Statements sql, WriteQueue writes, ReadPool reads) {
    this.sql = sql.templates;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<List<TemplateRecord>> list(String projectId, int max) {
    return reads.ask(
        projectId, session -> session.list(sql.list, JdbcTemplates::template, projectId, max));
  }

  @Override
  public CompletionStage<Optional<TemplateRecord>> find(String projectId, String id) {
    return reads.ask(
        projectId, session -> session.first(sql.find, JdbcTemplates::template, projectId, id));
  }

  @Override
  public CompletionStage<Saved> save(String projectId, TemplateRecord template, int max) {
    return writes.add(new Save(projectId, template, max));
  }

  @Override
  public CompletionStage<Boolean> remove(String projectId, String id) {
    return writes.add(new Remove(projectId, id));
  }

  private static TemplateRecord template(ResultSet row) throws SQLException {
    return new TemplateRecord(
        row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5));
  }

  /** A template that waits to be added or replaced. */
  private static final class Save extends Write<Saved> {
    private final String projectId;
    private final TemplateRecord template;
    private final int max;

    Save(String projectId, TemplateRecord template, int max) {
      super(projectId);
      this.projectId = projectId;
      this.template = template;
      this.max = max;
    }

    @Override
    Saved run(Transaction transaction) throws SQLException {
      Session session = transaction.session();
      TemplateSql sql = transaction.sql().templates;
      String id = template.id();
      Optional<String> named =
          session.first(sql.named, row -> row.getString(1), projectId, template.name());
      if (named.isPresent() && !named.get().equals(id)) {
        return Saved.NAME_TAKEN;
      }
      int changed =
          session.update(
              sql.change, template.name(), template.body(), template.updatedAtMs(), projectId, id);
      if (changed > 0) {
        return Saved.SAVED;
      } else if (session.number(sql.count, projectId) >= max) {
        return Saved.FULL;
      }
      session.update(
          sql.add,
          projectId,
          id,
          template.name(),
          template.body(),
          template.createdAtMs(),
          template.updatedAtMs());
      return Saved.SAVED;
    }
  }

  /** A template that waits to be removed. */
  private static final class Remove extends Write<Boolean> {
    private final String projectId;
    private final String id;

    Remove(String projectId, String id) {
      super(projectId);
      this.projectId = projectId;
      this.id = id;
    }

    @Override
    Boolean run(Transaction transaction) throws SQLException {
      return transaction.session().update(transaction.sql().templates.remove, projectId, id) > 0;
    }
  }
}
