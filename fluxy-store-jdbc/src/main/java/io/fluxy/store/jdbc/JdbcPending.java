package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.store.Pending;
import io.fluxy.store.PendingPost;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pending posts in a database: hosts write them on connections of their own. */
final class JdbcPending implements Pending {
  private static final Logger log = LoggerFactory.getLogger(JdbcPending.class);
  private static final String SUBJECT = "pending posts";

  private final PendingSql sql;
  private final String roomById;
  private final WriteQueue writes;
  private final ReadPool reads;
  private final AtomicLong lastPlace = new AtomicLong();
  private volatile Runnable look = () -> {};

  /** A row as it was read: a post, or none of ours. */
  private record Row(String id, @Nullable PendingPost post) {}

  JdbcPending(Statements sql, WriteQueue writes, ReadPool reads) {
    this.sql = sql.pending;
    roomById = sql.directory.room;
    this.writes = writes;
    this.reads = reads;
  }

  // On the host's connection.

  /** The key of a room that is there. */
  long roomKey(Connection connection, RoomId id) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(roomById)) {
      find.setString(1, id.project());
      find.setString(2, id.name());
      try (ResultSet row = find.executeQuery()) {
        RoomRow room = row.next() ? RoomRow.asItIs(row) : null;
        if (room == null || room.deleted()) {
          throw new IllegalArgumentException(id + ": no such room");
        }
        return room.key();
      }
    }
  }

  String newId() {
    return "tx-" + UUID.randomUUID();
  }

  void add(
      Connection connection, String id, long roomKey, String userId, String clientId, String draft)
      throws SQLException {
    long nowMs = System.currentTimeMillis();
    try (PreparedStatement insert = connection.prepareStatement(sql.add)) {
      insert.setString(1, id);
      insert.setLong(2, roomKey);
      insert.setString(3, userId);
      insert.setString(4, clientId);
      insert.setString(5, draft);
      insert.setLong(6, nowMs);
      insert.setLong(7, lastPlace.accumulateAndGet(nowMs * 1_000, JdbcPending::next));
      insert.executeUpdate();
    }
  }

  private static long next(long last, long now) {
    return Math.max(last + 1, now);
  }

  void committed() {
    look.run();
  }

  // For the engine.

  @Override
  public CompletionStage<List<PendingPost>> next(int max) {
    return reads
        .ask(SUBJECT, session -> session.list(sql.next, JdbcPending::row, max))
        .thenCompose(this::readable);
  }

  private static Row row(ResultSet row) throws SQLException {
    String id = row.getString(3);
    try {
      String draft = row.getString(6);
      return new Row(
          id,
          new PendingPost(
              id,
              new RoomId(row.getString(1), row.getString(2)),
              DraftText.user(row.getString(4), draft),
              DraftText.draft(draft, row.getString(5))));
    } catch (SQLException | IllegalArgumentException e) {
      log.warn("the pending post {} cannot be read", id, e);
      return new Row(id, null);
    }
  }

  /** What we can't read was not written by us; it must not be in the way of the others. */
  private CompletionStage<List<PendingPost>> readable(List<Row> rows) {
    List<PendingPost> posts = new ArrayList<>();
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (Row row : rows) {
      PendingPost post = row.post();
      if (post == null) {
        others.add(
            refused(row.id(), "it cannot be read", System.currentTimeMillis())
                .toCompletableFuture());
      } else {
        posts.add(post);
      }
    }
    return CompletableFuture.allOf(others.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> posts);
  }

  @Override
  public CompletionStage<Void> taken(String id) {
    return write(sql.remove, id);
  }

  @Override
  public CompletionStage<Void> refused(String id, String reason, long atMs) {
    return write(sql.refuse, atMs, reason, id);
  }

  @Override
  public CompletionStage<Void> forgetRefused(long beforeMs) {
    return write(sql.forgetRefused, beforeMs);
  }

  private CompletionStage<Void> write(String statement, Object... binds) {
    return writes.add(
        new DirectWrite<Void>(
            SUBJECT,
            open -> {
              open.session().update(statement, binds);
              return null;
            }));
  }

  @Override
  public void whenCommitted(Runnable now) {
    look = now;
  }
}
