package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a message that is being written says so far, waiting to be kept. */
final class CheckpointWrite extends Write<Void> {
  private final RoomId id;
  private final long seq;
  private final String content;

  CheckpointWrite(RoomId id, long seq, String content) {
    super(id.toString());
    this.id = id;
    this.seq = seq;
    this.content = content;
  }

  @Override
  @Nullable Void run(Transaction transaction) throws SQLException {
    transaction.log().flush(); // its beginning may be collected, or its end
    Session session = transaction.session();
    StreamSql sql = transaction.sql().streams;
    long room = transaction.rooms().get(session, id).key();
    if (session.update(sql.beat, room, seq) == 1) {
      session.update(sql.soFar, content, room, seq);
    }
    return null;
  }
}
