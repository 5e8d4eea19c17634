package io.fluxy.store.jdbc;

import io.fluxy.chat.Message;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stretch of the log that waits to be taken into the search index. */
final class IndexWrite extends Write<Void> {
  private static final int ROWS_MAX = 256;
  private static final String BEHIND =
      "select "
          + SearchScope.ROOM_COLUMNS
          + ", coalesce(i.seq, 0) from fluxy_room r"
          + " left join fluxy_search_mark i on i.room_key = r.room_key where "
          + "(select max(l.seq) from fluxy_log l where l.room_key = r.room_key)"
          + " > coalesce(i.seq, 0) and ";
  private static final String SOME = " limit ?";
  private static final String STRETCH =
      "select seq, kind, at_ms, coalesce(revised, body), deleted_at, target_seq from fluxy_log"
          + " where room_key = ? and seq > ? order by room_key, seq limit ?";
  private static final String MESSAGE =
      "select seq, kind, at_ms, coalesce(revised, body), deleted_at, target_seq from fluxy_log"
          + " where room_key = ? and seq = ?";
  private static final String MOVE_MARK = "update fluxy_search_mark set seq = ? where room_key = ?";
  private static final String ADD_MARK =
      "insert into fluxy_search_mark (seq, room_key) values (?, ?)";

  private final SearchScope scope;
  private final FullText text;

  /** A room and up to where the index has it. */
  private record Behind(RoomRow room, long seq) {}

  /** A row of the log: for a post, the message as it stands. */
  private record Row(
      long seq, short kind, long atMs, @Nullable String text, boolean deleted, long target) {
    static Row of(ResultSet row) throws SQLException {
      row.getLong(5);
      boolean deleted = !row.wasNull();
      return new Row(
          row.getLong(1),
          row.getShort(2),
          row.getLong(3),
          row.getString(4),
          deleted,
          row.getLong(6));
    }

    /** Whether it says something about the text of a message that was there before. */
    boolean changes() {
      return kind == LogRow.EDITED
          || kind == LogRow.DELETED
          || kind == LogRow.ERASED
          || kind == LogRow.EXPIRED;
    }
  }

  IndexWrite(String subject, SearchScope scope, FullText text) {
    super(subject);
    this.scope = scope;
    this.text = text;
  }

  /** Whether the index lacks something of these rooms. */
  static boolean isBehind(Session session, SearchScope scope) throws SQLException {
    return !behind(session, scope, 1).isEmpty();
  }

  private static List<Behind> behind(Session session, SearchScope scope, int max)
      throws SQLException {
    List<Object> binds = new ArrayList<>(scope.binds());
    binds.add(max);
    return session.list(
        BEHIND + scope.condition() + SOME,
        row -> new Behind(RoomRow.of(row), row.getLong(8)),
        binds.toArray());
  }

  @Override
  int rows() {
    return ROWS_MAX;
  }

  @Override
  @Nullable Void run(Transaction transaction) throws SQLException {
    transaction.flush();
    Session session = transaction.session();
    int left = ROWS_MAX;
    for (Behind behind : behind(session, scope, ROWS_MAX)) {
      List<Row> rows = session.list(STRETCH, Row::of, behind.room().key(), behind.seq(), left);
      index(session, behind.room(), rows);
      if (!rows.isEmpty()) {
        mark(session, behind.room(), rows.get(rows.size() - 1).seq());
      }
      left -= rows.size();
      if (left <= 0) {
        break;
      }
    }
    return null;
  }

  private void index(Session session, RoomRow room, List<Row> rows) throws SQLException {
    Set<Long> changed = new LinkedHashSet<>();
    for (Row row : rows) {
      if (row.kind() == LogRow.POSTED) {
        add(session, room, row);
      } else if (row.changes()) {
        changed.add(row.target());
      }
    }
    for (long seq : changed) {
      text.remove(session, room.key(), seq);
      for (Row message : session.list(MESSAGE, Row::of, room.key(), seq)) {
        add(session, room, message);
      }
    }
  }

  private void add(Session session, RoomRow room, Row message) throws SQLException {
    if (message.kind() == LogRow.POSTED
        && !message.deleted()
        && message.text() != null
        && !message.text().equals(Message.ERASED)) {
      text.add(session, new FullText.Entry(room, message.seq(), message.atMs(), message.text()));
    }
  }

  private static void mark(Session session, RoomRow room, long seq) throws SQLException {
    if (session.update(MOVE_MARK, seq, room.key()) == 0) {
      session.update(ADD_MARK, seq, room.key());
    }
  }
}
