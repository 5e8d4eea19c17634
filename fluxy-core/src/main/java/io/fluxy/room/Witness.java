package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.store.RoomRecord;

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
}
