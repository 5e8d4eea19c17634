package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A read position that waits to be remembered. */
final class ReadMarkWrite extends Write<Void> {
  private final RoomId id;
  private final String userId;
  private final long seq;

  ReadMarkWrite(RoomId id, String userId, long seq) {
    super(id.toString());
    this.id = id;
    this.userId = userId;
    this.seq = seq;
  }

  @Override
  @Nullable Void run(Transaction transaction) throws SQLException {
    Session session = transaction.session();
    PeopleSql sql = transaction.sql().people;
    long room = transaction.rooms().get(session, id).key();
    boolean known = session.first(sql.read, row -> row.getLong(1), room, userId).isPresent();
    if (known) {
      session.update(sql.readOn, seq, room, userId, seq);
    } else {
      session.update(sql.addRead, room, userId, seq);
    }
    return null;
  }
}
