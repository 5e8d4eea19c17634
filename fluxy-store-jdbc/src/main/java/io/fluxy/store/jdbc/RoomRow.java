package io.fluxy.store.jdbc;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.RoomRecord;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A room and the key that stands for it in the other tables.
 *
 * @param key unique in the database, not only in the project
 */
record RoomRow(long key, RoomRecord record) {
  static RoomRow of(ResultSet row) throws SQLException {
    String type = row.getString(5);
    return new RoomRow(
        row.getLong(1),
        new RoomRecord(
            new RoomId(row.getString(2), row.getString(3)),
            row.getLong(4),
            RoomType.of(type).orElseThrow(() -> new SQLException("no room type: " + type)),
            row.getString(6),
            row.getLong(7)));
  }

  RoomId id() {
    return record.id();
  }

  long number() {
    return record.number();
  }
}
