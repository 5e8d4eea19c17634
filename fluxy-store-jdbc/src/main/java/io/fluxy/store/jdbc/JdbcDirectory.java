package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.store.Directory;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.ProjectRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Unread;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Projects and rooms in a database: changes go to the writer, all else to the readers. */
final class JdbcDirectory implements Directory {
  private final DirectorySql sql;
  private final Rooms rooms;
  private final LogReader log;
  private final WriteQueue writes;
  private final ReadPool reads;

  JdbcDirectory(Statements sql, Rooms rooms, LogReader log, WriteQueue writes, ReadPool reads) {
    this.sql = sql.directory;
    this.rooms = rooms;
    this.log = log;
    this.writes = writes;
    this.reads = reads;
  }

  @Override
  public CompletionStage<Void> saveProject(ProjectRecord project) {
    return writes.add(new ProjectWrite(project));
  }

  @Override
  public CompletionStage<Optional<ProjectRecord>> project(String projectId) {
    return reads.ask(projectId, session -> project(session, projectId));
  }

  @Override
  public CompletionStage<Optional<ProjectRecord>> projectByKeyHash(String keyHash) {
    return reads.ask(
        "a project by its key",
        session -> {
          Optional<String> owner = session.first(sql.keyOwner, row -> row.getString(1), keyHash);
          return owner.isPresent() ? project(session, owner.get()) : Optional.empty();
        });
  }

  @Override
  public CompletionStage<List<ProjectRecord>> projects(int max) {
    return reads.ask(
        "projects",
        session -> {
          List<ProjectRecord> projects = new ArrayList<>();
          for (String id : session.list(sql.projects, row -> row.getString(1), max)) {
            project(session, id).ifPresent(projects::add);
          }
          return List.copyOf(projects);
        });
  }

  /** What changes about a project. */
  private record State(@Nullable String plan, @Nullable String previous, long previousUntilMs) {}

  private Optional<ProjectRecord> project(Session session, String projectId) throws SQLException {
    List<ProjectRecord.KeyRecord> keys = session.list(sql.keys, JdbcDirectory::key, projectId);
    State state =
        session
            .first(
                sql.state,
                row -> new State(row.getString(1), row.getString(2), row.getLong(3)),
                projectId)
            .orElse(new State(null, null, 0));
    return session.first(
        sql.project,
        row ->
            new ProjectRecord(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                keys,
                state.plan(),
                state.previous(),
                state.previousUntilMs()),
        projectId);
  }

  private static ProjectRecord.KeyRecord key(ResultSet row) throws SQLException {
    long end = row.getLong(4);
    long validUntilMs = row.wasNull() ? Long.MAX_VALUE : end;
    return new ProjectRecord.KeyRecord(
        row.getString(1), row.getString(2), row.getLong(3), validUntilMs);
  }

  @Override
  public CompletionStage<Optional<RoomRecord>> createRoom(
      RoomId id,
      RoomType type,
      String name,
      long createdAtMs,
      List<MemberRecord> founders,
      String by) {
    return writes.add(new RoomWrite(id, type, name, createdAtMs, founders, by));
  }

  @Override
  public CompletionStage<Optional<RoomRecord>> room(RoomId id) {
    return reads.ask(id.toString(), session -> rooms.living(session, id).map(RoomRow::record));
  }

  @Override
  public CompletionStage<Optional<RoomRecord>> roomByNumber(String projectId, long number) {
    return reads.ask(
        projectId,
        session ->
            session
                .first(sql.roomByNumber, RoomRow::asItIs, projectId, number)
                .filter(RoomRow::lives)
                .map(RoomRow::record));
  }

  @Override
  public CompletionStage<List<RoomListing>> rooms(
      String projectId, @Nullable String userId, @Nullable RoomType type, User reader, int max) {
    List<Object> binds = new ArrayList<>();
    binds.add(projectId);
    if (userId != null) {
      binds.add(userId);
    }
    if (type != null) {
      binds.add(type.word());
    }
    binds.add(max);
    String list = sql.list(userId != null, type != null);
    return reads.ask(
        projectId,
        session -> {
          List<RoomListing> listings = new ArrayList<>();
          for (RoomRow room : session.list(list, RoomRow::asItIs, binds.toArray())) {
            int unread = log.unread(session, room.key(), reader).count();
            listings.add(new RoomListing(room.record(), unread));
          }
          return listings;
        });
  }

  @Override
  public CompletionStage<List<RoomRecord>> roomsLike(
      String projectId, String part, long beforeNumber, int max) {
    String pattern = ScanText.containing(part.toLowerCase(Locale.ROOT));
    return reads.ask(
        projectId,
        session ->
            session
                .list(
                    sql.roomsLike, RoomRow::asItIs, projectId, pattern, pattern, beforeNumber, max)
                .stream()
                .map(RoomRow::record)
                .toList());
  }

  @Override
  public CompletionStage<List<MemberRecord>> members(RoomId id, int max) {
    return reads.ask(
        id.toString(),
        session -> {
          Optional<RoomRow> room = rooms.find(session, id);
          return room.isPresent() ? log.members(session, room.get(), max) : List.of();
        });
  }

  @Override
  public CompletionStage<Unread> unread(RoomId id, User reader) {
    return reads.ask(
        id.toString(),
        session -> {
          Optional<RoomRow> room = rooms.find(session, id);
          return room.isPresent()
              ? log.unread(session, room.get().key(), reader)
              : new Unread(0, 0, 0);
        });
  }

  @Override
  public CompletionStage<Void> markRead(RoomId id, String userId, long seq) {
    return writes.add(new ReadMarkWrite(id, userId, seq));
  }

  @Override
  public CompletionStage<Long> messagesSince(String projectId, long sinceMs) {
    return reads.ask(
        projectId,
        session -> {
          long messages = 0;
          for (long room : session.list(sql.roomKeys, row -> row.getLong(1), projectId)) {
            messages += log.messagesSince(session, room, sinceMs);
          }
          return messages;
        });
  }
}
