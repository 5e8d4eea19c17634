package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds rooms, and remembers a bounded number of them: a room's row never changes. Safe for use by
 * many threads.
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
    Optional<RoomRow> found = session.first(byId, RoomRow::of, id.project(), id.name());
    found.ifPresent(this::remember);
    return found;
  }

  RoomRow get(Session session, RoomId id) throws SQLException {
    return find(session, id).orElseThrow(() -> new StoreException(id + ": no such room"));
  }

  private void remember(RoomRow row) {
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear(); // rare, and cheaper than keeping an order
    }
    remembered.put(row.id(), row);
  }

  /** After a transaction that may have made rooms is gone. */
  void forget() {
    remembered.clear();
  }
}
