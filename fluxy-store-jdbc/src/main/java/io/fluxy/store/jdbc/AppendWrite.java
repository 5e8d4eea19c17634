package io.fluxy.store.jdbc;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import io.fluxy.store.ClientIdTakenException;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A room's turn that waits to be saved. */
final class AppendWrite extends Write<Void> {
  private final RoomId id;
  private final List<Event.Durable> events;
  private final List<DeliveryRecord> outgoing;

  AppendWrite(RoomId id, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
    super(id.toString());
    this.id = id;
    this.events = events;
    this.outgoing = outgoing;
  }

  @Override
  int rows() {
    return events.size() + outgoing.size();
  }

  @Override
  @Nullable Void run(Transaction transaction) throws SQLException {
    transaction.log().append(transaction.rooms().get(transaction.session(), id), events);
    transaction.outbox().add(outgoing);
    return null;
  }

  @Override
  StoreException conflict(Transaction transaction, SQLException e) throws SQLException {
    RoomRow room = transaction.rooms().get(transaction.session(), id);
    long first = events.get(0).seq();
    if (first <= transaction.log().head(room)) {
      return new SeqTakenException(id, first);
    }
    for (Event.Durable event : events) {
      if (event instanceof Event.Posted posted && isTaken(transaction, room, posted.message())) {
        return new ClientIdTakenException(id);
      }
    }
    return new StoreException(id + ": two posts of one append have the same client message id", e);
  }

  private static boolean isTaken(Transaction transaction, RoomRow room, Message message)
      throws SQLException {
    String clientId = message.clientMessageId();
    return clientId != null
        && transaction
            .session()
            .first(
                transaction.sql().log.byClientId,
                row -> row.getLong(1),
                room.key(),
                message.userId(),
                clientId)
            .isPresent();
  }
}
