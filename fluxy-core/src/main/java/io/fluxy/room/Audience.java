package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.store.RoomRecord;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Delivery;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who hears a room, and what it tells them. Events that follow each other and are for everyone go
 * out as one delivery; a member that can't hear keeps a cursor and is told the rest later, from
 * memory or from the log, before it is live again. An event that is not for everyone is a delivery
 * of its own, which the others' cursors pass by. For the room's turn only.
 */
final class Audience {
  private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

  private final RoomRecord room;
  private final Limits limits;
  private final Ledger ledger;
  private final Scheduler scheduler;
  private final Witness witness;
  private final Runnable presenceDue;
  private final BiConsumer<Member, Long> fetch;

  private final Roster roster = new Roster();
  private final Recent recent;
  private final List<Event> untold = new ArrayList<>();
  private @Nullable String untoldExcept; // a member that is not told of those; else null
  private final Set<Seat> broken =
      new LinkedHashSet<>(); // have thrown, and go at the end of the turn
  private long
      told; // up to which seq live members have heard; behind the ledger while events are untold
  private boolean changed;
  private boolean timed;
  private long presenceToldAt;

  /**
   * @param ledger where the log ends, and who is in which role
   * @param presenceDue called when it is time to tell presence, outside of a turn
   * @param fetch asks for the log after a seq, for a member
   */
  Audience(
      RoomRecord room,
      Limits limits,
      Scheduler scheduler,
      Ledger ledger,
      Witness witness,
      Runnable presenceDue,
      BiConsumer<Member, Long> fetch) {
    this.room = room;
    this.limits = limits;
    this.scheduler = scheduler;
    this.witness = witness;
    this.presenceDue = presenceDue;
    this.fetch = fetch;
    this.recent = new Recent(limits.recentEventsMax());
    this.presenceToldAt = scheduler.ticksMs() - limits.presencePauseMs();
    this.ledger = ledger;
    this.told = ledger.head();
  }

  Roster roster() {
    return roster;
  }

  /** How far members have been told. */
  List<Place> places(@Nullable String userId, int max) {
    tellUntold();
    return roster.seats(member -> userId == null || member.user().id().equals(userId)).stream()
        .limit(max)
        .map(seat -> seat.place(told))
        .toList();
  }

  /** Lets a member in: it hears this first, then that it is in, then everything from here on. */
  void seat(Member member, boolean visible, List<Event> first) {
    seated(member, visible, first);
  }

  /** Lets a member in that has heard up to a seq: it hears what it has missed, then the rest. */
  void reseat(Member member, boolean visible, List<Event> first, long lastSeq) {
    Seat seat = seated(member, visible, first);
    if (seat != null && lastSeq < told) {
      seat.lagBehind(lastSeq);
      catchUp(member);
    }
  }

  private @Nullable Seat seated(Member member, boolean visible, List<Event> first) {
    if (roster.seat(member) != null) {
      return null;
    } else if (roster.size() >= limits.connectionsPerRoomMax()) {
      part(member, new Farewell(Farewell.Reason.INTERNAL, "the room is full"));
      return null;
    }
    tellUntold();
    Seat seat = new Seat(member, visible, told);
    boolean isFirst = roster.add(seat);
    List<Event> welcome = new ArrayList<>(first);
    List<Event.Present> present = roster.present(limits.presenceListMax());
    welcome.add(new Event.Welcomed(member.id(), roster.connections(), present));
    seat.hear(new Delivery(room.id(), welcome), told);
    if (!seat.isLive()) {
      roster.remove(seat); // it has not read what it got before it came here
      part(member, new Farewell(Farewell.Reason.SLOW, "slow_consumer"));
      return null;
    }
    changed |= visible;
    Event arrived =
        isFirst ? new Event.Arrived(member.user().id(), member.info(), member.id()) : null;
    if (arrived != null) {
      tellSome(arrived, other -> other != member);
    }
    if (visible) {
      witness.presence(ledger.room(), arrived, roster.connections() - 1, roster.connections());
    }
    return seat;
  }

  /** Lets a member go; it hears nothing more. */
  void unseat(Member member) {
    Seat seat = roster.seat(member);
    if (seat == null) {
      return;
    }
    tellUntold();
    Event left = removed(seat);
    if (left != null) {
      tell(left);
    }
  }

  /** Takes a seat away; what there is to tell, if its user is gone with it. */
  private @Nullable Event removed(Seat seat) {
    boolean isLast = roster.remove(seat);
    Event left = isLast ? new Event.Left(seat.member().user().id()) : null;
    if (seat.isVisible()) {
      changed = true;
      witness.presence(ledger.room(), left, roster.connections() + 1, roster.connections());
    }
    return left;
  }

  /** Ends the stay of every member of whom something holds. */
  void dismiss(Predicate<Member> whom, Farewell farewell) {
    tellUntold();
    List<Event> left = new ArrayList<>();
    for (Seat seat : roster.seats(whom)) {
      Event gone = removed(seat);
      if (gone != null) {
        left.add(gone);
      }
      part(seat.member(), farewell);
    }
    left.forEach(this::tell); // when none of them is left to hear it
  }

  /** Tells those of whom something holds no more, until they are released; the seats of these. */
  List<Seat> hold(Predicate<Member> whom) {
    tellUntold();
    List<Seat> held = roster.seats(whom);
    for (Seat seat : held) {
      seat.hold(told);
    }
    return held;
  }

  /** Tells a member that it is let go. */
  void part(Member member, Farewell farewell) {
    try {
      member.part(farewell);
    } catch (RuntimeException e) {
      LOG.error("{}: a member threw", room.id(), e);
    }
  }

  /** Tells everyone who may hear it, together with what is told next. */
  void tell(Event event) {
    if (event.readers() != null) {
      tellAlone(event, member -> mayHear(member, event));
      return;
    }
    boolean durable = event instanceof Event.Durable;
    if (untoldExcept != null
        || !untold.isEmpty() && durable != untold.get(0) instanceof Event.Durable) {
      tellUntold();
    }
    untold.add(event);
  }

  /** What a member missed, from memory; null if it does not reach back so far. */
  @Nullable List<Event.Durable> recently(long afterSeq, long upToSeq, int max) {
    tellUntold();
    return recent.events(afterSeq, upToSeq, max);
  }

  /** As a delivery of its own, which the others' cursors pass by. */
  private void tellAlone(Event event, Predicate<Member> whom) {
    tellUntold();
    Delivery delivery = new Delivery(room.id(), List.of(event));
    long heardUpTo = told;
    if (event instanceof Event.Durable durable) {
      recent.add(delivery, durable, durable);
      told = durable.seq();
    }
    for (Seat seat : roster.seats(whom)) {
      tell(seat, delivery, heardUpTo);
    }
  }

  private boolean mayHear(Member member, Event event) {
    return event.readers() == null || ledger.sight(member.user(), 0).hears(event);
  }

  /** Tells one member, who need not be seated. */
  void tellOnly(Member member, Event event) {
    tellUntold();
    Seat seat = roster.seat(member);
    tell(
        seat == null ? new Seat(member, false, told) : seat,
        new Delivery(room.id(), List.of(event)),
        told);
  }

  /**
   * Tells everyone who may hear it but one member; if that is behind, it may hear it too. What
   * nobody keeps is told together with what that member says next: it may say much in one breath.
   */
  void tellOthers(Event event, String memberId) {
    if (event instanceof Event.Durable || event.readers() != null) {
      tellAlone(event, other -> !other.id().equals(memberId) && mayHear(other, event));
      return;
    }
    if (!memberId.equals(untoldExcept)) {
      tellUntold();
      untoldExcept = memberId;
    }
    untold.add(event);
  }

  /** Tells all members of one user. */
  void tellUser(Event event, String userId) {
    tellUntold();
    tellSome(event, member -> member.user().id().equals(userId));
  }

  private void tellSome(Event event, Predicate<Member> whom) {
    Delivery delivery = new Delivery(room.id(), List.of(event));
    for (Seat seat : roster.seats(whom)) {
      tell(seat, delivery, told);
    }
  }

  private void tell(Seat seat, Delivery delivery, long heardUpTo) {
    seat.hear(delivery, heardUpTo);
    lookAfter(seat);
  }

  private void lookAfter(Seat seat) {
    if (seat.isBroken()) {
      broken.add(seat);
    }
  }

  private void tellUntold() {
    if (untold.isEmpty()) {
      return;
    }
    Delivery delivery = new Delivery(room.id(), untold);
    String except = untoldExcept;
    untoldExcept = null;
    long heardUpTo = told;
    if (untold.get(0) instanceof Event.Durable first
        && untold.get(untold.size() - 1) instanceof Event.Durable last) {
      recent.add(delivery, first, last);
      told = last.seq();
    }
    untold.clear();
    List<Seat> seats = roster.seats();
    for (int i = 0; i < seats.size(); i++) {
      if (except == null || !seats.get(i).member().id().equals(except)) {
        tell(seats.get(i), delivery, heardUpTo);
      }
    }
  }

  /** The turn is over: tell what is left, and who is here if that has changed. */
  void flush() {
    do {
      dismissBroken();
      tellUntold();
      tellPresenceIfChanged();
    } while (!broken.isEmpty());
  }

  private void dismissBroken() {
    List<Seat> seats = List.copyOf(broken);
    broken.clear();
    for (Seat seat : seats) {
      unseat(seat.member());
      part(seat.member(), new Farewell(Farewell.Reason.INTERNAL, "internal error"));
    }
  }

  /** Text has been taken out of the log: whoever is behind must not be told it from memory. */
  void forgetTold() {
    tellUntold();
    recent.clear();
  }

  /** Whether so many hear the room that telling them is what it mostly does. */
  boolean isCrowded() {
    return roster.size() > limits.presenceListMax();
  }

  /** Whether events wait for the end of the turn. */
  boolean hasUntold() {
    return !untold.isEmpty();
  }

  private void tellPresenceIfChanged() {
    if (changed) {
      if (!isCrowded() || scheduler.ticksMs() - presenceToldAt >= limits.presencePauseMs()) {
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
    if (seat == null || seat.isLive() || seat.isFetching() || seat.isHeld()) {
      return;
    }
    tellUntold();
    while (seat.cursor() < told) {
      Recent.Told next = recent.after(seat.cursor());
      if (next == null) {
        seat.fetching(true);
        fetch.accept(member, seat.cursor());
        return;
      } else if (next.restricted() != null && !mayHear(member, next.restricted())) {
        seat.skip(next.lastSeq());
      } else if (!seat.catchUp(next.delivery(), next.lastSeq())) {
        lookAfter(seat);
        return; // it asks again when it can hear
      }
    }
    seat.goLive();
    tell(seat, new Delivery(room.id(), List.of(presence())), told);
  }

  /**
   * Tells a slow member what the store had for it.
   *
   * @param events the log after its cursor; null if the store failed
   * @return false if it has to be asked again
   */
  boolean fetched(Member member, @Nullable List<Event.Durable> events) {
    Seat seat = roster.seat(member);
    if (seat == null || !seat.isFetching()) {
      return true; // it has left, and has come back perhaps
    }
    seat.fetching(false);
    if (events == null) {
      return false;
    } else if (seat.isHeld()) {
      return true; // it is told when it is released
    }
    // What another writer has added beyond our head is told live, when the room has read it.
    List<Event.Durable> missed =
        events.stream().filter(e -> e.seq() > seat.cursor() && e.seq() <= told).toList();
    if (!missed.isEmpty()) {
      long last = missed.get(missed.size() - 1).seq();
      List<Event.Durable> heard = missed.stream().filter(e -> mayHear(member, e)).toList();
      if (heard.isEmpty()) {
        seat.skip(last);
      } else if (!seat.catchUp(new Delivery(room.id(), heard), last)) {
        lookAfter(seat);
        return true;
      }
    }
    catchUp(member);
    return true;
  }
}
