package io.fluxy.store.jdbc;

import io.fluxy.store.SearchQuery;
import java.sql.SQLException;
import java.util.List;

/**
 * How a database finds messages by their words. Its statements are constants with binds: jOOQ has
 * no words for them.
 */
interface FullText {
  /** Where a message that was found is. */
  record Place(RoomRow room, long seq) {}

  /** A message as its index should have it. */
  record Entry(RoomRow room, long seq, long atMs, String text) {}

  /** False if it looks at the log itself: then it has no index to bring up to date. */
  boolean hasIndex();

  /** Takes a message out of the index, if it is there. */
  void remove(Session session, long roomKey, long seq) throws SQLException;

  /** Adds a message that is not there. */
  void add(Session session, Entry entry) throws SQLException;

  /** Takes everything of a room out of the index. */
  void removeRoom(Session session, long roomKey) throws SQLException;

  /** Newest first. */
  List<Place> find(Session session, SearchQuery query) throws SQLException;
}
