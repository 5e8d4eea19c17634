package io.fluxy.store.jdbc;

import io.fluxy.store.SearchQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** PostgreSQL's tsvector, in a table of its own with a GIN index, so that appends never meet it. */
final class TsvectorText implements FullText {
  private static final String REMOVE = "delete from fluxy_search where room_key = ? and seq = ?";
  private static final String REMOVE_ROOM = "delete from fluxy_search where room_key = ?";
  private static final String REMOVE_MARK = "delete from fluxy_search_mark where room_key = ?";
  private static final String ADD =
      "insert into fluxy_search (room_key, seq, at_ms, words)"
          + " values (?, ?, ?, to_tsvector('simple', ?))";
  private static final String FIND =
      "select "
          + SearchScope.ROOM_COLUMNS
          + ", s.seq from fluxy_search s join fluxy_room r on r.room_key = s.room_key"
          + " where s.words @@ to_tsquery('simple', ?) and ";
  private static final String NEWEST = " order by s.at_ms desc, s.room_key desc limit ?";

  @Override
  public boolean hasIndex() {
    return true;
  }

  @Override
  public void remove(Session session, long roomKey, long seq) throws SQLException {
    session.update(REMOVE, roomKey, seq);
  }

  @Override
  public void add(Session session, Entry entry) throws SQLException {
    session.update(ADD, entry.room().key(), entry.seq(), entry.atMs(), entry.text());
  }

  @Override
  public void removeRoom(Session session, long roomKey) throws SQLException {
    session.update(REMOVE_ROOM, roomKey);
    session.update(REMOVE_MARK, roomKey);
  }

  @Override
  public List<Place> find(Session session, SearchQuery query) throws SQLException {
    SearchScope scope = SearchScope.of(query);
    List<Object> binds = new ArrayList<>();
    binds.add(
        query.words().stream().map(word -> "'" + word + "':*").collect(Collectors.joining(" & ")));
    binds.addAll(scope.binds());
    binds.add(query.max());
    return session.list(
        FIND + scope.condition() + NEWEST,
        row -> new Place(RoomRow.of(row), row.getLong(8)),
        binds.toArray());
  }
}
