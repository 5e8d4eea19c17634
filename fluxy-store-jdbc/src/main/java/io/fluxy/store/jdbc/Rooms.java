package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds rooms, deleted ones too, and remembers a bounded number of them: of what is remembered,
 * only the key is sure to be true, for names, types and ends change. Safe for use by many threads.
 */
final class Rooms {
  private static final int REMEMBERED_MAX = 50_000;

  private final String byId;
  private final ConcurrentHashMap<RoomId, RoomRow> remembered = new ConcurrentHashMap<>();

  Rooms(Statements sql) {
    byId = sql.directory.room;
  }

  Optional<RoomRow> find(Session session, RoomId id) throws SQLException {
    RoomRow row = remembered.get(id);
    if (row != null) {
      return Optional.of(row);
    }
    Optional<RoomRow> found = asItIs(session, id);
    found.ifPresent(this::remember);
    return found;
  }

  /** A room as it is now, if it is there. */
  Optional<RoomRow> living(Session session, RoomId id) throws SQLException {
    return asItIs(session, id).filter(RoomRow::lives);
  }

  private Optional<RoomRow> asItIs(Session session, RoomId id) throws SQLException {
    return session.first(byId, RoomRow::asItIs, id.project(), id.name());
  }

  RoomRow get(Session session, RoomId id) throws SQLException {
    return find(session, id)
        .filter(RoomRow::lives)
        .orElseThrow(() -> new StoreException(id + ": no such room"));
  }

  private void remember(RoomRow row) {
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear(); // rare, and cheaper than keeping an order
    }
    remembered.put(row.id(), row);
  }

  /** A room was changed or deleted. */
  void forget(RoomId id) {
    remembered.remove(id);
  }

  /** After a transaction that may have made rooms is gone. */
  void forget() {
    remembered.clear();
  }
}
