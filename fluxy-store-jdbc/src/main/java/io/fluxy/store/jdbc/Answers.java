package io.fluxy.store.jdbc;

import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Replies;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers of one user to one message that are for the same readers: how many, and the newest. */
record Answers(
    long parent, String userId, @Nullable Readers readers, int count, long seq, long atMs) {

  /** Those that one of the summaries of {@link ThreadSql} finds. */
  static List<Answers> list(Session session, String sql, Object... binds) throws SQLException {
    return session.list(sql, Answers::of, binds);
  }

  private static Answers of(ResultSet row) throws SQLException {
    String readers = row.getString(3);
    return new Answers(
        row.getLong(1),
        row.getString(2),
        readers == null ? null : Readers.of(readers),
        row.getInt(4),
        row.getLong(5),
        row.getLong(6));
  }

  /** The answers to a message that its own readers may read; null if there are none. */
  static @Nullable Replies to(Message parent, List<Answers> all) {
    List<Answers> its = new ArrayList<>();
    int count = 0;
    for (Answers some : all) {
      if (some.parent() == parent.seq() && Objects.equals(some.readers(), parent.readers())) {
        its.add(some);
        count += some.count();
      }
    }
    if (its.isEmpty()) {
      return null;
    }
    its.sort(Comparator.comparingLong(Answers::seq).reversed());
    List<String> users = its.stream().map(Answers::userId).limit(Replies.USERS_MAX).toList();
    return new Replies(count, its.get(0).atMs(), users);
  }
}
