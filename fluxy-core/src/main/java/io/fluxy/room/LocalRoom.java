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
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.ClientIdTakenException;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.SeqTakenException;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Delivery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room in this process. It turns: takes the letters that wait, fetches what they are about,
 * decides them ({@link Turn}), saves all events of the turn in one append, and only then applies,
 * answers and tells them, in the order they were decided. While the store works the room is parked:
 * no thread waits, letters pile up, and the next turn takes them as one batch.
 *
 * <p>Three things can go wrong with an append. Another writer was faster: read what it wrote, tell
 * it, decide again. A client message id was sent long ago: learn it, decide again. The store failed
 * or fell silent: then nobody knows what it kept, so read the log to find out; if even that fails,
 * refuse what needs saving until it works again.
 */
final class LocalRoom implements Room {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRoom.class);
  private static final int LOG_PAGE = 200; // events read at a time
  private static final int ATTEMPTS_MAX = 100; // to decide a turn before its letters are refused
  private static final int RECOVERY_MS = 500;
  private static final int MEMBERS_SHOWN_MAX = 1_000;

  private final RoomRecord record;
  private final Limits limits;
  private final Scheduler scheduler;
  private final Store store;
  private final BiConsumer<RoomRecord, Event.Durable> witness;
  private final Parking parking;
  private final Mailbox<Letter> mailbox;

  // From here on, for the turn only.
  private final Ledger ledger;
  private final Audience audience;
  private List<Letter> carried = List.of(); // taken, but left for the next turn
  private final List<Letter.Join> postponed =
      new ArrayList<>(); // this turn has made their snapshots too short
  private boolean headKnown =
      true; // false: an append went wrong and the log could not be read since
  private boolean recovering;
  private boolean lookedAgain; // this turn has been prolonged by what came in meanwhile

  LocalRoom(
      OpenedRoom opened,
      Store store,
      Scheduler scheduler,
      Limits limits,
      BiConsumer<RoomRecord, Event.Durable> witness) {
    this.witness = witness;
    this.record = opened.room();
    this.limits = limits;
    this.scheduler = scheduler;
    this.store = store;
    this.parking = new Parking(scheduler, limits.storeTimeoutMs(), record.id().toString());
    this.mailbox = new Mailbox<>(limits.mailboxLettersMax(), scheduler, this::turn);
    this.ledger = new Ledger(opened, limits);
    this.audience =
        new Audience(
            record,
            limits,
            scheduler,
            ledger.head(),
            () -> mailbox.put(new Letter.PresenceDue()),
            this::fetchFor);
  }

  // What others ask of the room: a letter each.

  @Override
  public RoomRecord record() {
    return record;
  }

  @Override
  public void join(Member member, int snapshotMax, boolean visible) {
    if (!mailbox.offer(new Letter.Join(member, snapshotMax, visible))) {
      member.part(new Farewell(Farewell.Reason.INTERNAL, "the room is busy"));
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
    if (!mailbox.offer(new Letter.Ask(from.user(), from, command, null))) {
      Event refused = new Event.Refused(busy(), clientMessageId(command));
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
  public CompletionStage<List<StoredMessage>> page(User reader, long beforeSeq, int max) {
    return inMemory(reader, beforeSeq, Long.MAX_VALUE, max)
        .thenCompose(page -> page.isPresent() ? done(page.get()) : inStore(beforeSeq, max));
  }

  @Override
  public CompletionStage<List<StoredMessage>> pageBefore(User reader, long beforeMs, int max) {
    return inMemory(reader, Long.MAX_VALUE, beforeMs, max)
        .thenCompose(page -> page.isPresent() ? done(page.get()) : inStoreBefore(beforeMs, max));
  }

  @Override
  public void hint() {
    mailbox.put(new Letter.CatchUp());
  }

  /** True if nothing is going on and nothing waits. */
  boolean isQuiet() {
    return mailbox.isQuiet();
  }

  private CompletionStage<Optional<List<StoredMessage>>> inMemory(
      User reader, long beforeSeq, long beforeMs, int max) {
    CompletableFuture<Optional<List<StoredMessage>>> page = new CompletableFuture<>();
    if (!mailbox.offer(new Letter.Page(reader, beforeSeq, beforeMs, max, page))) {
      page.completeExceptionally(new RefusedException(busy()));
    }
    return page;
  }

  private CompletionStage<List<StoredMessage>> inStore(long beforeSeq, int max) {
    return orUnavailable(() -> store.messages().page(record.id(), beforeSeq, max));
  }

  private CompletionStage<List<StoredMessage>> inStoreBefore(long beforeMs, int max) {
    return orUnavailable(() -> store.messages().seqAt(record.id(), beforeMs))
        .thenCompose(seq -> inStore(seq, max));
  }

  private <T> CompletionStage<T> orUnavailable(Supplier<CompletionStage<T>> call) {
    return inTime(call)
        .exceptionallyCompose(
            failure -> {
              LOG.warn("{}: the store could not be read: {}", record.id(), failure.toString());
              return CompletableFuture.failedStage(new RefusedException(unavailable()));
            });
  }

  /**
   * What the store says to something that is no part of a turn; a failure if it takes too long over
   * it.
   */
  private <T> CompletionStage<T> inTime(Supplier<CompletionStage<T>> call) {
    CompletionStage<T> answer = call.get();
    if (answer.toCompletableFuture().isDone()) {
      return answer;
    }
    CompletableFuture<T> inTime = new CompletableFuture<>();
    Scheduler.Timer tooLate =
        scheduler.after(
            limits.storeTimeoutMs(),
            () -> inTime.completeExceptionally(new StoreException(record.id() + ": no answer")));
    answer.whenComplete(
        (value, failure) -> {
          tooLate.cancel();
          if (failure == null) {
            inTime.complete(value);
          } else {
            inTime.completeExceptionally(failure);
          }
        });
    return inTime;
  }

  // The turn: take, fetch, decide, save, conclude.

  private void turn() {
    List<Letter> letters = take();
    if (letters.stream().anyMatch(Letter.CatchUp.class::isInstance)) {
      recovering = false;
      readOn(() -> prepare(letters), () -> prepare(letters));
    } else {
      prepare(letters);
    }
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
      if (letters.get(i) instanceof Letter.Join join && snapshot(join).isEmpty()) {
        if (i == 0) {
          List<Letter> alone = new ArrayList<>(letters.subList(0, 1));
          carried = letters.subList(1, letters.size());
          fetchSnapshot(join, alone);
        } else {
          carried = letters.subList(i, letters.size());
          decide(new ArrayList<>(letters.subList(0, i)), Map.of(), 1);
        }
        return;
      }
    }
    decide(letters, Map.of(), 1);
  }

  private void decide(
      List<Letter> letters, Map<Long, Optional<StoredMessage>> fetched, int attempt) {
    boolean canSave = headKnown && attempt < ATTEMPTS_MAX;
    Turn turn = new Turn(record, limits, ledger, fetched, canSave, scheduler.nowMs());
    if (!missing(turn, letters).isEmpty()) {
      if (canSave) {
        fetch(turn, letters, fetched, attempt);
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

  /**
   * Decides one letter. What comes out is what to do about it, once the turn's events are saved.
   */
  private Runnable step(Turn turn, Letter letter) {
    try {
      return next(turn, letter);
    } catch (RuntimeException e) { // a poisonous letter must not stop the room
      LOG.error("{}: a letter could not be decided", record.id(), e);
      return () -> refuse(letter, Refusal.of(Reason.INTERNAL, "internal error"));
    }
  }

  private Runnable next(Turn turn, Letter letter) {
    if (letter instanceof Letter.Ask ask) {
      Answer answer = turn.decide(ask.from(), ask.command());
      return () -> conclude(ask, answer);
    } else if (letter instanceof Letter.Join join) {
      boolean allowed = turn.mayBeHere(join.member().user());
      return allowed ? () -> seat(join) : () -> refuse(join, forbidden());
    } else if (letter instanceof Letter.Leave leave) {
      return () -> leave(leave);
    } else if (letter instanceof Letter.Drained drained) {
      return () -> audience.catchUp(drained.member());
    } else if (letter instanceof Letter.Fetched fetched) {
      return () -> fetched(fetched);
    } else if (letter instanceof Letter.Look look) {
      boolean allowed = turn.mayBeHere(look.reader());
      return allowed ? () -> look(look) : () -> refuse(look, forbidden());
    } else if (letter instanceof Letter.Page page) {
      boolean allowed = turn.mayBeHere(page.reader());
      return allowed ? () -> page(page) : () -> refuse(page, forbidden());
    } else if (letter instanceof Letter.PresenceDue) {
      return audience::presenceDue;
    } else if (letter instanceof Letter.CatchUp) {
      return () -> {}; // the turn has begun with it
    }
    throw new AssertionError("no step for " + letter);
  }

  private void save(Turn turn, List<Runnable> steps, List<Letter> letters, int attempt) {
    if (turn.events().isEmpty()) {
      conclude(steps);
      return;
    }
    parking.await(
        () -> store.messages().append(record.id(), turn.events()),
        (nothing, failure) -> {
          if (failure == null) {
            conclude(steps);
          } else if (failure instanceof SeqTakenException) {
            readOn(() -> decide(letters, Map.of(), attempt + 1), () -> withoutSaving(letters));
          } else if (failure instanceof ClientIdTakenException) {
            recall(letters, attempt);
          } else {
            LOG.warn("{}: an append failed: {}", record.id(), failure.toString());
            findOut(turn, steps, letters);
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
    audience.flush();
    if (!postponed.isEmpty()) {
      List<Letter> next = new ArrayList<>(postponed);
      next.addAll(carried);
      carried = next;
      postponed.clear();
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
        && postponed.isEmpty()
        && mailbox.hasLetters();
  }

  // What follows from a letter, once its turn is saved.

  private void conclude(Letter.Ask ask, Answer answer) {
    if (answer instanceof Answer.Done done && done.event() instanceof Event.Durable event) {
      happened(event);
      witnessed(event);
    } else if (answer instanceof Answer.Done done) {
      if (done.event() instanceof Event.Read read) {
        keep(read);
      }
      audience.tell(done.event());
    } else if (ask.via() != null && answer instanceof Answer.Repeated repeated) {
      audience.tellOnly(ask.via(), new Event.Repeated(repeated.message()));
    } else if (ask.via() != null && answer instanceof Answer.Refused refused) {
      Event event = new Event.Refused(refused.refusal(), clientMessageId(ask.command()));
      audience.tellOnly(ask.via(), event);
    }
    CompletableFuture<Answer> waiting = ask.answer();
    if (waiting != null) {
      later(() -> waiting.complete(answer));
    }
  }

  /** An event is in the log: take it into account and tell it, whoever wrote it. */
  private void happened(Event.Durable event) {
    ledger.apply(event);
    if (event instanceof Event.MemberRemoved removed && record.type() != RoomType.PUBLIC) {
      audience.dismiss(
          member -> member.user().id().equals(removed.userId()) && !member.user().governs(),
          new Farewell(Farewell.Reason.FORBIDDEN, "no longer a member of this room"));
    }
    audience.tell(event);
  }

  private void witnessed(Event.Durable event) {
    try {
      witness.accept(record, event);
    } catch (RuntimeException e) { // must not keep the answer from whoever waits for it
      LOG.error("{}: the witness threw", record.id(), e);
    }
  }

  private void keep(Event.Read read) {
    store
        .directory()
        .markRead(record.id(), read.userId(), Message.seqOf(read.messageId()))
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.warn("{}: a read position was not kept: {}", record.id(), failure.toString());
              }
            });
  }

  private void seat(Letter.Join join) {
    Optional<List<StoredMessage>> snapshot = snapshot(join);
    if (snapshot.isEmpty()) {
      postponed.add(join); // a message was deleted in this turn, and memory reaches back no further
    } else {
      audience.seat(join.member(), join.visible(), join.snapshotMax() == 0 ? null : snapshot.get());
    }
  }

  private void leave(Letter.Leave leave) {
    postponed.removeIf(join -> join.member() == leave.member());
    audience.unseat(leave.member());
  }

  private void look(Letter.Look look) {
    RoomView view =
        new RoomView(
            record,
            ledger.head(),
            ledger.members(MEMBERS_SHOWN_MAX),
            audience.roster().connections(),
            audience.roster().present(limits.presenceListMax()));
    later(() -> look.view().complete(view));
  }

  private void page(Letter.Page page) {
    Optional<List<StoredMessage>> found =
        Optional.ofNullable(ledger.page(page.beforeSeq(), page.beforeMs(), page.max()));
    later(() -> page.page().complete(found));
  }

  private void refuse(Letter letter, Refusal refusal) {
    if (letter instanceof Letter.Ask ask) {
      conclude(ask, new Answer.Refused(refusal));
    } else if (letter instanceof Letter.Join join) {
      boolean forbidden = refusal.reason() == Reason.FORBIDDEN;
      audience.part(
          join.member(),
          new Farewell(
              forbidden ? Farewell.Reason.FORBIDDEN : Farewell.Reason.INTERNAL, refusal.detail()));
    } else if (letter instanceof Letter.Look look) {
      later(() -> look.view().completeExceptionally(new RefusedException(refusal)));
    } else if (letter instanceof Letter.Page page) {
      later(() -> page.page().completeExceptionally(new RefusedException(refusal)));
    }
  }

  /** Whoever waits for an answer is a stranger and must not run on our turn. */
  private void later(Runnable answer) {
    scheduler.run(answer);
  }

  // What the turn is about but memory does not hold.

  private Optional<List<StoredMessage>> snapshot(Letter.Join join) {
    if (join.fetched() != null) {
      // What another writer has added beyond our head is told live, when we have read it.
      return Optional.of(
          join.fetched().stream().filter(m -> m.message().seq() <= ledger.head()).toList());
    } else if (join.snapshotMax() == 0) {
      return Optional.of(List.of());
    }
    List<StoredMessage> newestFirst =
        ledger.page(Long.MAX_VALUE, Long.MAX_VALUE, join.snapshotMax());
    return Optional.ofNullable(newestFirst).map(LocalRoom::oldestFirst);
  }

  private void fetchSnapshot(Letter.Join join, List<Letter> letters) {
    parking.await(
        () -> store.messages().page(record.id(), Long.MAX_VALUE, join.snapshotMax()),
        (page, failure) -> {
          if (page == null) {
            LOG.warn("{}: no snapshot: {}", record.id(), String.valueOf(failure));
            letters.clear();
            refuse(join, unavailable());
          } else {
            letters.set(0, join.with(oldestFirst(page)));
          }
          decide(letters, Map.of(), 1);
        });
  }

  private static List<StoredMessage> oldestFirst(List<StoredMessage> newestFirst) {
    List<StoredMessage> turned = new ArrayList<>(newestFirst);
    Collections.reverse(turned);
    return turned;
  }

  private Set<Long> missing(Turn turn, List<Letter> letters) {
    Set<Long> missing = Set.of();
    for (Letter letter : letters) {
      long seq = letter instanceof Letter.Ask ask ? turn.needs(ask.from(), ask.command()) : 0;
      if (seq != 0) {
        missing = missing.isEmpty() ? new TreeSet<>() : missing;
        missing.add(seq);
      }
    }
    return missing;
  }

  private void fetch(
      Turn turn, List<Letter> letters, Map<Long, Optional<StoredMessage>> fetched, int attempt) {
    Set<Long> missing = missing(turn, letters);
    parking.await(
        () -> store.messages().messages(record.id(), missing),
        (messages, failure) -> {
          if (messages == null) {
            LOG.warn("{}: messages could not be read: {}", record.id(), String.valueOf(failure));
            decide(refuseIncomplete(turn, letters), fetched, attempt);
            return;
          }
          Map<Long, Optional<StoredMessage>> more = new HashMap<>(fetched);
          missing.forEach(seq -> more.put(seq, Optional.empty()));
          messages.forEach(stored -> more.put(stored.message().seq(), Optional.of(stored)));
          decide(letters, more, attempt);
        });
  }

  private List<Letter> refuseIncomplete(Turn turn, List<Letter> letters) {
    List<Letter> rest = new ArrayList<>();
    for (Letter letter : letters) {
      if (letter instanceof Letter.Ask ask && turn.needs(ask.from(), ask.command()) != 0) {
        refuse(ask, unavailable());
      } else {
        rest.add(letter);
      }
    }
    return rest;
  }

  // When an append does not go through.

  /** The store says it has one of these client message ids: learn under which seq. */
  private void recall(List<Letter> letters, int attempt) {
    List<CompletableFuture<Optional<StoredMessage>>> finds = new ArrayList<>();
    for (Letter letter : letters) {
      if (letter instanceof Letter.Ask ask && clientMessageId(ask.command()) != null) {
        finds.add(find(ask));
      }
    }
    parking.await(
        () -> CompletableFuture.allOf(finds.toArray(CompletableFuture[]::new)),
        (nothing, failure) -> {
          if (failure != null) {
            LOG.warn("{}: sent messages could not be found: {}", record.id(), failure.toString());
            withoutSaving(letters);
            return;
          }
          finds.forEach(find -> find.join().ifPresent(found -> remember(found.message())));
          decide(letters, Map.of(), attempt + 1);
        });
  }

  private CompletableFuture<Optional<StoredMessage>> find(Letter.Ask ask) {
    String clientMessageId = Objects.requireNonNull(clientMessageId(ask.command()));
    return store
        .messages()
        .find(record.id(), ask.from().id(), clientMessageId)
        .toCompletableFuture();
  }

  private void remember(Message first) {
    if (first.clientMessageId() != null) {
      ledger.remember(new Ledger.ClientId(first.userId(), first.clientMessageId()), first.seq());
    }
  }

  /** Nobody knows whether these events were saved. The log does. */
  private void findOut(Turn turn, List<Runnable> steps, List<Letter> letters) {
    int wanted = turn.events().size();
    parking.await(
        () -> store.messages().read(record.id(), ledger.head(), wanted),
        (found, failure) -> {
          if (failure == null && turn.events().equals(found)) {
            conclude(steps);
          } else if (failure == null) {
            readOn(() -> withoutSaving(letters), () -> withoutSaving(letters));
          } else {
            loseHead(failure);
            withoutSaving(letters);
          }
        });
  }

  /** Decides letters once more, and refuses what needs saving. */
  private void withoutSaving(List<Letter> letters) {
    decide(letters, Map.of(), ATTEMPTS_MAX);
  }

  /** Reads the log beyond our head and tells it. */
  private void readOn(Runnable then, Runnable otherwise) {
    parking.await(
        () -> store.messages().read(record.id(), ledger.head(), LOG_PAGE),
        (events, failure) -> {
          if (events == null) {
            loseHead(failure);
            otherwise.run();
            return;
          }
          try {
            events.forEach(this::happened);
          } catch (IllegalStateException e) { // a hole in the log: never go on after one
            loseHead(e);
            otherwise.run();
            return;
          }
          if (events.size() == LOG_PAGE) {
            readOn(then, otherwise);
          } else {
            headKnown = true;
            then.run();
          }
        });
  }

  private void loseHead(@Nullable Throwable why) {
    LOG.warn("{}: the log could not be read: {}", record.id(), String.valueOf(why));
    headKnown = false;
    if (!recovering) {
      recovering = true;
      scheduler.after(RECOVERY_MS, this::hint);
    }
  }

  // Slow members.

  private void fetchFor(Member member, long cursor) {
    inTime(() -> store.messages().read(record.id(), cursor, LOG_PAGE))
        .whenComplete((events, failure) -> mailbox.put(new Letter.Fetched(member, events)));
  }

  private void fetched(Letter.Fetched fetched) {
    if (!audience.fetched(fetched.member(), fetched.events())) {
      scheduler.after(RECOVERY_MS, () -> drained(fetched.member()));
    }
  }

  // Words.

  private static @Nullable String clientMessageId(Command command) {
    return command instanceof Command.Post post ? post.draft().clientMessageId() : null;
  }

  private Refusal busy() {
    int max = limits.mailboxLettersMax();
    return Refusal.later(Reason.BUSY, "more than " + max + " commands wait for this room", 1);
  }

  private static Refusal unavailable() {
    return Refusal.later(Reason.UNAVAILABLE, "the store does not answer", 1);
  }

  private static Refusal forbidden() {
    return Refusal.of(Reason.FORBIDDEN, "not a member of this room");
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedStage(value);
  }
}
