package io.fluxy.store.jdbc;

import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.SQLDialect;

/**
 * A database and what is its own: where it is, how it is set, how it begins and commits. Safe for
 * use by many threads; sessions are not.
 */
abstract class Database {
  private final String where;
  private final SQLDialect dialect;
  private final Connections connections;

  /** Gives new connections: a driver, or the host's pool. */
  @FunctionalInterface
  interface Connections {
    Connection open() throws SQLException;
  }

  /**
   * @param where names it in messages, such as "SQLite file /var/chat.db"
   */
  Database(String where, SQLDialect dialect, Connections connections) {
    this.where = where;
    this.dialect = dialect;
    this.connections = connections;
  }

  final String where() {
    return where;
  }

  final SQLDialect dialect() {
    return dialect;
  }

  /** The folder of its migrations. */
  abstract String folder();

  abstract Store.Durability durability();

  /** A connection with all settings in force. */
  final Session connect() throws SQLException {
    Session session = new Session(connections.open());
    try {
      session.connection().setAutoCommit(true);
      set(session);
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Puts the settings in force that durability rests on, and proves it. */
  abstract void set(Session session) throws SQLException;

  /** Begins a transaction that writes. */
  void begin(Session session) throws SQLException {
    session.connection().setAutoCommit(false);
  }

  /**
   * Takes what a host's transaction needs to write, before it looks at anything of ours.
   *
   * @throws SQLException that says what to do, if it can't be had
   */
  void claim(Connection host) throws SQLException {}

  /**
   * A number that changes when another process has written. Asked once per transaction, when it has
   * begun. Where a file is ours alone it never does.
   */
  long foreignWrites(Session session) throws SQLException {
    return 0;
  }

  /** Ends it; when this returns, it would survive what {@link #durability()} promises. */
  void commit(Session session) throws SQLException {
    session.connection().commit();
    session.connection().setAutoCommit(true);
  }

  void rollback(Session session) throws SQLException {
    session.connection().rollback();
    session.connection().setAutoCommit(true);
  }

  /** Keeps others from migrating until the transaction ends. */
  void lockSchema(Session session) throws SQLException {}

  /** True if a primary key or a unique constraint said no. */
  boolean isConflict(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("23");
  }

  /** True if the server has undone the whole transaction and it may be tried again. */
  boolean isUndone(SQLException e) {
    return false;
  }

  /** True if a group is to be written in the order of rooms. */
  boolean writesInOrder() {
    return false;
  }

  /** How it finds messages by their words. */
  FullText fullText() {
    return new ScanText();
  }

  /** Lets go of what is not a connection. */
  void close() {}

  /** The first column of all rows, as text: for settings. */
  static List<String> texts(Session session, String sql) throws SQLException {
    return new ArrayList<>(session.list(sql, row -> row.getString(1)));
  }

  /** What to tell when the first connection fails. */
  StoreException cannotOpen(SQLException e) {
    return new StoreException(where + ": cannot be opened", e);
  }
}
