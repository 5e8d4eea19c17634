package io.fluxy.store.jdbc;

import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a group in one transaction: first all together, for that is fast; if any of them meets a
 * conflict, once more one by one behind savepoints, so that only the offender fails. Of the writer
 * thread only.
 */
final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int TRIES_MAX = 5;

  private final Database database;
  private final Statements sql;
  private final Rooms rooms;
  private @Nullable Transaction transaction;
  private long foreignWrites;

  /**
   * @param session the connection to begin with
   */
  GroupCommit(Database database, Statements sql, Rooms rooms, Session session) {
    this.database = database;
    this.sql = sql;
    this.rooms = rooms;
    transaction = new Transaction(session, sql, rooms);
  }

  /** Completes every stage of the group, one way or the other. */
  void commit(List<Write<?>> group) {
    if (database.writesInOrder()) {
      group.sort(Comparator.comparing(Write::subject)); // of one room they stay in their order
    }
    try {
      write(group);
    } catch (SQLException | RuntimeException | Error e) {
      log.warn("{}: a group of {} writes failed", database.where(), group.size(), e);
      disconnect();
      for (Write<?> write : group) {
        write.fail(
            new StoreException(
                write.subject() + ": perhaps not saved, for " + database.where() + " failed", e));
      }
      return;
    }
    for (Write<?> write : group) {
      write.complete();
    }
  }

  private void write(List<Write<?>> group) throws SQLException {
    for (int tries = 1; ; tries++) {
      Transaction open = connected();
      try {
        if (!together(open, group)) {
          oneByOne(open, group);
        }
        return;
      } catch (SQLException e) {
        if (!database.isUndone(e) || tries == TRIES_MAX) {
          throw e;
        }
        log.debug("{}: a group of {} writes is tried again", database.where(), group.size(), e);
        undo(open);
      }
    }
  }

  private Transaction connected() throws SQLException {
    Transaction open = transaction;
    if (open == null) {
      open = new Transaction(database.connect(), sql, rooms);
      transaction = open;
    }
    return open;
  }

  /** Lets go of the connection; what it has not committed is gone. */
  void disconnect() {
    Transaction open = transaction;
    transaction = null;
    rooms.forget();
    if (open != null) {
      open.session().close();
    }
  }

  /** A room that another process has deleted meanwhile must not be written to. */
  private void begin(Transaction open) throws SQLException {
    database.begin(open.session());
    long now = database.foreignWrites(open.session());
    if (now != foreignWrites) {
      foreignWrites = now;
      rooms.forget();
    }
  }

  private boolean together(Transaction open, List<Write<?>> group) throws SQLException {
    begin(open);
    try {
      for (Write<?> write : group) {
        write.attempt(open);
      }
      open.flush();
    } catch (SQLException e) {
      if (!database.isConflict(e)) {
        throw e;
      }
      undo(open);
      return false;
    } catch (RuntimeException e) {
      undo(open);
      return false;
    }
    database.commit(open.session());
    return true;
  }

  private void undo(Transaction open) throws SQLException {
    database.rollback(open.session());
    open.forget();
  }

  private void oneByOne(Transaction open, List<Write<?>> group) throws SQLException {
    begin(open);
    for (Write<?> write : group) {
      alone(open, write);
    }
    database.commit(open.session());
  }

  private void alone(Transaction open, Write<?> write) throws SQLException {
    for (int tries = 1; tries <= TRIES_MAX; tries++) {
      open.session().run("savepoint fluxy_write");
      try {
        write.attempt(open);
        open.flush();
        open.session().run("release savepoint fluxy_write");
        return;
      } catch (SQLException e) {
        if (!database.isConflict(e)) {
          throw e;
        }
        undoWrite(open);
        StoreException why = write.conflict(open, e);
        if (why != null) {
          write.decline(why);
          return;
        }
      } catch (RuntimeException e) {
        undoWrite(open);
        write.decline(new StoreException(write.subject() + ": cannot be written", e));
        return;
      }
    }
    write.decline(
        new StoreException(write.subject() + ": met " + TRIES_MAX + " conflicts, given up"));
  }

  private void undoWrite(Transaction open) throws SQLException {
    open.session().run("rollback to savepoint fluxy_write");
    open.session().run("release savepoint fluxy_write");
    open.forget();
  }
}
