package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from letters, once their turn is saved: events are taken into account and told,
 * whoever waits is answered, members are seated. For the room's turn only.
 */
final class Aftermath {
  private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);
  private static final int MEMBERS_SHOWN_MAX = 1_000;
  private static final int ASK_AGAIN_MS = 500;
  private static final Farewell NO_MEMBER =
      new Farewell(Farewell.Reason.FORBIDDEN, "no longer a member of this room");

  private final Limits limits;
  private final Scheduler scheduler;
  private final Witness witness;
  private final Ledger ledger;
  private final Audience audience;
  private final Lookup lookup;
  private final Archive archive;
  private final Streams streams;
  private final List<Letter> postponed = new ArrayList<>(); // snapshots this turn made too short

  Aftermath(
      Limits limits,
      Scheduler scheduler,
      Witness witness,
      Ledger ledger,
      Audience audience,
      Lookup lookup,
      Archive archive,
      Streams streams) {
    this.limits = limits;
    this.scheduler = scheduler;
    this.witness = witness;
    this.ledger = ledger;
    this.audience = audience;
    this.lookup = lookup;
    this.archive = archive;
    this.streams = streams;
  }

  /** A command was decided. */
  void conclude(Letter.Ask ask, Answer answer) {
    if (answer instanceof Answer.Done done && done.event() instanceof Event.Durable event) {
      happened(event, true, exceptMemberId(ask));
      witnessed(event);
      started(ask, event);
    } else if (answer instanceof Answer.Done done) {
      told(ask, done.event());
    } else if (answer instanceof Answer.Unchanged && ask.command() instanceof Command.React react) {
      String userId = ask.from().id();
      audience.tellUser(
          new Event.ReactionStands(userId, react.messageId(), react.emoji(), react.add()), userId);
    } else if (ask.via() != null && answer instanceof Answer.Repeated repeated) {
      audience.tellOnly(ask.via(), new Event.Repeated(repeated.message()));
    } else if (ask.via() != null && answer instanceof Answer.Refused refused) {
      Event event = new Event.Refused(refused.refusal(), ask.clientMessageId());
      audience.tellOnly(ask.via(), event);
    }
    CompletableFuture<Answer> waiting = ask.answer();
    if (waiting != null) {
      later(() -> waiting.complete(answer));
    }
  }

  private void told(Letter.Ask ask, Event event) {
    if (event instanceof Event.Replayed) {
      if (ask.via() != null) {
        audience.tellOnly(ask.via(), event);
      }
      return;
    } else if (event instanceof Event.Streamed grown) {
      streams.grew(grown);
      return;
    } else if (event instanceof Event.Read read) {
      archive.keep(read);
    } else if (event instanceof Event.Delivered delivered) {
      archive.keep(delivered);
    } else if (event instanceof Event.Whispered whispered) {
      witness.whispered(ledger.room(), whispered);
    }
    String except = exceptMemberId(ask);
    if (except == null) {
      audience.tell(event);
    } else {
      audience.tellOthers(event, except);
    }
  }

  private static @Nullable String exceptMemberId(Letter.Ask ask) {
    if (ask.command() instanceof Command.Whisper) {
      return ask.via() == null ? null : ask.via().id();
    } else if (ask.command() instanceof Command.Signal signal) {
      return signal.exceptMemberId();
    } else if (ask.command() instanceof Command.Post post) {
      return post.exceptMemberId();
    }
    return ask.command() instanceof Command.TypeAsAgent type ? type.exceptMemberId() : null;
  }

  private void started(Letter.Ask ask, Event.Durable event) {
    if (ask.via() != null && event instanceof Event.Posted posted && posted.stream() != null) {
      audience.tellOnly(ask.via(), new Event.StreamStarted(posted.message().id()));
    }
  }

  /** An event is in the log: take it into account and tell it, whoever wrote it. */
  void happened(Event.Durable event) {
    happened(event, false, null);
  }

  private void happened(Event.Durable event, boolean here, @Nullable String exceptMemberId) {
    ledger.apply(event);
    if (event instanceof Event.Posted posted && posted.stream() != null) {
      streams.began(posted, here);
    } else if (event instanceof Event.Edited || event instanceof Event.Deleted) {
      streams.ended(Ledger.aim(event));
    }
    if (event instanceof Event.RoomDeleted) {
      audience.dismiss(
          member -> true, new Farewell(Farewell.Reason.FORBIDDEN, "the room was deleted"));
    } else if (event instanceof Event.RoomChanged) {
      audience.dismiss(member -> !mayStay(member), NO_MEMBER);
    } else if (event instanceof Event.MemberRemoved removed
        && ledger.room().type() != RoomType.PUBLIC) {
      audience.dismiss(
          member -> member.user().id().equals(removed.userId()) && !member.user().governs(),
          NO_MEMBER);
    }
    if (event instanceof Event.Imposed imposed) {
      dismiss(imposed);
    }
    if (exceptMemberId == null) {
      audience.tell(event);
    } else {
      audience.tellOthers(event, exceptMemberId);
    }
    if (event instanceof Event.Purged) {
      streams.purged();
      audience.forgetTold();
    }
  }

  /** At the end of a turn: whose answers are others than before, each told once. */
  void tellThreads() {
    for (Event change : ledger.threads().changes()) {
      audience.tell(change);
    }
  }

  private boolean mayStay(Member member) {
    User user = member.user();
    return user.governs()
        || user.isAdmittedTo(ledger.room().id())
        || ledger.room().type() == RoomType.PUBLIC
        || (!user.isOnlyGuest() && ledger.member(user.id()) != null);
  }

  private void dismiss(Event.Imposed imposed) {
    boolean banned = imposed.sanction() == Sanction.BAN;
    if (banned || imposed.sanction() == Sanction.KICK) {
      audience.dismiss(
          member -> member.user().id().equals(imposed.userId()) && !member.user().governs(),
          banned
              ? new Farewell(Farewell.Reason.FORBIDDEN, Sanctions.BANNED)
              : new Farewell(Farewell.Reason.TERMINATED, "kick"));
    }
  }

  /** An event of our own is in the log, found there after its append had failed. */
  void ours(Event.Durable event) {
    happened(event, true, null);
    witnessed(event);
  }

  private void witnessed(Event.Durable event) {
    try {
      witness.happened(ledger.room(), event);
    } catch (RuntimeException e) { // must not keep the answer from whoever waits for it
      LOG.error("{}: the witness threw", ledger.room().id(), e);
    }
  }

  void seat(Letter.Join join) {
    Optional<List<StoredMessage>> snapshot = lookup.snapshot(join);
    if (snapshot.isEmpty()) {
      postponed.add(join); // a message was deleted in this turn, and memory reaches back no further
    } else {
      List<Event> first = new ArrayList<>(2);
      if (join.snapshotMax() != 0) {
        first.add(new Event.Snapshot(snapshot.get(), join.member().user().id()));
      }
      addStreamState(join.member(), first);
      audience.seat(join.member(), join.visible(), first);
    }
  }

  private void addStreamState(Member member, List<Event> first) {
    Event state = streams.stateFor(member.user());
    if (state != null) {
      first.add(state);
    }
  }

  void seatAgain(Letter.Rejoin rejoin, Event.Resumed verdict) {
    if (verdict.recovered()) {
      List<Event> first = new ArrayList<>(2);
      first.add(verdict);
      addStreamState(rejoin.member(), first);
      audience.reseat(rejoin.member(), rejoin.visible(), first, verdict.lastSeq());
    } else {
      audience.tellOnly(rejoin.member(), verdict);
      postponed.add(new Letter.Join(rejoin.member(), rejoin.snapshotMax(), rejoin.visible()));
    }
  }

  /** Joins that have to wait for the next turn; asked for once. */
  List<Letter> postponed() {
    if (postponed.isEmpty()) {
      return List.of();
    }
    List<Letter> letters = List.copyOf(postponed);
    postponed.clear();
    return letters;
  }

  boolean hasPostponed() {
    return !postponed.isEmpty();
  }

  /** Whoever has yet to take a seat may come back, and is asked about then. */
  void turnAway(Predicate<Member> whom) {
    for (Letter letter : List.copyOf(postponed)) {
      if (letter instanceof Letter.Join join
          && join.member().answersToHost()
          && whom.test(join.member())) {
        postponed.remove(letter);
        audience.part(
            join.member(), new Farewell(Farewell.Reason.INTERNAL, "permissions have changed"));
      }
    }
  }

  void leave(Letter.Leave leave) {
    postponed.removeIf(
        letter -> letter instanceof Letter.Join join && join.member() == leave.member());
    audience.unseat(leave.member());
  }

  void look(Letter.Look look) {
    RoomView view =
        new RoomView(
            ledger.room(),
            ledger.head(),
            ledger.members(MEMBERS_SHOWN_MAX),
            audience.roster().connections(),
            audience.roster().present(limits.presenceListMax()),
            audience.roster().connectionIds(limits.presenceListMax()),
            ledger.member(look.reader().id()));
    later(() -> look.view().complete(view));
  }

  void places(Letter.Places asked) {
    List<Place> places = audience.places(asked.userId(), asked.max());
    later(() -> asked.places().complete(places));
  }

  void page(Letter.Page page) {
    Sight sight = ledger.sight(page.reader(), scheduler.nowMs());
    Letter.Paged found =
        new Letter.Paged(sight, ledger.page(sight, page.beforeSeq(), page.beforeMs(), page.max()));
    later(() -> page.page().complete(found));
  }

  /** What the store had for a slow member; if it had nothing, the member asks again later. */
  void fetched(Letter.Fetched fetched, Runnable again) {
    if (!audience.fetched(fetched.member(), fetched.events())) {
      scheduler.after(ASK_AGAIN_MS, again);
    }
  }

  void refuse(Letter letter, Refusal refusal) {
    if (letter instanceof Letter.Ask ask) {
      conclude(ask, new Answer.Refused(refusal));
    } else if (letter instanceof Letter.Join join) {
      part(join.member(), refusal);
    } else if (letter instanceof Letter.Rejoin rejoin) {
      part(rejoin.member(), refusal);
    } else if (letter instanceof Letter.Look look) {
      later(() -> look.view().completeExceptionally(new RefusedException(refusal)));
    } else if (letter instanceof Letter.Places places) {
      later(() -> places.places().completeExceptionally(new RefusedException(refusal)));
    } else if (letter instanceof Letter.Page page) {
      later(() -> page.page().completeExceptionally(new RefusedException(refusal)));
    }
  }

  private void part(Member member, Refusal refusal) {
    boolean forbidden = refusal.reason() == Reason.FORBIDDEN;
    audience.part(
        member,
        new Farewell(
            forbidden ? Farewell.Reason.FORBIDDEN : Farewell.Reason.INTERNAL, refusal.detail()));
  }

  /** Whoever waits for an answer is a stranger and must not run on our turn. */
  private void later(Runnable answer) {
    scheduler.run(answer);
  }
}
