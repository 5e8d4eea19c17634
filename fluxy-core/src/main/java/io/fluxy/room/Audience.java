package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.RoomRecord;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who hears a room, and what it tells them. Events that follow each other and are for everyone go out as one delivery; a
 * member that can't hear keeps a cursor and is told the rest later, from memory or from the log, before it is live again. For
 * the room's turn only.
 */
final class Audience {
  private final RoomRecord room;
  private final Limits limits;
  private final Scheduler scheduler;
  private final Ledger ledger;
  private final Runnable presenceDue;
  private final BiConsumer<Member, Long> fetch;

  private final Roster roster = new Roster();
  private final Recent recent;
  private final List<Event> untold = new ArrayList<>();
  private boolean changed;
  private boolean timed;
  private long presenceToldAt;

  /**
   * @param presenceDue called when it is time to tell presence, outside of a turn
   * @param fetch asks for the log after a seq, for a member
   */
  Audience(
      RoomRecord room,
      Limits limits,
      Scheduler scheduler,
      Ledger ledger,
      Runnable presenceDue,
      BiConsumer<Member, Long> fetch) {
    this.room = room;
    this.limits = limits;
    this.scheduler = scheduler;
    this.ledger = ledger;
    this.presenceDue = presenceDue;
    this.fetch = fetch;
    this.recent = new Recent(limits.recentEventsMax());
    this.presenceToldAt = scheduler.ticksMs() - limits.presencePauseMs();
  }

  Roster roster() {
    return roster;
  }

  /** Lets a member in: it hears the snapshot, then that it is in, then everything from here on. */
  void seat(Member member, boolean visible, @Nullable List<StoredMessage> snapshot) {
    if (roster.seat(member) != null) {
      return;
    } else if (roster.size() >= limits.connectionsPerRoomMax()) {
      member.part(new Farewell(Farewell.Reason.INTERNAL, "the room is full"));
      return;
    }
    tellUntold();
    boolean first = roster.add(new Seat(member, visible));
    List<Event> welcome = new ArrayList<>(2);
    if (snapshot != null) {
      welcome.add(new Event.Snapshot(snapshot));
    }
    List<Event.Present> present = roster.present(limits.presenceListMax());
    welcome.add(new Event.Welcomed(member.id(), roster.connections(), present));
    member.hear(new Delivery(room.id(), welcome));
    if (first) {
      Event arrived = new Event.Arrived(member.user().id(), member.info(), member.id());
      tellSome(arrived, other -> other != member);
    }
    changed |= visible;
  }

  /** Lets a member go; it hears nothing more. */
  void unseat(Member member) {
    Seat seat = roster.seat(member);
    if (seat == null) {
      return;
    }
    tellUntold();
    if (roster.remove(seat)) {
      tell(new Event.Left(member.user().id()));
    }
    changed |= seat.isVisible();
  }

  /** Ends the stay of every member of whom something holds. */
  void dismiss(Predicate<Member> whom, Farewell farewell) {
    tellUntold();
    for (Seat seat : roster.seats(whom)) {
      unseat(seat.member());
      seat.member().part(farewell);
    }
  }

  /** Tells everyone, together with what is told next. */
  void tell(Event event) {
    boolean durable = event instanceof Event.Durable;
    if (!untold.isEmpty() && durable != untold.get(0) instanceof Event.Durable) {
      tellUntold();
    }
    untold.add(event);
  }

  /** Tells one member, who need not be seated. */
  void tellOnly(Member member, Event event) {
    tellUntold();
    Seat seat = roster.seat(member);
    if (seat == null || seat.isLive()) {
      member.hear(new Delivery(room.id(), List.of(event)));
    }
  }

  private void tellSome(Event event, Predicate<Member> whom) {
    Delivery delivery = new Delivery(room.id(), List.of(event));
    for (Seat seat : roster.seats(whom)) {
      seat.hear(delivery, ledger.head());
    }
  }

  private void tellUntold() {
    if (untold.isEmpty()) {
      return;
    }
    Delivery delivery = new Delivery(room.id(), untold);
    long heardUpTo = ledger.head();
    if (untold.get(0) instanceof Event.Durable first
        && untold.get(untold.size() - 1) instanceof Event.Durable last) {
      recent.add(delivery, first, last);
      heardUpTo = first.seq() - 1;
    }
    untold.clear();
    List<Seat> seats = roster.seats();
    for (int i = 0; i < seats.size(); i++) {
      seats.get(i).hear(delivery, heardUpTo);
    }
  }

  /** The turn is over: tell what is left, and who is here if that has changed. */
  void flush() {
    tellUntold();
    if (changed) {
      boolean crowded = roster.size() > limits.presenceListMax();
      if (!crowded || scheduler.ticksMs() - presenceToldAt >= limits.presencePauseMs()) {
        tellPresence();
      } else if (!timed) {
        timed = true;
        scheduler.after(limits.presencePauseMs(), presenceDue);
      }
    }
  }

  /** The pause between two presence events of a crowded room is over. */
  void presenceDue() {
    timed = false;
  }

  private void tellPresence() {
    changed = false;
    presenceToldAt = scheduler.ticksMs();
    tell(presence());
    tellUntold();
  }

  private Event presence() {
    return new Event.Presence(roster.connections(), roster.present(limits.presenceListMax()));
  }

  /** Tells a slow member what it missed, as far as it can hear and memory reaches. */
  void catchUp(Member member) {
    Seat seat = roster.seat(member);
    if (seat == null || seat.isLive() || seat.isFetching()) {
      return;
    }
    tellUntold();
    while (seat.cursor() < ledger.head()) {
      Recent.Told next = recent.after(seat.cursor());
      if (next == null) {
        seat.fetching(true);
        fetch.accept(member, seat.cursor());
        return;
      } else if (!seat.catchUp(next.delivery(), next.lastSeq())) {
        return; // it asks again when it can hear
      }
    }
    seat.goLive();
    seat.hear(new Delivery(room.id(), List.of(presence())), ledger.head());
  }

  /**
   * Tells a slow member what the store had for it.
   *
   * @param events the log after its cursor; null if the store failed
   * @return false if it has to be asked again
   */
  boolean fetched(Member member, @Nullable List<Event.Durable> events) {
    Seat seat = roster.seat(member);
    if (seat == null) {
      return true;
    }
    seat.fetching(false);
    if (events == null) {
      return false;
    }
    // What another writer has added beyond our head is told live, when the room has read it.
    List<Event.Durable> missed = events.stream().filter(e -> e.seq() <= ledger.head()).toList();
    if (!missed.isEmpty()) {
      long last = missed.get(missed.size() - 1).seq();
      if (!seat.catchUp(new Delivery(room.id(), missed), last)) {
        return true;
      }
    }
    catchUp(member);
    return true;
  }
}
