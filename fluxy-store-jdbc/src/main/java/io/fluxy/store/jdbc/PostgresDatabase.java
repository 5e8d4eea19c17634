package io.fluxy.store.jdbc;

import io.fluxy.store.Store;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.jooq.SQLDialect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL, as its administrator has set it: whether commits are synced is looked at and told,
 * not changed. Several processes may share it, so rows are locked until the other commits.
 */
final class PostgresDatabase extends Database {
  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final long SCHEMA_LOCK = 0x666c757879L; // "fluxy"

  private final AtomicLong transactions = new AtomicLong();
  private volatile boolean synced = true;

  PostgresDatabase(String where, Connections connections) {
    super(where, SQLDialect.POSTGRES, connections);
  }

  @Override
  String folder() {
    return "postgresql";
  }

  @Override
  Store.Durability durability() {
    return synced ? Store.Durability.POWER : Store.Durability.PROCESS;
  }

  @Override
  FullText fullText() {
    return new TsvectorText();
  }

  @Override
  void set(Session session) throws SQLException {
    // As we need it, whatever the host's pool, the role or the server have as their default.
    session.connection().setReadOnly(false);
    session.run(
        "set session characteristics as transaction isolation level read committed, read write");
    boolean off =
        texts(session, "show synchronous_commit").contains("off")
            || texts(session, "show fsync").contains("off");
    if (off && synced) {
      log.warn(
          "{}: synchronous_commit or fsync is off, so a crash of the server loses messages that"
              + " were acknowledged",
          where());
    }
    synced = !off;
  }

  /** A deadlock, or a conflict that the server saw before we did: all of it is undone. */
  @Override
  boolean isUndone(SQLException e) {
    return "40P01".equals(e.getSQLState()) || "40001".equals(e.getSQLState());
  }

  /**
   * Two processes that write the same rooms in opposite orders would wait for one another: nobody
   * does if all write in the same order.
   */
  @Override
  boolean writesInOrder() {
    return true;
  }

  /** It can't tell: assume so. */
  @Override
  long foreignWrites(Session session) {
    return transactions.incrementAndGet();
  }

  @Override
  void lockSchema(Session session) throws SQLException {
    session.run("select pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
  }
}
