package io.fluxy.store.jdbc;

import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.SQLDialect;

/**
 * SQLite in WAL mode, synced before every acknowledgement. Several processes may share the file: a
 * transaction takes the write lock when it begins, so nothing it decides can be overtaken.
 */
class SqliteDatabase extends Database {
  private static final int BUSY_MS = 5_000;
  private static final int BUSY = 5;
  private static final int CONSTRAINT = 19;

  SqliteDatabase(String where, Connections connections) {
    super(where, SQLDialect.SQLITE, connections);
  }

  @Override
  String folder() {
    return "sqlite";
  }

  @Override
  Store.Durability durability() {
    return Store.Durability.POWER;
  }

  @Override
  FullText fullText() {
    return new Fts5Text();
  }

  @Override
  void set(Session session) throws SQLException {
    session.run("pragma busy_timeout = " + BUSY_MS);
    session.run("pragma page_size = 4096"); // of a new file
    String mode = first(session, "pragma journal_mode = wal");
    if (!mode.equals("wal")) {
      throw new StoreException(
          where()
              + ": needs a file that can be written ahead (WAL), but its journal mode is "
              + mode);
    }
    session.run("pragma synchronous = full");
    session.run("pragma wal_autocheckpoint = 10000"); // pages: fewer, larger checkpoints
    session.run("pragma cache_size = -32768"); // KiB
    session.run("pragma temp_store = memory");
    session.run("pragma trusted_schema = off");
    session.run("pragma secure_delete = on"); // what is erased is not left in free pages
  }

  private static String first(Session session, String sql) throws SQLException {
    return texts(session, sql).stream().findFirst().orElse("unknown");
  }

  @Override
  void begin(Session session) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        session.prepared("begin immediate").execute();
        return;
      } catch (SQLException e) {
        if ((e.getErrorCode() & 0xff) != BUSY || attempt == 2) {
          throw e;
        }
      }
    }
  }

  /**
   * A transaction that begins by reading may not write once somebody else has: its first word of
   * ours is one that takes the lock.
   */
  @Override
  void claim(Connection host) throws SQLException {
    try (Statement write = host.createStatement()) {
      write.executeUpdate("delete from fluxy_pending where 1 = 0");
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("SQLITE_BUSY_SNAPSHOT")) {
        throw new SQLException(
            where()
                + ": this transaction has read before somebody else wrote, so SQLite lets it write"
                + " nothing any more. Begin it with the message or another write, or put"
                + " transaction_mode=IMMEDIATE into the URL of the data source",
            e.getSQLState(),
            e.getErrorCode(),
            e);
      }
      throw e;
    }
  }

  @Override
  long foreignWrites(Session session) throws SQLException {
    return session.number("pragma data_version");
  }

  @Override
  void commit(Session session) throws SQLException {
    session.prepared("commit").execute();
  }

  @Override
  void rollback(Session session) throws SQLException {
    session.prepared("rollback").execute();
  }

  @Override
  boolean isConflict(SQLException e) {
    return (e.getErrorCode() & 0xff) == CONSTRAINT;
  }
}
