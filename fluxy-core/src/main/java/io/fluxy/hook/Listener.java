package io.fluxy.hook;

import io.fluxy.chat.Event;
import io.fluxy.store.RoomRecord;

/**
 * Hears what has happened in rooms, after it was saved: every durable event of one kind that this
 * engine has written, once, and in the order of each room's log. What another engine on the same
 * database writes, that engine's listeners hear. The first members of a room are part of its making
 * and are not told.
 *
 * <p>A listener is the host and is told everything, whispers and what is for a role included. Who
 * may read an event, its {@link Event#readers()} say; whatever a listener passes on, it has to keep
 * to them.
 *
 * <p>Each listener has a thread and a bounded queue of its own, so it may block and it may throw:
 * it delays and harms nobody but itself. What finds its queue full ({@link
 * io.fluxy.chat.Limits#listenerEventsMax()}) is not told to it, is counted, and shows as a gap in
 * the seqs. A queue lives as long as the process: who must miss nothing registers a webhook or
 * reads the log.
 *
 * @param <E> {@link Event.Durable} for all of them, or one kind
 */
@FunctionalInterface
public interface Listener<E extends Event.Durable> {
  /** Called on the listener's own thread, one event at a time. What it throws is logged. */
  void happened(RoomRecord room, E event) throws Exception;
}
