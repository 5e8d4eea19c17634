package io.fluxy.store.jdbc;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import java.sql.SQLException;
import java.util.List;

/** Keeps answers and mentions in step with the log. Of the writer thread only. */
final class ThreadRows {
  private final Session session;
  private final ThreadSql sql;

  ThreadRows(Session session, ThreadSql sql) {
    this.session = session;
    this.sql = sql;
  }

  /** Whether a post has rows here; most have none. */
  static boolean concern(Message message) {
    return message.parentId() != null || !message.mentions().isEmpty();
  }

  void posted(RoomRow room, Message message) throws SQLException {
    String project = room.id().project();
    if (message.parentId() != null) {
      long parent = Message.seqOf(message.parentId());
      String author =
          session
              .first(sql.author, row -> row.getString(1), room.key(), parent)
              .orElse(message.userId());
      String readers = message.readers() == null ? null : message.readers().text();
      session.update(
          sql.addReply,
          room.key(),
          parent,
          message.seq(),
          project,
          message.userId(),
          author,
          message.createdAtMs(),
          readers);
    }
    for (String userId : message.mentions()) {
      session.update(
          sql.addMention, room.key(), message.seq(), userId, project, message.createdAtMs());
    }
  }

  void deleted(long room, long seq) throws SQLException {
    session.update(sql.removeReplies, room, seq - 1, seq + 1);
    session.update(sql.removeMentions, room, seq - 1, seq + 1);
  }

  /**
   * Text has left a stretch of the log.
   *
   * @param seqs the messages it has left, if they are still there
   */
  void purged(long room, Event.Purged purged, List<Long> seqs) throws SQLException {
    if (purged.userId() == null) {
      session.update(sql.removeReplies, room, purged.afterSeq(), purged.beforeSeq());
      session.update(sql.removeMentions, room, purged.afterSeq(), purged.beforeSeq());
      return;
    }
    for (long seq : seqs) {
      session.update(sql.removeMentions, room, seq - 1, seq + 1);
    }
  }
}
