package io.fluxy.connection;

import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.User;
import io.fluxy.room.Member;
import io.fluxy.room.Room;
import io.fluxy.room.RoomRegistry;
import io.fluxy.wire.Codec;
import io.fluxy.wire.Delivery;
import java.util.List;
import java.util.Map;

/**
 * A connection's seat in one room: what the room tells goes out in the codec's words, what the
 * client asks goes in.
 */
public final class Seated implements Member {
  private final Connection connection;
  private final RoomRegistry.Lease lease;
  private final Codec codec;
  private final Map<String, String> info;
  private final Gate.Line line;

  Seated(
      Connection connection,
      RoomRegistry.Lease lease,
      Gate gate,
      Codec codec,
      Map<String, String> info) {
    this.connection = connection;
    this.lease = lease;
    this.codec = codec;
    this.info = info;
    this.line = gate.line();
  }

  /**
   * Asks the room something, in the order of the calls; what becomes of it is heard, a refusal too.
   */
  public void ask(Command command) {
    line.ask(
        connection.identity(),
        room().record().id(),
        command,
        approved -> room().submit(this, approved),
        refusal -> refused(refusal, command));
  }

  /** Gives up the seat. */
  public void leave() {
    room().leave(this);
    lease.release();
  }

  public Room room() {
    return lease.room();
  }

  @Override
  public String id() {
    return connection.id();
  }

  @Override
  public User user() {
    return connection.identity().user();
  }

  @Override
  public Map<String, String> info() {
    return info;
  }

  @Override
  public boolean hear(Delivery delivery) {
    return connection.hear(this, delivery.frames(codec));
  }

  @Override
  public void part(Farewell farewell) {
    connection.close(farewell);
  }

  void drained() {
    room().drained(this);
  }

  private void refused(Refusal refusal, Command command) {
    String clientMessageId =
        command instanceof Command.Post post ? post.draft().clientMessageId() : null;
    Event refused = new Event.Refused(refusal, clientMessageId);
    connection.send(new Delivery(room().record().id(), List.of(refused)).frames(codec));
  }
}
