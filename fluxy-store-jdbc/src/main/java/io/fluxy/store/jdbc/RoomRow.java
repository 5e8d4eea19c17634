package io.fluxy.store.jdbc;

import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.RoomRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A room and the key that stands for it in the other tables.
 *
 * @param key unique in the database, not only in the project
 * @param deleted true of a room that was: its id and number stay taken
 */
record RoomRow(long key, RoomRecord record, boolean deleted) {
  /** A room that is there: key, project, id, number, type, name, time. */
  static RoomRow of(ResultSet row) throws SQLException {
    return new RoomRow(row.getLong(1), record(row, null), false);
  }

  /**
   * A room that is or was: the same, when it was deleted or 0, and seq, time and user of its pin.
   */
  static RoomRow asItIs(ResultSet row) throws SQLException {
    long pinned = row.getLong(9);
    RoomRecord.Pin pin =
        pinned == 0
            ? null
            : new RoomRecord.Pin(
                Message.id(row.getLong(4), pinned), row.getLong(10), row.getString(11));
    return new RoomRow(row.getLong(1), record(row, pin), row.getLong(8) != 0);
  }

  private static RoomRecord record(ResultSet row, RoomRecord.@Nullable Pin pin)
      throws SQLException {
    String type = row.getString(5);
    return new RoomRecord(
        new RoomId(row.getString(2), row.getString(3)),
        row.getLong(4),
        RoomType.of(type).orElseThrow(() -> new SQLException("no room type: " + type)),
        row.getString(6),
        row.getLong(7),
        pin);
  }

  /** A room that is there. */
  boolean lives() {
    return !deleted;
  }

  RoomId id() {
    return record.id();
  }

  long number() {
    return record.number();
  }
}
