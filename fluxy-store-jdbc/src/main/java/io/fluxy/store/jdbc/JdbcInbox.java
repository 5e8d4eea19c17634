package io.fluxy.store.jdbc;

import io.fluxy.store.Inbox;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What concerns a user, from a database. */
final class JdbcInbox implements Inbox {
  private static final String MENTIONS =
      "select "
          + SearchScope.ROOM_COLUMNS
          + ", m.seq from fluxy_mention m join fluxy_room r on r.room_key = m.room_key"
          + " where m.project_id = ? and m.user_id = ?"
          + " order by m.at_ms desc, r.number desc, m.seq desc limit ?";
  private static final String THREADS =
      "select "
          + SearchScope.ROOM_COLUMNS
          + ", t.parent_seq from fluxy_room r join"
          + " (select room_key, parent_seq, max(at_ms) as last_ms from fluxy_reply"
          + " where project_id = ? and (user_id = ? or parent_user_id = ?)"
          + " group by room_key, parent_seq) t on t.room_key = r.room_key"
          + " order by t.last_ms desc, r.number desc, t.parent_seq desc limit ?";

  private static final String BLOCKED =
      "select distinct s.user_id from fluxy_member m"
          + " join fluxy_room r on r.room_key = m.room_key"
          + " join fluxy_sanction s on s.room_key = m.room_key"
          + " where r.project_id = ? and m.user_id = ? and s.user_id <> m.user_id and s.blocked = 1"
          + " order by s.user_id limit ?";

  private final ReadPool reads;

  JdbcInbox(ReadPool reads) {
    this.reads = reads;
  }

  @Override
  public CompletionStage<List<Place>> mentions(String projectId, String userId, int max) {
    return places(MENTIONS, projectId, userId, max);
  }

  @Override
  public CompletionStage<List<Place>> threads(String projectId, String userId, int max) {
    return places(THREADS, projectId, userId, userId, max);
  }

  @Override
  public CompletionStage<List<String>> blocked(String projectId, String userId, int max) {
    return reads.ask(
        projectId,
        session -> session.list(BLOCKED, row -> row.getString(1), projectId, userId, max));
  }

  private CompletionStage<List<Place>> places(String sql, Object... binds) {
    return reads.ask(
        String.valueOf(binds[0]),
        session ->
            session.list(sql, row -> new Place(RoomRow.of(row).record(), row.getLong(8)), binds));
  }
}
