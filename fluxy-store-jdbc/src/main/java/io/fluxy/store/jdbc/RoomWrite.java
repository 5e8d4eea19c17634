package io.fluxy.store.jdbc;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A room that waits to be added, founders included. */
final class RoomWrite extends Write<Optional<RoomRecord>> {
  private final RoomId id;
  private final RoomType type;
  private final String name;
  private final long createdAtMs;
  private final List<Event.Durable> firstEvents = new ArrayList<>();

  RoomWrite(
      RoomId id,
      RoomType type,
      String name,
      long createdAtMs,
      List<MemberRecord> founders,
      String by) {
    super(id.toString());
    this.id = id;
    this.type = type;
    this.name = name;
    this.createdAtMs = createdAtMs;
    for (MemberRecord founder : founders) {
      long seq = firstEvents.size() + 1L;
      firstEvents.add(
          new Event.MemberAdded(seq, createdAtMs + seq - 1, founder.userId(), founder.role(), by));
    }
  }

  @Override
  int rows() {
    return 1 + firstEvents.size();
  }

  @Override
  Optional<RoomRecord> run(Transaction transaction) throws SQLException {
    Session session = transaction.session();
    DirectorySql sql = transaction.sql().directory;
    if (transaction.rooms().find(session, id).isPresent()) {
      return Optional.empty();
    }
    long number = session.number(sql.lastNumber, id.project()) + 1;
    if (number > Message.ROOM_NUMBER_MAX) {
      throw new StoreException(id + ": the project has no room numbers left");
    }
    RoomRow room =
        new RoomRow(
            session.number(sql.lastRoomKey) + 1,
            new RoomRecord(id, number, type, name, createdAtMs),
            false);
    session.update(
        sql.addRoom, room.key(), id.project(), id.name(), number, type.word(), name, createdAtMs);
    if (!firstEvents.isEmpty()) {
      transaction.log().append(room, firstEvents);
    }
    return Optional.of(room.record());
  }
}
