package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Tables.EXPIRY;
import static io.fluxy.store.jdbc.Tables.LOG;
import static io.fluxy.store.jdbc.Tables.MEMBER;
import static io.fluxy.store.jdbc.Tables.MENTION;
import static io.fluxy.store.jdbc.Tables.NOTE;
import static io.fluxy.store.jdbc.Tables.PENDING;
import static io.fluxy.store.jdbc.Tables.REACTION;
import static io.fluxy.store.jdbc.Tables.READ;
import static io.fluxy.store.jdbc.Tables.REPLY;
import static io.fluxy.store.jdbc.Tables.RUN;
import static io.fluxy.store.jdbc.Tables.SANCTION;
import static io.fluxy.store.jdbc.Tables.STREAM;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;

/**
 * Takes what a room has said and kept out of the store. The room's own row stays, so that its id
 * and number are never used again, and so does the last row of its log, so that nobody who has not
 * heard of the end can write behind it.
 */
final class RoomEnd {
  private final List<String> removals;
  private final String logBefore;
  private final FullText text;

  RoomEnd(DSLContext jooq, FullText text) {
    this.text = text;
    removals =
        Stream.of(
                EXPIRY.roomKey,
                NOTE.roomKey,
                STREAM.roomKey,
                RUN.roomKey,
                REACTION.roomKey,
                MEMBER.roomKey,
                READ.roomKey,
                PENDING.roomKey,
                SANCTION.roomKey,
                REPLY.roomKey,
                MENTION.roomKey)
            .map(key -> removal(jooq, key))
            .toList();
    logBefore = jooq.render(jooq.deleteFrom(LOG).where(is(LOG.roomKey), LOG.seq.lt(bind(LOG.seq))));
  }

  private static String removal(DSLContext jooq, TableField<Record, Long> roomKey) {
    Table<Record> table = Objects.requireNonNull(roomKey.getTable());
    Field<Long> key = roomKey;
    return jooq.render(jooq.deleteFrom(table).where(is(key)));
  }

  /** Removes everything up to the event that ended the room. */
  void run(Session session, long roomKey, long lastSeq) throws SQLException {
    for (String removal : removals) {
      session.update(removal, roomKey);
    }
    text.removeRoom(session, roomKey);
    session.update(logBefore, roomKey, lastSeq);
  }
}
