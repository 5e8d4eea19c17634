package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.store.MessageStore;
import io.fluxy.time.Scheduler;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a room knows where its log ends, and how it finds out. Another writer may have been
 * faster, or an append may have failed so that nobody knows what was kept: then the log is read. If
 * even that fails, the end is lost, and a look is asked for every half second until it is known
 * again. For the room's turn only.
 */
final class LogEnd {
  private static final Logger LOG = LoggerFactory.getLogger(LogEnd.class);
  private static final int LOG_PAGE = 200; // events read at a time
  private static final int RECOVERY_MS = 500;

  private final RoomId room;
  private final MessageStore messages;
  private final Parking parking;
  private final Scheduler scheduler;
  private final Ledger ledger;
  private final Consumer<Event.Durable> happened;
  private final Consumer<Event.Durable> ours;
  private final Doubtful doubtful = new Doubtful();
  private final Runnable look;
  private boolean known = true;
  private boolean recovering;

  /**
   * @param happened takes what another writer has added
   * @param ours takes what we had offered ourselves, without hearing what became of it
   * @param look asks for a turn that begins with {@link #look}
   */
  LogEnd(
      RoomId room,
      MessageStore messages,
      Parking parking,
      Scheduler scheduler,
      Ledger ledger,
      Consumer<Event.Durable> happened,
      Consumer<Event.Durable> ours,
      Runnable look) {
    this.room = room;
    this.messages = messages;
    this.parking = parking;
    this.scheduler = scheduler;
    this.ledger = ledger;
    this.happened = happened;
    this.ours = ours;
    this.look = look;
  }

  /** False if an append went wrong and the log could not be read since: nothing can be saved. */
  boolean isKnown() {
    return known;
  }

  /** Reads beyond our end because somebody asked for it, then goes on, whatever came of it. */
  void look(Runnable then) {
    recovering = false;
    readOn(then, then);
  }

  /** Reads beyond our end and takes what is there. */
  void readOn(Runnable then, Runnable otherwise) {
    parking.await(
        () -> messages.read(room, ledger.head(), LOG_PAGE),
        (events, failure) -> {
          if (events == null) {
            lose(failure);
            otherwise.run();
            return;
          }
          try {
            events.forEach(this::take);
          } catch (IllegalStateException e) { // a hole in the log: never go on after one
            lose(e);
            otherwise.run();
            return;
          }
          if (events.size() == LOG_PAGE) {
            readOn(then, otherwise);
          } else {
            known = true;
            then.run();
          }
        });
  }

  private void take(Event.Durable event) {
    (doubtful.isOurs(event) ? ours : happened).accept(event);
  }

  /** Nobody knows whether these events were saved. The log does. */
  void findOut(List<Event.Durable> offered, Runnable saved, Runnable notSaved) {
    List<Event.Durable> unsure = List.copyOf(offered);
    doubtful.add(unsure);
    parking.await(
        () -> messages.read(room, ledger.head(), unsure.size()),
        (found, failure) -> {
          if (failure == null && unsure.equals(found)) {
            doubtful.remove(unsure);
            saved.run();
          } else if (failure == null) {
            readOn(notSaved, notSaved);
          } else {
            lose(failure);
            notSaved.run();
          }
        });
  }

  private void lose(@Nullable Throwable why) {
    if (known || why instanceof IllegalStateException) { // an outage once, not twice a second
      StoreTrouble.log(LOG, "{}: the log could not be read: {}", room, why);
    }
    known = false;
    if (!recovering) {
      recovering = true;
      scheduler.after(RECOVERY_MS, look);
    }
  }
}
