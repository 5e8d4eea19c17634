package io.fluxy.room;

import io.fluxy.wire.Delivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's place in a room, and how far it has heard. A member that can't hear now leaves live
 * delivery and keeps a cursor; everything after the cursor is in the log, so it misses nothing that
 * is numbered.
 */
final class Seat {
  private static final Logger LOG = LoggerFactory.getLogger(Seat.class);
  private static final long LIVE = -1;

  private final Member member;
  private final boolean visible;
  private final long since;
  private long cursor = LIVE;
  private boolean broken;
  private boolean fetching;
  private int holds;
  private int place;

  Seat(Member member, boolean visible, long since) {
    this.member = member;
    this.visible = visible;
    this.since = since;
  }

  /** The seq up to which the room had told when the member came; it hears all that follows. */
  long since() {
    return since;
  }

  /** Begins to tell the member what followed a seq. */
  void lagBehind(long seq) {
    cursor = seq;
  }

  Member member() {
    return member;
  }

  /** Whether it counts as present. */
  boolean isVisible() {
    return visible;
  }

  boolean isLive() {
    return cursor == LIVE;
  }

  /** The seq up to which a slow member has heard. */
  long cursor() {
    return cursor;
  }

  /**
   * Tells the member, if it is live.
   *
   * @param heardUpTo the seq the member has heard up to, if it can't hear this
   */
  void hear(Delivery delivery, long heardUpTo) {
    if (cursor == LIVE && !hears(delivery)) {
      cursor = heardUpTo;
    }
  }

  /** Tells a slow member the next it missed. */
  boolean catchUp(Delivery delivery, long heardUpTo) {
    if (!hears(delivery)) {
      return false;
    }
    cursor = heardUpTo;
    return true;
  }

  /** What comes next is not for a slow member: it goes on behind it. */
  void skip(long upTo) {
    cursor = upTo;
  }

  private boolean hears(Delivery delivery) {
    try {
      return !broken && member.hear(delivery);
    } catch (RuntimeException e) { // must not keep the others from hearing
      LOG.error("{}: a member threw", delivery.room(), e);
      broken = true;
      return false;
    }
  }

  /**
   * Tells the member nothing more, until each of these was answered by a {@link #release}.
   *
   * @param heardUpTo the seq the member has heard up to, if it is live
   */
  void hold(long heardUpTo) {
    holds++;
    if (cursor == LIVE) {
      cursor = heardUpTo;
    }
  }

  /** True if nothing holds the member any more: it goes on from its cursor. */
  boolean release() {
    return --holds == 0;
  }

  boolean isHeld() {
    return holds > 0;
  }

  /** True if the member has thrown: it has to go. */
  boolean isBroken() {
    return broken;
  }

  void goLive() {
    cursor = LIVE;
  }

  /**
   * How far the member has been told.
   *
   * @param told up to which seq live members have
   */
  Place place(long told) {
    Place.State state =
        isHeld() ? Place.State.HELD : isLive() ? Place.State.LIVE : Place.State.BEHIND;
    long upTo = isLive() ? told : cursor;
    return new Place(member.id(), member.user().id(), member.info(), visible, since, upTo, state);
  }

  /** Where the roster's list has it. */
  int place() {
    return place;
  }

  void place(int index) {
    place = index;
  }

  /** Whether the store has been asked for what it missed. */
  boolean isFetching() {
    return fetching;
  }

  void fetching(boolean now) {
    fetching = now;
  }
}
