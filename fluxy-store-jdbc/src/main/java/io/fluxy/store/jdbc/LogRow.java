package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Tables.LOG;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * An event as a row of the log, both ways. What the columns mean for each kind is told in {@code
 * V1__rooms_and_logs.sql}.
 *
 * @param readers {@link Readers#text()}, null for everyone
 * @param aim the id of the message it is about or, for a post, answers; 0 if none
 */
record LogRow(
    short kind,
    String userId,
    long aim,
    @Nullable String clientId,
    @Nullable String body,
    @Nullable String extra,
    int version,
    @Nullable String readers) {
  static final short POSTED = 1;
  static final short EDITED = 2;
  static final short DELETED = 3;
  static final short ERASED = 4;
  static final short REACTED = 5;
  static final short UNREACTED = 6;
  static final short JOINED = 7;
  static final short LEFT = 8;
  static final short TOOL = 9;
  static final short RUN = 10;
  static final short CHANGED = 21;
  static final short ENDED = 22;
  static final short PURGED = 30;
  static final short EXPIRED = 23;
  static final short SANCTION = 20;
  static final short PINNED = 24;

  /** The columns of a new row, in the order of {@link #bind}. */
  static final Field<?>[] INSERTED = {
    LOG.roomKey,
    LOG.seq,
    LOG.kind,
    LOG.atMs,
    LOG.userId,
    LOG.targetSeq,
    LOG.clientId,
    LOG.body,
    LOG.extra,
    LOG.version,
    LOG.readers
  };

  static LogRow of(Event.Durable event) {
    if (event instanceof Event.Posted posted) {
      return post(posted);
    } else if (event instanceof Event.Edited e) {
      return about(EDITED, e.userId(), e.messageId(), e.content(), e.version(), e);
    } else if (event instanceof Event.Deleted e) {
      short kind = e.expired() ? EXPIRED : e.hard() ? ERASED : DELETED;
      return about(kind, e.userId(), e.messageId(), null, e.version(), e);
    } else if (event instanceof Event.Reacted e) {
      short kind = e.add() ? REACTED : UNREACTED;
      return about(kind, e.userId(), e.messageId(), e.emoji(), 0, e);
    } else if (event instanceof Event.MemberAdded e) {
      return other(JOINED, e.by(), e.userId(), Extra.role(e.role()));
    } else if (event instanceof Event.MemberRemoved e) {
      return other(LEFT, e.by(), e.userId(), null);
    } else if (event instanceof Event.Imposed e) {
      return other(SANCTION, e.by(), e.userId(), Extra.sanction(e));
    } else if (event instanceof Event.ToolUsed e) {
      return other(TOOL, e.userId(), e.json(), Extra.tool(e)).limited(e);
    } else if (event instanceof Event.RunReported e) {
      return other(RUN, e.userId(), e.json(), Extra.run(e)).limited(e);
    } else if (event instanceof Event.RoomChanged e) {
      return other(CHANGED, e.by(), e.name(), Extra.type(e.type()));
    } else if (event instanceof Event.Pinned e) {
      return about(PINNED, e.by(), e.messageId() == null ? 0 : e.messageId(), null, 0, e);
    } else if (event instanceof Event.RoomDeleted e) {
      return other(ENDED, e.by(), null, null);
    } else if (event instanceof Event.Purged e) {
      return other(PURGED, e.by(), e.userId(), Extra.purge(e));
    }
    throw new AssertionError("no row for " + event.getClass());
  }

  private static LogRow post(Event.Posted posted) {
    Message message = posted.message();
    long parentId = message.parentId() == null ? 0 : message.parentId();
    return new LogRow(
        POSTED,
        message.userId(),
        parentId,
        message.clientMessageId(),
        message.content(),
        Extra.post(message, posted.stream()),
        message.version(),
        text(message.readers()));
  }

  private static LogRow about(
      short kind, String userId, long messageId, @Nullable String body, int version, Event event) {
    String readers = text(event.readers());
    return new LogRow(kind, userId, messageId, null, body, null, version, readers);
  }

  private static LogRow other(
      short kind, String userId, @Nullable String body, @Nullable String extra) {
    return new LogRow(kind, userId, 0, null, body, extra, 0, null);
  }

  /** The same for the readers of an event. */
  private LogRow limited(Event event) {
    return new LogRow(kind, userId, aim, clientId, body, extra, version, text(event.readers()));
  }

  private static @Nullable String text(@Nullable Readers readers) {
    return readers == null ? null : readers.text();
  }

  private static @Nullable Readers readers(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : Readers.of(text);
  }

  /** Fills the places of {@link LogSql#insert}. */
  void bind(PreparedStatement insert, long roomKey, long seq, long atMs) throws SQLException {
    insert.setLong(1, roomKey);
    insert.setLong(2, seq);
    insert.setShort(3, kind);
    insert.setLong(4, atMs);
    insert.setString(5, userId);
    if (aim == 0) {
      insert.setNull(6, Types.BIGINT);
    } else {
      insert.setLong(6, Message.seqOf(aim));
    }
    insert.setString(7, clientId);
    insert.setString(8, body);
    insert.setString(9, extra);
    insert.setInt(10, version);
    insert.setString(11, readers);
  }

  /**
   * Reads a row of {@link LogSql#events} as it was told, but without the text of a message that is
   * deleted now.
   */
  static Event.Durable event(ResultSet row, RoomRow room) throws SQLException {
    long seq = row.getLong(1);
    short kind = row.getShort(2);
    long atMs = row.getLong(3);
    String userId = row.getString(4);
    long aim = Message.id(room.number(), row.getLong(5));
    int version = row.getInt(9);
    Readers readers = readers(row, 12);
    return switch (kind) {
      case POSTED -> posted(row, room, seq, atMs, userId);
      case EDITED -> {
        String text = isNull(row, 11) ? text(row, 7) : "";
        yield new Event.Edited(seq, atMs, aim, userId, text, version, readers);
      }
      case DELETED -> new Event.Deleted(seq, atMs, aim, userId, false, version, readers);
      case EXPIRED -> new Event.Deleted(seq, atMs, aim, userId, true, version, true, readers);
      case ERASED -> new Event.Deleted(seq, atMs, aim, userId, true, version, readers);
      case REACTED -> new Event.Reacted(seq, atMs, aim, userId, text(row, 7), true, readers);
      case UNREACTED -> new Event.Reacted(seq, atMs, aim, userId, text(row, 7), false, readers);
      case JOINED ->
          new Event.MemberAdded(seq, atMs, text(row, 7), Extra.of(text(row, 8)).role(), userId);
      case LEFT -> new Event.MemberRemoved(seq, atMs, text(row, 7), userId);
      case SANCTION -> Extra.of(text(row, 8)).sanction(seq, atMs, userId, text(row, 7));
      case TOOL -> Extra.of(text(row, 8)).tool(seq, atMs, userId, text(row, 7), readers);
      case CHANGED ->
          new Event.RoomChanged(seq, atMs, userId, text(row, 7), Extra.of(text(row, 8)).type());
      case PINNED -> new Event.Pinned(seq, atMs, userId, id(row, 5, room));
      case ENDED -> new Event.RoomDeleted(seq, atMs, userId);
      case RUN -> Extra.of(text(row, 8)).run(seq, atMs, userId, text(row, 7), readers);
      case PURGED -> Extra.of(text(row, 8)).purge(seq, atMs, row.getString(7), userId);
      default -> throw new SQLException(room.id() + ": seq " + seq + " is of unknown kind " + kind);
    };
  }

  private static Event.Posted posted(
      ResultSet row, RoomRow room, long seq, long atMs, String userId) throws SQLException {
    Long parentId = id(row, 5, room);
    boolean deleted = !isNull(row, 10);
    Extra extra = Extra.of(deleted ? null : row.getString(8));
    Message message =
        new Message(
            seq,
            Message.id(room.number(), seq),
            userId,
            deleted ? "" : text(row, 7),
            atMs,
            parentId,
            row.getString(6),
            extra.mentions(),
            extra.attachments(),
            1,
            null,
            null,
            readers(row, 12),
            extra.expiresAtMs(),
            extra.label());
    return new Event.Posted(message, extra.stream());
  }

  /** Reads a row of {@link LogSql#page} and its kin as the message stands now. */
  static Message message(ResultSet row, RoomRow room) throws SQLException {
    long seq = row.getLong(1);
    Long deletedAtMs = number(row, 11);
    boolean deleted = deletedAtMs != null;
    String revised = row.getString(9);
    Extra extra = Extra.of(deleted ? null : row.getString(7));
    return new Message(
        seq,
        Message.id(room.number(), seq),
        row.getString(3),
        deleted ? "" : revised == null ? text(row, 6) : revised,
        row.getLong(2),
        id(row, 4, room),
        row.getString(5),
        extra.mentions(),
        extra.attachments(),
        row.getInt(8),
        number(row, 10),
        deletedAtMs,
        readers(row, 12),
        extra.expiresAtMs(),
        extra.label());
  }

  private static @Nullable Long id(ResultSet row, int column, RoomRow room) throws SQLException {
    long seq = row.getLong(column);
    return row.wasNull() ? null : (Long) Message.id(room.number(), seq);
  }

  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : (Long) number;
  }

  private static boolean isNull(ResultSet row, int column) throws SQLException {
    return number(row, column) == null;
  }

  private static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }
}
