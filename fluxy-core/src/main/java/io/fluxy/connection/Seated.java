package io.fluxy.connection;

import io.fluxy.auth.Identity;
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
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection's seat in one room: what the room tells goes out in the codec's words, what the
 * client asks goes in.
 */
public final class Seated implements Member {
  private final Connection connection;
  private final RoomRegistry.Lease lease;
  private final Codec codec;
  private final Identity as;
  private final String memberId;
  private final Map<String, String> info;
  private final Gate gate;
  private final Gate.Line line;
  private boolean left; // guarded by this
  private final @Nullable Consumer<Delivery> heard;
  private final Consumer<Farewell> parted;

  Seated(
      Connection connection,
      RoomRegistry.Lease lease,
      Gate gate,
      Codec codec,
      Identity as,
      String memberId,
      Map<String, String> info,
      @Nullable Consumer<Delivery> heard,
      Consumer<Farewell> parted) {
    this.connection = connection;
    this.lease = lease;
    this.codec = codec;
    this.as = as;
    this.memberId = memberId;
    this.info = info;
    this.gate = gate;
    this.line = gate.line();
    this.heard = heard;
    this.parted = parted;
  }

  Seated(
      Connection connection,
      RoomRegistry.Lease lease,
      Gate gate,
      Codec codec,
      Map<String, String> info) {
    this(
        connection,
        lease,
        gate,
        codec,
        connection.identity(),
        connection.id(),
        info,
        null,
        connection::close);
  }

  /**
   * Asks the room something, in the order of the calls; what becomes of it is heard, a refusal too.
   */
  public void ask(Command command) {
    line.ask(
        as,
        room().record().id(),
        command,
        approved -> room().submit(this, approved),
        refusal -> refused(refusal, command));
  }

  /** The same, by a protocol that counts for itself how often its clients may ask. */
  public void askUncounted(Command command) {
    line.forward(
        as,
        room().record().id(),
        command,
        approved -> room().submit(this, approved),
        refusal -> refused(refusal, command));
  }

  /** Takes the seat once the host agrees; what is asked meanwhile waits. */
  void take(Runnable seat) {
    line.after(
        gate.admit(as, room().record().id(), () -> takeUnlessLeft(seat))
            .thenApply(
                taken -> {
                  if (!taken) {
                    part(new Farewell(Farewell.Reason.FORBIDDEN, "forbidden"));
                  }
                  return taken;
                }));
  }

  private synchronized void takeUnlessLeft(Runnable seat) {
    if (!left) {
      seat.run();
    }
  }

  /** Gives up the seat. */
  public void leave() {
    synchronized (this) {
      left = true;
    }
    room().leave(this);
    lease.release();
  }

  public Room room() {
    return lease.room();
  }

  @Override
  public String id() {
    return memberId;
  }

  @Override
  public User user() {
    return as.user();
  }

  @Override
  public Map<String, String> info() {
    return info;
  }

  @Override
  public boolean hear(Delivery delivery) {
    if (!connection.hear(this, delivery.frames(codec))) {
      return false;
    }
    if (heard != null) {
      heard.accept(delivery);
    }
    return true;
  }

  @Override
  public boolean answersToHost() {
    return gate.asksHost();
  }

  @Override
  public CompletionStage<Boolean> mayStay() {
    return gate.mayStay(as, room().record().id());
  }

  @Override
  public void part(Farewell farewell) {
    parted.accept(farewell);
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
