package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.RoomRecord;
import java.util.List;

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
   */
  default List<DeliveryRecord> outgoing(RoomRecord room, List<Event.Durable> events) {
    return List.of();
  }
}
