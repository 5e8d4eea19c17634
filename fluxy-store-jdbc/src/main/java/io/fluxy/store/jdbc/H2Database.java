package io.fluxy.store.jdbc;

import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.sql.SQLException;
import org.jooq.SQLDialect;

/**
 * H2, which by itself acknowledges before it writes and never syncs (reliability catalogue, finding
 * 1): so every commit is written at once and synced by a checkpoint before we call it done.
 */
final class H2Database extends Database {
  private static final int IN_USE = 90020;

  private final Runnable release;

  H2Database(String where, Connections connections, Runnable release) {
    super(where, SQLDialect.H2, connections);
    this.release = release;
  }

  @Override
  String folder() {
    return "h2";
  }

  @Override
  Store.Durability durability() {
    return Store.Durability.POWER;
  }

  @Override
  void set(Session session) throws SQLException {
    session.run("set write_delay 0");
    session.run("set lock_timeout 10000");
  }

  @Override
  void commit(Session session) throws SQLException {
    super.commit(session);
    session.run("checkpoint sync");
  }

  @Override
  StoreException cannotOpen(SQLException e) {
    return e.getErrorCode() == IN_USE
        ? new StoreException(where() + ": another process has it open", e)
        : super.cannotOpen(e);
  }

  @Override
  void close() {
    release.run();
  }
}
