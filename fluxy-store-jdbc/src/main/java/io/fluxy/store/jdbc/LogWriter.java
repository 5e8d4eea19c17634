package io.fluxy.store.jdbc;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.StoreException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes events: collects the rows of a whole group, sends them as one batch, then does what
 * follows from them. Of the writer thread only.
 *
 * <p>It remembers heads so as not to ask for them; a head that another process has moved since
 * shows itself as a conflict.
 */
final class LogWriter {
  private static final int HEADS_MAX = 50_000;

  private final Session session;
  private final Statements sql;
  private final Map<Long, Long> heads = new HashMap<>();
  private final Consequences consequences;
  private int collected;

  LogWriter(Session session, Statements sql, Rooms rooms) {
    this.session = session;
    this.sql = sql;
    consequences = new Consequences(session, sql, rooms);
  }

  /**
   * Collects the events for {@link #flush}.
   *
   * @throws StoreException if they do not continue the room's log; then nothing was collected
   */
  void append(RoomRow room, List<Event.Durable> events) throws SQLException {
    check(room, events);
    PreparedStatement insert = session.prepared(sql.log.insert);
    for (Event.Durable event : events) {
      LogRow.of(event).bind(insert, room.key(), event.seq(), event.atMs());
      insert.addBatch();
      collected++;
      consequences.expect(room, event);
    }
    if (heads.size() >= HEADS_MAX) {
      heads.clear();
    }
    heads.put(room.key(), events.get(events.size() - 1).seq());
  }

  private void check(RoomRow room, List<Event.Durable> events) throws SQLException {
    if (events.isEmpty()) {
      throw new StoreException(room.id() + ": an append needs at least one event");
    }
    long first = events.get(0).seq();
    Long remembered = heads.get(room.key());
    long head = remembered == null || remembered + 1 != first ? head(room) : remembered;
    if (first <= head) {
      throw new SeqTakenException(room.id(), first);
    }
    for (Event.Durable event : events) {
      if (event.seq() != ++head) {
        throw new StoreException(
            room.id() + ": seq " + event.seq() + " offered, next free is " + head);
      }
    }
    if (head > Message.SEQ_MAX) {
      throw new StoreException(room.id() + ": the log is full at seq " + Message.SEQ_MAX);
    }
  }

  /** The highest seq in the log; what is collected does not count. */
  long head(RoomRow room) throws SQLException {
    flush();
    return session.number(sql.log.head, room.key());
  }

  /** Sends what is collected. */
  void flush() throws SQLException {
    if (collected > 0) {
      collected = 0;
      session.prepared(sql.log.insert).executeBatch();
    }
    consequences.apply();
  }

  /** Drops what is collected, and what was remembered of a transaction that is gone. */
  void forget() throws SQLException {
    session.prepared(sql.log.insert).clearBatch();
    collected = 0;
    consequences.forget();
    heads.clear();
  }
}
