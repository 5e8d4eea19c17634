package io.fluxy.store.jdbc;

import io.fluxy.store.ProjectRecord;
import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A project that waits to be added or replaced, keys included. */
final class ProjectWrite extends Write<Void> {
  private final ProjectRecord project;

  ProjectWrite(ProjectRecord project) {
    super(project.id());
    this.project = project;
  }

  @Override
  int rows() {
    return 2 + project.keys().size();
  }

  @Override
  @Nullable Void run(Transaction transaction) throws SQLException {
    Session session = transaction.session();
    DirectorySql sql = transaction.sql().directory;
    refuseForeignKeys(session, sql);
    int changed =
        session.update(
            sql.changeProject,
            project.name(),
            project.createdAtMs(),
            project.jwtSecret(),
            project.id());
    if (changed == 0) {
      session.update(
          sql.addProject, project.id(), project.name(), project.createdAtMs(), project.jwtSecret());
    }
    session.update(sql.removeKeys, project.id());
    int place = 0;
    for (ProjectRecord.KeyRecord key : project.keys()) {
      session.update(
          sql.addKey, key.hash(), project.id(), key.prefix(), key.createdAtMs(), place++);
    }
    session.update(sql.removeKeyEnds, project.id());
    for (ProjectRecord.KeyRecord key : project.keys()) {
      if (key.validUntilMs() != Long.MAX_VALUE) {
        session.update(sql.addKeyEnd, key.hash(), project.id(), key.validUntilMs());
      }
    }
    session.update(sql.removeState, project.id());
    if (project.plan() != null || project.previousSecret() != null) {
      session.update(
          sql.addState,
          project.id(),
          project.plan(),
          project.previousSecret(),
          project.previousUntilMs());
    }
    return null;
  }

  private void refuseForeignKeys(Session session, DirectorySql sql) throws SQLException {
    for (ProjectRecord.KeyRecord key : project.keys()) {
      Optional<String> owner = session.first(sql.keyOwner, row -> row.getString(1), key.hash());
      if (owner.isPresent() && !owner.get().equals(project.id())) {
        throw new StoreException(project.id() + ": an API key belongs to another project");
      }
    }
  }
}
