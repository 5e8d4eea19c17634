package io.fluxy.store.jdbc;

import java.sql.SQLException;

/**
 * What a write works with: one connection's session, with a transaction open. Of the writer thread
 * only.
 */
final class Transaction {
  private final Session session;
  private final Statements sql;
  private final Rooms rooms;
  private final LogWriter log;
  private final OutboxWriter outbox;

  Transaction(Session session, Statements sql, Rooms rooms) {
    this.session = session;
    this.sql = sql;
    this.rooms = rooms;
    log = new LogWriter(session, sql, rooms);
    outbox = new OutboxWriter(session, sql);
  }

  Session session() {
    return session;
  }

  Statements sql() {
    return sql;
  }

  Rooms rooms() {
    return rooms;
  }

  LogWriter log() {
    return log;
  }

  OutboxWriter outbox() {
    return outbox;
  }

  /** Sends what is still collected. */
  void flush() throws SQLException {
    log.flush();
    outbox.flush();
  }

  /** What was remembered of this transaction is not so. */
  void forget() throws SQLException {
    log.forget();
    outbox.forget();
    rooms.forget();
  }
}
