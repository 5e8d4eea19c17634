package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.store.RoomRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever comes back what they have missed, or that it can't be told. What a member is told
 * here ends where the room began to tell it live, so the two together are the log: nothing twice,
 * nothing left out. For the room's turn only.
 */
final class Replays {
  private static final int PAGE_CHARS_MAX = 128 * 1024;

  private final RoomRecord room;
  private final Ledger ledger;
  private final Audience audience;
  private final Reader reader;
  private final BiConsumer<Letter.Ask, Answer> answer;
  private final Map<Member, Letter.Ask> owed = new HashMap<>(); // to members that can't hear now

  /** Reads the log; what it had comes back as a {@link Letter.Replay}. */
  @FunctionalInterface
  interface Reader {
    void read(Letter.Ask ask, long afterSeq, long upToSeq, int max);
  }

  Replays(
      RoomRecord room,
      Ledger ledger,
      Audience audience,
      Reader reader,
      BiConsumer<Letter.Ask, Answer> answer) {
    this.room = room;
    this.ledger = ledger;
    this.audience = audience;
    this.reader = reader;
    this.answer = answer;
  }

  /** Names a room's log, as long as it is this one. */
  static String epoch(RoomRecord room) {
    return room.number() + "-" + room.createdAtMs();
  }

  /** Whether a letter asks for a seq we have not heard of: another node may have written it. */
  boolean isAhead(Letter letter) {
    if (letter instanceof Letter.Rejoin rejoin) {
      return rejoin.lastSeq() > ledger.head();
    }
    return letter instanceof Letter.Ask ask
        && ask.command() instanceof Command.Resume resume
        && resume.lastSeq() > ledger.head();
  }

  /** The verdict on a member that comes back. */
  Event.Resumed verdict(long lastSeq) {
    boolean recovered = lastSeq >= 0 && lastSeq <= ledger.head();
    return new Event.Resumed(
        epoch(room), recovered, recovered ? lastSeq : ledger.head(), ledger.head());
  }

  /** Somebody who is here, or who asks by HTTP, wants to know what followed a seq. */
  void ask(Letter.Ask ask, Command.Resume resume) {
    Seat seat = ask.via() == null ? null : audience.roster().seat(ask.via());
    if (ask.via() != null && seat == null) {
      return; // it has left
    } else if (seat != null && !seat.isLive()) {
      owed.put(seat.member(), ask);
      return;
    }
    long upTo = seat == null ? ledger.head() : seat.since();
    boolean mine = resume.epoch() == null || resume.epoch().equals(epoch(room));
    if (!mine || resume.lastSeq() < 0 || resume.lastSeq() > ledger.head()) {
      give(ask, seat, new Event.Replayed(epoch(room), false, upTo, upTo, List.of()));
    } else if (resume.lastSeq() >= upTo) {
      give(ask, seat, new Event.Replayed(epoch(room), true, upTo, upTo, List.of()));
    } else {
      List<Event.Durable> events = audience.recently(resume.lastSeq(), upTo, resume.max());
      if (events == null) {
        reader.read(ask, resume.lastSeq(), upTo, resume.max());
      } else {
        give(ask, seat, page(ask, events, upTo));
      }
    }
  }

  /** What the log had. */
  void read(Letter.Replay replay) {
    Letter.Ask ask = replay.ask();
    Seat seat = ask.via() == null ? null : audience.roster().seat(ask.via());
    if (replay.events() == null) {
      answer.accept(ask, new Answer.Refused(Refusals.unavailable()));
    } else if (ask.via() == null || seat != null) {
      long upTo = replay.upTo();
      List<Event.Durable> events =
          replay.events().stream().filter(event -> event.seq() <= upTo).toList();
      give(ask, seat, page(ask, events, upTo));
    }
  }

  /** A member can hear again, perhaps. */
  void drained(Member member) {
    Seat seat = audience.roster().seat(member);
    if (owed.isEmpty() || seat == null || !seat.isLive()) {
      return;
    }
    Letter.Ask ask = owed.remove(member);
    if (ask != null && ask.command() instanceof Command.Resume resume) {
      ask(ask, resume);
    }
  }

  void left(Member member) {
    owed.remove(member);
  }

  private void give(Letter.Ask ask, @Nullable Seat seat, Event.Replayed replayed) {
    answer.accept(ask, new Answer.Done(replayed));
    if (seat != null && !seat.isLive()) {
      owed.put(seat.member(), ask); // it could not take the answer
    }
  }

  /** What the asker may hear of these; {@code lastSeq} goes past the rest. */
  private Event.Replayed page(Letter.Ask ask, List<Event.Durable> events, long upTo) {
    Sight sight = ledger.sight(ask.from(), 0);
    int chars = 0;
    int count = 0;
    while (count < events.size() && (count == 0 || chars < PAGE_CHARS_MAX)) {
      chars += chars(events.get(count++));
    }
    List<Event.Durable> page = events.subList(0, count);
    long last = page.isEmpty() ? upTo : page.get(count - 1).seq();
    return new Event.Replayed(
        epoch(room), true, last, upTo, page.stream().filter(sight::hears).toList());
  }

  private static int chars(Event.Durable event) {
    if (event instanceof Event.Posted posted) {
      return posted.message().content().length();
    } else if (event instanceof Event.Edited edited) {
      return edited.content().length();
    } else if (event instanceof Event.ToolUsed tool) {
      return tool.json().length();
    }
    return event instanceof Event.RunReported run ? run.json().length() : 0;
  }
}
