package io.fluxy.store.jdbc;

import io.fluxy.store.SearchQuery;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * SQLite's FTS5. Rows are numbered by time, so the newest hits are found first and the rest is
 * never looked at. The words of all projects are in one index: a word for the project, which nobody
 * can type, keeps them apart.
 */
final class Fts5Text implements FullText {
  private static final int ROOM_BITS = 21;
  private static final String ID = "select id from fluxy_search_row where room_key = ? and seq = ?";
  private static final String IS_TAKEN = "select count(*) from fluxy_search_row where id = ?";
  private static final String REMOVE_WORDS = "delete from fluxy_search where rowid = ?";
  private static final String REMOVE_ROW = "delete from fluxy_search_row where id = ?";
  private static final String REMOVE_WORDS_OF_ROOM =
      "delete from fluxy_search where rowid in"
          + " (select id from fluxy_search_row where room_key = ?)";
  private static final String REMOVE_ROWS_OF_ROOM =
      "delete from fluxy_search_row where room_key = ?";
  private static final String REMOVE_MARK = "delete from fluxy_search_mark where room_key = ?";
  private static final String ADD_WORDS =
      "insert into fluxy_search (rowid, words, scope) values (?, ?, ?)";
  private static final String ADD_ROW =
      "insert into fluxy_search_row (id, room_key, seq) values (?, ?, ?)";
  private static final String FIND =
      "select "
          + SearchScope.ROOM_COLUMNS
          + ", w.seq from fluxy_search s cross join fluxy_search_row w on w.id = s.rowid"
          + " cross join fluxy_room r on r.room_key = w.room_key"
          + " where fluxy_search match ? and ";
  private static final String NEWEST = " order by s.rowid desc limit ?";

  @Override
  public boolean hasIndex() {
    return true;
  }

  @Override
  public void remove(Session session, long roomKey, long seq) throws SQLException {
    for (long id : session.list(ID, row -> row.getLong(1), roomKey, seq)) {
      session.update(REMOVE_WORDS, id);
      session.update(REMOVE_ROW, id);
    }
  }

  @Override
  public void add(Session session, Entry entry) throws SQLException {
    RoomRow room = entry.room();
    long id = entry.atMs() << ROOM_BITS | (room.key() & ((1 << ROOM_BITS) - 1));
    while (session.number(IS_TAKEN, id) > 0) {
      id++; // by a room whose key ends alike, in the same millisecond
    }
    session.update(ADD_ROW, id, room.key(), entry.seq());
    session.update(
        ADD_WORDS, id, entry.text(), project(room.id().project()) + " " + room(room.key()));
  }

  @Override
  public void removeRoom(Session session, long roomKey) throws SQLException {
    session.update(REMOVE_WORDS_OF_ROOM, roomKey);
    session.update(REMOVE_ROWS_OF_ROOM, roomKey);
    session.update(REMOVE_MARK, roomKey);
  }

  @Override
  public List<Place> find(Session session, SearchQuery query) throws SQLException {
    SearchScope scope = SearchScope.of(query);
    List<Object> binds = new ArrayList<>();
    binds.add(match(query));
    binds.addAll(scope.binds());
    binds.add(query.max());
    return session.list(
        FIND + scope.condition() + NEWEST,
        row -> new Place(RoomRow.of(row), row.getLong(8)),
        binds.toArray());
  }

  /** Words are letters and digits, so quotes hold them safely. */
  private static String match(SearchQuery query) {
    StringBuilder match = new StringBuilder("scope : ").append(project(query.projectId()));
    for (String word : query.words()) {
      match.append(" and words : \"").append(word).append('"');
      if (word.codePointCount(0, word.length()) > 1) {
        match.append('*'); // whatever begins with a single letter would be half the index
      }
    }
    return match.toString().replace(" and ", " AND ");
  }

  private static String project(String id) {
    return "p" + HexFormat.of().formatHex(id.getBytes(StandardCharsets.UTF_8));
  }

  private static String room(long key) {
    return "r" + key;
  }
}
