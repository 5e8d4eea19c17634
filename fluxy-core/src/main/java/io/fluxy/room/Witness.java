package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.RoomRecord;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Hears what the rooms of this process write. */
@FunctionalInterface
public interface Witness {
  /**
   * This process has written an event, and it is saved. Called once for each, in the order of the
   * log, on the room's turn: must return at once and must not call strangers. An event whose append
   * failed in a way that left its fate open is witnessed when it is found in the log; if the
   * process ends before, it is not.
   */
  void happened(RoomRecord room, Event.Durable event);

  /**
   * What webhooks are to be told of a turn's events; it is saved with them. Asked on the room's
   * turn, again if the turn has to be decided again: must return at once.
   *
   * @param streams before these events, the message that is being written bit by bit and has this
   *     seq; null if none does
   */
  default List<DeliveryRecord> outgoing(
      RoomRecord room, List<Event.Durable> events, LongFunction<@Nullable Message> streams) {
    return List.of();
  }

  /**
   * A visible member came or went. Called on the room's turn, like all here.
   *
   * @param change an {@link Event.Arrived} with the first connection of a user, an {@link
   *     Event.Left} with the last, null for one in between
   * @param before connections of all users before it
   * @param now connections of all users after it
   */
  default void presence(RoomRecord room, @Nullable Event change, int before, int now) {}

  /** One member told the others something that is not kept. Called on the room's turn. */
  default void whispered(RoomRecord room, Event.Whispered event) {}
}
