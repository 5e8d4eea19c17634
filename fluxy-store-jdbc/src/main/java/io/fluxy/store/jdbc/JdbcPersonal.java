package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.store.Personal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Notes in a database: changes go to the writer, all else to the readers. */
final class JdbcPersonal implements Personal {
  private final NoteSql sql;
  private final Rooms rooms;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcPersonal(Statements sql, Rooms rooms, WriteQueue writes, ReadPool reads) {
    this.sql = sql.notes;
    this.rooms = rooms;
    this.writes = writes;
    this.reads = reads;
  }

  /** The number of a kind in the table. */
  static short number(Kind kind) {
    return switch (kind) {
      case DRAFT -> 1;
      case PREFERENCES -> 2;
      case RECEIPT -> 3;
      case DETAILS -> 4;
    };
  }

  static Kind kind(short number) {
    for (Kind kind : Kind.values()) {
      if (number(kind) == number) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of note: " + number);
  }

  @Override
  public CompletionStage<Optional<Note>> find(RoomId room, Kind kind, long seq, String userId) {
    return reads.ask(
        room.toString(),
        session -> {
          Optional<RoomRow> row = rooms.find(session, room);
          return row.isPresent()
              ? session.first(
                  sql.find, JdbcPersonal::note, row.get().key(), number(kind), seq, userId)
              : Optional.empty();
        });
  }

  @Override
  public CompletionStage<List<Note>> all(RoomId room, Kind kind, long seq, int max) {
    return reads.ask(
        room.toString(),
        session -> {
          Optional<RoomRow> row = rooms.find(session, room);
          return row.isPresent()
              ? session.list(sql.all, JdbcPersonal::note, row.get().key(), number(kind), seq, max)
              : List.of();
        });
  }

  @Override
  public CompletionStage<Optional<Note>> change(
      RoomId room, Kind kind, long seq, String userId, long atMs, UnaryOperator<String> change) {
    return writes.add(new Change(room, kind, seq, userId, atMs, change));
  }

  private static Note note(ResultSet row) throws SQLException {
    return new Note(row.getString(1), row.getString(2), row.getLong(3));
  }

  /** A note that waits to be changed. */
  private static final class Change extends Write<Optional<Note>> {
    private final RoomId room;
    private final Kind kind;
    private final long seq;
    private final String userId;
    private final long atMs;
    private final UnaryOperator<String> change;

    Change(
        RoomId room, Kind kind, long seq, String userId, long atMs, UnaryOperator<String> change) {
      super(room.toString());
      this.room = room;
      this.kind = kind;
      this.seq = seq;
      this.userId = userId;
      this.atMs = atMs;
      this.change = change;
    }

    @Override
    Optional<Note> run(Transaction transaction) throws SQLException {
      Session session = transaction.session();
      NoteSql sql = transaction.sql().notes;
      long key = transaction.rooms().get(session, room).key();
      short number = number(kind);
      Optional<Note> before = session.first(sql.find, JdbcPersonal::note, key, number, seq, userId);
      String text = change.apply(before.map(Note::text).orElse(""));
      if (text.isEmpty()) {
        session.update(sql.remove, key, number, seq, userId);
        return Optional.empty();
      } else if (before.isPresent()) {
        session.update(sql.change, text, atMs, key, number, seq, userId);
      } else {
        session.update(sql.add, key, number, seq, userId, text, atMs);
      }
      return Optional.of(new Note(userId, text, atMs));
    }
  }
}
