package io.fluxy.store.jdbc;

import io.fluxy.chat.Event;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a purge takes out beside the text of messages: the JSON of tools and runs, the reasons of
 * sanctions, and what is still being written. Of the writer thread only.
 */
final class Redaction {
  private static final String STRETCH = " where room_key = ? and seq > ? and seq < ?";
  private static final String OF_USER = " and user_id = ?";
  private static final String TOLD =
      "update fluxy_log set body = ?" + STRETCH + " and kind in (9, 10)";
  private static final String RUNS = "select extra from fluxy_log" + STRETCH + " and kind = 10";
  private static final String RUN =
      "update fluxy_run set body = ? where room_key = ? and run_id = ?";
  private static final String SANCTIONS =
      "select seq, at_ms, user_id, body, extra from fluxy_log" + STRETCH + " and kind = 20";
  private static final String OF_BOTH = " and (user_id = ? or body = ?)"; // by whom, against whom
  private static final String EXTRA =
      "update fluxy_log set extra = ? where room_key = ? and seq = ?";

  private final Session session;
  private final StreamSql streams;
  private final long room;
  private final Event.Purged purged;

  Redaction(Session session, StreamSql streams, long room, Event.Purged purged) {
    this.session = session;
    this.streams = streams;
    this.room = room;
    this.purged = purged;
  }

  /**
   * Does it.
   *
   * @param posted the messages that are purged
   */
  void run(List<Long> posted) throws SQLException {
    for (String runId : session.list(of(RUNS, OF_USER), row -> runId(row.getString(1)), binds(1))) {
      session.update(RUN, Event.Purged.ERASED_JSON, room, runId);
    }
    List<Object> told = new ArrayList<>(List.of(Event.Purged.ERASED_JSON));
    told.addAll(List.of(binds(1)));
    session.update(of(TOLD, OF_USER), told.toArray());
    for (Event.Imposed imposed :
        session.list(
            of(SANCTIONS, OF_BOTH),
            row ->
                Extra.of(row.getString(5))
                    .sanction(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4)),
            binds(2))) {
      Event.Imposed left = (Event.Imposed) purged.redacted(imposed);
      session.update(EXTRA, Extra.sanction(left), room, left.seq());
    }
    Set<Long> gone = new HashSet<>(posted);
    for (long seq : session.list(streams.open, row -> row.getLong(1), room)) {
      if (gone.contains(seq)) {
        session.update(streams.end, room, seq);
      }
    }
  }

  private String of(String sql, String user) {
    return purged.userId() == null ? sql : sql + user;
  }

  private Object[] binds(int users) {
    List<Object> binds = new ArrayList<>(List.of(room, purged.afterSeq(), purged.beforeSeq()));
    for (int i = 0; i < users && purged.userId() != null; i++) {
      binds.add(purged.userId());
    }
    return binds.toArray();
  }

  private static String runId(String extra) throws SQLException {
    return Extra.of(extra).run(0, 0, "", "", null).runId();
  }
}
