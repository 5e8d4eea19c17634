package io.fluxy.store.jdbc;

import io.fluxy.store.SearchQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks through the log itself with LIKE: for databases whose own full text we don't use. */
final class ScanText implements FullText {
  private static final String BEGIN =
      "select "
          + SearchScope.ROOM_COLUMNS
          + ", l.seq from fluxy_log l join fluxy_room r on r.room_key = l.room_key where ";
  private static final String ALIVE = " and l.kind = 1 and l.deleted_at is null";
  private static final String WORD = " and lower(coalesce(l.revised, l.body)) like ? escape '!'";
  private static final String NEWEST = " order by l.at_ms desc, l.room_key desc limit ?";

  @Override
  public boolean hasIndex() {
    return false;
  }

  @Override
  public void remove(Session session, long roomKey, long seq) {} // there is no index

  @Override
  public void add(Session session, Entry entry) {
    throw new IllegalStateException("there is no index");
  }

  @Override
  public void removeRoom(Session session, long roomKey) {
    // there is no index
  }

  @Override
  public List<Place> find(Session session, SearchQuery query) throws SQLException {
    SearchScope scope = SearchScope.of(query);
    List<Object> binds = new ArrayList<>(scope.binds());
    query.words().forEach(word -> binds.add(containing(word)));
    binds.add(query.max());
    String sql = BEGIN + scope.condition() + ALIVE + WORD.repeat(query.words().size()) + NEWEST;
    return session.list(sql, row -> new Place(RoomRow.of(row), row.getLong(8)), binds.toArray());
  }

  /** A pattern for text that has this in it, whatever signs it holds. */
  static String containing(String word) {
    return "%" + word.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
  }
}
