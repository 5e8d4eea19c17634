package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.ClientIdTakenException;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room in this process. It turns: takes the letters that wait, fetches what they are about
 * ({@link Lookup}), decides them ({@link Rules}, {@link Turn}), saves all events of the turn in one
 * append, and only then applies, answers and tells them ({@link Aftermath}), in the order they were
 * decided. While the store works the room is parked: no thread waits, letters pile up, and the next
 * turn takes them as one batch.
 *
 * <p>Three things can go wrong with an append. Another writer was faster: read what it wrote, tell
 * it, decide again. A client message id was sent long ago: learn it, decide again. The store failed
 * or fell silent: then nobody knows what it kept, so read the log to find out ({@link LogEnd}); if
 * even that fails, refuse what needs saving until it works again.
 */
final class LocalRoom implements Room {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRoom.class);
  private static final int LOG_PAGE = 200; // events read for a slow member at a time
  private static final String EVERYBODY = ""; // no user's id
  private static final int ATTEMPTS_MAX = 100; // to decide a turn before its letters are refused

  private final RoomRecord record;
  private final Limits limits;
  private final Scheduler scheduler;
  private final Store store;
  private final Archive archive;
  private final Witness witness;
  private final Parking parking;
  private final Mailbox<Letter> mailbox;
  private final Set<String> reviewsWaiting = ConcurrentHashMap.newKeySet(1);

  // From here on, for the turn only.
  private final Ledger ledger;
  private final Audience audience;
  private final Lookup lookup;
  private final Aftermath aftermath;
  private final Streams streams;
  private final Replays replays;
  private final LogEnd logEnd;
  private final Reviews reviews;
  private List<Letter> carried = List.of(); // taken, but left for the next turn
  private boolean lookedAgain; // this turn has been prolonged by what came in meanwhile

  LocalRoom(OpenedRoom opened, Store store, Scheduler scheduler, Limits limits, Witness witness) {
    this.record = opened.room();
    this.witness = witness;
    this.limits = limits;
    this.scheduler = scheduler;
    this.store = store;
    this.archive = new Archive(record.id(), store, scheduler, limits);
    this.parking = new Parking(scheduler, limits.storeTimeoutMs(), record.id().toString());
    this.mailbox = new Mailbox<>(limits.mailboxLettersMax(), this::runTurn, this::turn);
    this.ledger = new Ledger(opened, limits);
    this.audience =
        new Audience(
            record,
            limits,
            scheduler,
            ledger,
            witness,
            () -> mailbox.put(new Letter.PresenceDue()),
            this::fetchFor);
    this.lookup = new Lookup(record.id(), store.messages(), parking, scheduler, ledger);
    this.streams = new Streams(limits, scheduler, ledger, audience, archive, mailbox::put);
    this.aftermath =
        new Aftermath(limits, scheduler, witness, ledger, audience, lookup, archive, streams);
    this.replays = new Replays(record, ledger, audience, this::readFor, aftermath::conclude);
    this.reviews = new Reviews(audience, scheduler, limits.interceptorMs(), mailbox::put);
    this.logEnd =
        new LogEnd(
            record.id(),
            store.messages(),
            parking,
            scheduler,
            ledger,
            aftermath::happened,
            aftermath::ours,
            this::hint);
  }

  // What others ask of the room: a letter each.

  @Override
  public RoomRecord record() {
    return ledger.room();
  }

  @Override
  public void join(Member member, int snapshotMax, boolean visible) {
    enter(member, new Letter.Join(member, snapshotMax, visible));
  }

  @Override
  public void rejoin(Member member, long lastSeq, int snapshotMax, boolean visible) {
    enter(member, new Letter.Rejoin(member, lastSeq, snapshotMax, visible));
  }

  /** A review that waits already is ahead of this letter: the next one has to come behind it. */
  private void enter(Member member, Letter letter) {
    if (!mailbox.offer(letter)) {
      member.part(new Farewell(Farewell.Reason.INTERNAL, "the room is busy"));
    }
    if (!reviewsWaiting.isEmpty()) {
      reviewsWaiting.remove(member.user().id());
      reviewsWaiting.remove(EVERYBODY);
    }
  }

  @Override
  public void leave(Member member) {
    mailbox.put(new Letter.Leave(member));
  }

  @Override
  public void drained(Member member) {
    mailbox.put(new Letter.Drained(member));
  }

  @Override
  public void submit(Member from, Command command) {
    Letter.Ask ask = new Letter.Ask(from.user(), from, command, null);
    if (!mailbox.offer(ask)) {
      Event refused = new Event.Refused(busy(), ask.clientMessageId());
      from.hear(new Delivery(record.id(), List.of(refused)));
    }
  }

  @Override
  public CompletionStage<Answer> submit(User from, Command command) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (!mailbox.offer(new Letter.Ask(from, null, command, answer))) {
      answer.complete(new Answer.Refused(busy()));
    }
    return answer;
  }

  @Override
  public CompletionStage<RoomView> look(User reader) {
    CompletableFuture<RoomView> view = new CompletableFuture<>();
    if (!mailbox.offer(new Letter.Look(reader, view))) {
      view.completeExceptionally(new RefusedException(busy()));
    }
    return view;
  }

  @Override
  public CompletionStage<List<Place>> places(@Nullable String userId, int max) {
    CompletableFuture<List<Place>> places = new CompletableFuture<>();
    if (!mailbox.offer(new Letter.Places(userId, max, places))) {
      places.completeExceptionally(new RefusedException(busy()));
    }
    return places;
  }

  @Override
  public CompletionStage<List<StoredMessage>> page(User reader, long beforeSeq, int max) {
    return inMemory(reader, beforeSeq, Long.MAX_VALUE, max)
        .thenCompose(
            found ->
                found.page() != null
                    ? done(found.page())
                    : archive.page(found.sight(), beforeSeq, max));
  }

  @Override
  public CompletionStage<List<StoredMessage>> pageBefore(User reader, long beforeMs, int max) {
    return inMemory(reader, Long.MAX_VALUE, beforeMs, max)
        .thenCompose(
            found ->
                found.page() != null
                    ? done(found.page())
                    : archive.pageBefore(found.sight(), beforeMs, max));
  }

  @Override
  public CompletionStage<Optional<RoomThread>> thread(
      User reader, long parentId, long beforeMs, int max) {
    if (Message.roomNumberOf(parentId) != record.number()) {
      return done(Optional.empty());
    }
    long parentSeq = Message.seqOf(parentId);
    return inMemory(reader, Long.MAX_VALUE, Long.MAX_VALUE, 0)
        .thenCompose(found -> archive.thread(found.sight(), parentSeq, beforeMs, max));
  }

  @Override
  public void hint() {
    mailbox.put(new Letter.CatchUp());
  }

  @Override
  public void review(@Nullable String userId) {
    if (reviewsWaiting.add(userId == null ? EVERYBODY : userId)) {
      mailbox.put(new Letter.Review(userId)); // one for each user between two who enter, at most
    }
  }

  /** How many letters wait for the next turn. */
  int waiting() {
    return mailbox.waiting();
  }

  /** True if nothing is going on and nothing waits. */
  boolean isQuiet() {
    return mailbox.isQuiet() && !streams.isBusy();
  }

  private CompletionStage<Letter.Paged> inMemory(
      User reader, long beforeSeq, long beforeMs, int max) {
    CompletableFuture<Letter.Paged> page = new CompletableFuture<>();
    if (!mailbox.offer(new Letter.Page(reader, beforeSeq, beforeMs, max, page))) {
      page.completeExceptionally(new RefusedException(busy()));
    }
    return page;
  }

  private void fetchFor(Member member, long cursor) {
    archive
        .log(cursor, LOG_PAGE)
        .whenComplete((events, failure) -> mailbox.put(new Letter.Fetched(member, events)));
  }

  private void readFor(Letter.Ask ask, long afterSeq, long upToSeq, int max) {
    archive
        .log(afterSeq, (int) Math.min(max, upToSeq - afterSeq))
        .whenComplete((events, failure) -> mailbox.put(new Letter.Replay(ask, upToSeq, events)));
  }

  private Refusal busy() {
    return Refusals.busy(limits.mailboxLettersMax());
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedStage(value);
  }

  // The turn: take, fetch, decide, save, conclude.

  /** Whoever reads from a socket may turn a small room itself; a crowd would keep it too long. */
  private void runTurn(Runnable turn) {
    if (audience.isCrowded()) {
      scheduler.run(turn);
    } else {
      scheduler.runNear(turn);
    }
  }

  private void turn() {
    List<Letter> letters = take();
    boolean isAhead = false;
    boolean isHinted = false;
    for (Letter letter : letters) {
      if (letter instanceof Letter.Review review) {
        holdNow(review);
      }
      isHinted |= letter instanceof Letter.CatchUp;
      isAhead |= replays.isAhead(letter);
    }
    if (isHinted) {
      logEnd.look(() -> prepare(letters));
      return;
    }
    if (isAhead) {
      logEnd.readOn(() -> prepare(letters), () -> prepare(letters));
      return;
    }
    prepare(letters);
  }

  private List<Letter> take() {
    if (carried.isEmpty()) {
      return mailbox.take(limits.turnLettersMax());
    }
    List<Letter> letters = carried;
    carried = List.of();
    return letters;
  }

  /**
   * A snapshot that memory can't give comes from the store; its letter then opens a turn of its
   * own.
   */
  private void prepare(List<Letter> letters) {
    for (int i = 0; i < letters.size(); i++) {
      if (letters.get(i) instanceof Letter.Join join && lookup.snapshot(join).isEmpty()) {
        if (i == 0) {
          carried = letters.subList(1, letters.size());
          lookup.fetchSnapshot(join, found -> prepared(join, found));
        } else {
          carried = letters.subList(i, letters.size());
          recall(new ArrayList<>(letters.subList(0, i)));
        }
        return;
      }
    }
    recall(letters);
  }

  /** What is sent again while it is refused may be of long ago: only the store knows then. */
  private void recall(List<Letter> letters) {
    List<Letter> resent = lookup.unknown(letters);
    if (resent.isEmpty() || !logEnd.isKnown()) {
      decide(letters, Map.of(), 1);
    } else {
      Runnable then = () -> decide(letters, Map.of(), 1);
      lookup.recall(resent, then, then);
    }
  }

  private void prepared(Letter.Join join, Optional<Letter.Join> found) {
    if (found.isEmpty()) {
      aftermath.refuse(join, Refusals.unavailable());
    }
    decide(new ArrayList<>(found.stream().toList()), Map.of(), 1);
  }

  private void decide(
      List<Letter> letters, Map<Long, Optional<StoredMessage>> fetched, int attempt) {
    boolean canSave = logEnd.isKnown() && attempt < ATTEMPTS_MAX;
    Turn turn = new Turn(limits, ledger, audience.roster(), fetched, canSave, scheduler.nowMs());
    Set<Long> missing = lookup.missing(turn, letters);
    if (!missing.isEmpty()) {
      if (canSave) {
        lookup.fetch(
            missing,
            fetched,
            more -> decide(letters, more, attempt),
            () -> decide(refuseIncomplete(turn, letters), fetched, attempt));
      } else {
        decide(refuseIncomplete(turn, letters), fetched, attempt);
      }
      return;
    }
    List<Runnable> steps = new ArrayList<>(letters.size());
    for (Letter letter : letters) {
      steps.add(step(turn, letter));
    }
    save(turn, steps, letters, attempt);
  }

  private List<Letter> refuseIncomplete(Turn turn, List<Letter> letters) {
    List<Letter> rest = new ArrayList<>();
    for (Letter letter : letters) {
      if (Rules.needs(turn, letter) != 0) {
        aftermath.refuse(letter, Refusals.unavailable());
      } else {
        rest.add(letter);
      }
    }
    return rest;
  }

  /**
   * Decides one letter. What comes out is what to do about it, once the turn's events are saved.
   */
  private Runnable step(Turn turn, Letter letter) {
    try {
      return next(turn, letter);
    } catch (RuntimeException e) { // a poisonous letter must not stop the room
      LOG.error("{}: a letter could not be decided", record.id(), e);
      return () -> aftermath.refuse(letter, Refusal.of(Reason.INTERNAL, "internal error"));
    }
  }

  private Runnable next(Turn turn, Letter letter) {
    if (letter instanceof Letter.Ask ask && ask.command() instanceof Command.Resume resume) {
      return ifKnown(letter, ifHere(turn, ask.from(), ask, () -> replays.ask(ask, resume)));
    } else if (letter instanceof Letter.Ask ask) {
      int before = turn.events().size();
      Answer answer = Rules.decide(turn, ask.from(), ask.command());
      int after = turn.events().size();
      if (after > before + 1) {
        List<Event.Durable> more = List.copyOf(turn.events().subList(before + 1, after));
        return () -> conclude(ask, answer, more);
      }
      return () -> aftermath.conclude(ask, answer);
    } else if (letter instanceof Letter.Join join) {
      return ifHere(turn, join.member().user(), join, () -> aftermath.seat(join));
    } else if (letter instanceof Letter.Rejoin rejoin) {
      Runnable step = () -> aftermath.seatAgain(rejoin, replays.verdict(rejoin.lastSeq()));
      return ifKnown(letter, ifHere(turn, rejoin.member().user(), rejoin, step));
    } else if (letter instanceof Letter.Replay replay) {
      return () -> replays.read(replay);
    } else if (letter instanceof Letter.Leave leave) {
      return () -> leave(leave);
    } else if (letter instanceof Letter.Drained drained) {
      return () -> goOn(drained.member());
    } else if (letter instanceof Letter.Fetched fetched) {
      return () -> fetched(fetched);
    } else if (letter instanceof Letter.Look look) {
      return ifHere(turn, look.reader(), look, () -> aftermath.look(look));
    } else if (letter instanceof Letter.Places places) {
      return () -> aftermath.places(places);
    } else if (letter instanceof Letter.Page page) {
      return ifHere(turn, page.reader(), page, () -> aftermath.page(page));
    } else if (letter instanceof Letter.StreamDue due) {
      return () -> streams.due(due.seq());
    } else if (letter instanceof Letter.BeatDue) {
      return streams::beatDue;
    } else if (letter instanceof Letter.Beats beats) {
      return () -> streams.beats(beats.streams());
    } else if (letter instanceof Letter.Interrupt interrupt) {
      List<Event.Durable> events = StreamRules.interrupt(turn, interrupt);
      return () -> events.forEach(aftermath::ours);
    } else if (letter instanceof Letter.Review review) {
      return () -> review(review);
    } else if (letter instanceof Letter.Reviewed reviewed) {
      Member member = reviewed.seat().member();
      return () -> reviews.end(reviewed, () -> goOn(member));
    } else if (letter instanceof Letter.PresenceDue) {
      return audience::presenceDue;
    } else if (letter instanceof Letter.CatchUp) {
      return () -> {}; // the turn has begun with it
    }
    throw new AssertionError("no step for " + letter);
  }

  /** A command has set off more than its own event. */
  private void conclude(Letter.Ask ask, Answer answer, List<Event.Durable> more) {
    aftermath.conclude(ask, answer);
    more.forEach(aftermath::ours);
  }

  private void leave(Letter.Leave leave) {
    replays.left(leave.member());
    aftermath.leave(leave);
  }

  /** Of what is called from here on the host is asked anew. */
  private void review(Letter.Review review) {
    String userId = review.userId();
    reviewsWaiting.remove(userId == null ? EVERYBODY : userId);
    Predicate<Member> whom = member -> userId == null || member.user().id().equals(userId);
    aftermath.turnAway(whom);
    reviews.begin(whom);
  }

  /**
   * What the log turns out to have is told before a turn's steps, so these members are held before;
   * whoever takes a seat in this turn is held by the step.
   */
  private void holdNow(Letter.Review review) {
    try {
      review(review);
    } catch (RuntimeException e) { // a member that throws must not stop the room
      LOG.error("{}: a review failed", record.id(), e);
    }
  }

  private void goOn(Member member) {
    audience.catchUp(member);
    replays.drained(member);
  }

  private void fetched(Letter.Fetched fetched) {
    aftermath.fetched(fetched, () -> goOn(fetched.member()));
    replays.drained(fetched.member());
  }

  /** While the end of the log is lost, nobody can say whether a seq beyond ours is of this log. */
  private Runnable ifKnown(Letter letter, Runnable step) {
    return !logEnd.isKnown() && replays.isAhead(letter)
        ? () -> aftermath.refuse(letter, Refusals.unavailable())
        : step;
  }

  private Runnable ifHere(Turn turn, User user, Letter letter, Runnable step) {
    return turn.mayBeHere(user) ? step : () -> aftermath.refuse(letter, Refusals.forbidden());
  }

  private void save(Turn turn, List<Runnable> steps, List<Letter> letters, int attempt) {
    if (turn.events().isEmpty()) {
      conclude(steps);
      return;
    }
    Runnable again = () -> decide(letters, Map.of(), attempt + 1);
    Runnable withoutSaving = () -> decide(letters, Map.of(), ATTEMPTS_MAX);
    List<DeliveryRecord> outgoing = witness.outgoing(record, turn.events(), ledger::streamAt);
    parking.await(
        () -> store.messages().append(record.id(), turn.events(), outgoing),
        (nothing, failure) -> {
          if (failure == null) {
            conclude(steps);
          } else if (failure instanceof SeqTakenException) {
            logEnd.readOn(again, withoutSaving);
          } else if (failure instanceof ClientIdTakenException) {
            lookup.recall(letters, again, withoutSaving);
          } else {
            StoreTrouble.log(LOG, "{}: an append failed: {}", record.id(), failure);
            logEnd.findOut(turn.events(), () -> conclude(steps), withoutSaving);
          }
        });
  }

  private void conclude(List<Runnable> steps) {
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) { // a member that throws must not stop the room
        LOG.error("{}: a step of a turn failed", record.id(), e);
      }
    }
    if (shouldLookAgain()) {
      lookedAgain = true;
      turn();
      return;
    }
    lookedAgain = false;
    aftermath.tellThreads();
    audience.flush();
    if (aftermath.hasPostponed()) {
      List<Letter> next = new ArrayList<>(aftermath.postponed());
      next.addAll(carried);
      carried = next;
    }
    mailbox.done(!carried.isEmpty());
  }

  /**
   * Telling a crowd costs a write for each of it, so what came in while the store worked is saved
   * and told along: one write for both. Once, or the crowd would wait for ever.
   */
  private boolean shouldLookAgain() {
    return !lookedAgain
        && audience.isCrowded()
        && audience.hasUntold()
        && carried.isEmpty()
        && !aftermath.hasPostponed()
        && mailbox.hasLetters();
  }
}
