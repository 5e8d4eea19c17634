package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.simulation.EngineLog;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.PendingPost;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a host writes in its transactions, and what becomes of it. */
class IntakeTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final RoomId ATTIC = new RoomId("shop", "attic");
  private static final int SEEDS = Integer.getInteger("fluxy.sim.seeds", 1_000);

  private final MoodyStore store = new MoodyStore(Store.inMemory());
  private VirtualScheduler scheduler = VirtualScheduler.inOrder();
  private final HostBooks books = new HostBooks(scheduler);
  private final List<String> toldRefused = new ArrayList<>();

  private void found(RoomId id) {
    List<MemberRecord> members =
        List.of(new MemberRecord("ann", Role.OWNER, 0), new MemberRecord("bob", Role.MEMBER, 0));
    store.inner().directory().createRoom(id, RoomType.GROUP, "Room", 1, members, "ann");
  }

  private Intake engine() {
    Intake made =
        new Intake(
            store.port(),
            books,
            scheduler,
            (post, refusal) -> toldRefused.add(post.id() + " " + refusal.reason()));
    made.start(RoomRegistry.local(store.port(), scheduler, Limits.defaults(), (room, event) -> {}));
    return made;
  }

  private List<String> log(RoomId id) {
    return posted(id).stream().map(posted -> posted.message().content()).toList();
  }

  private List<Event.Posted> posted(RoomId id) {
    List<Event.Posted> posts = new ArrayList<>();
    long seq = 0;
    for (Event.Durable event :
        store.inner().messages().read(id, 0, Integer.MAX_VALUE).toCompletableFuture().join()) {
      if (seq > 0) {
        assertThat(event.seq()).as("no hole").isEqualTo(seq + 1);
      }
      seq = event.seq();
      if (event instanceof Event.Posted posted) {
        posts.add(posted);
      }
    }
    return posts;
  }

  @Test
  void whatIsCommittedIsToldInItsOrderAndWhatIsNotIsNowhere() {
    found(LOBBY);
    engine();
    HostBooks.Transaction open = books.begin();
    open.post(LOBBY, "ann", "one");
    open.post(LOBBY, "bob", "two");
    scheduler.advance(10_000);
    assertThat(log(LOBBY)).isEmpty();

    open.commit();
    books.sayCommitted();
    scheduler.runUntilIdle();

    assertThat(log(LOBBY)).containsExactly("one", "two");
    assertThat(books.left()).isZero();
  }

  @Test
  void whoeverDoesNotSaySoIsHeardWithinTwoSeconds() {
    found(LOBBY);
    engine();
    scheduler.advance(5_000);
    HostBooks.Transaction open = books.begin();
    open.post(LOBBY, "ann", "one");
    open.commit();

    scheduler.advance(2_000);

    assertThat(log(LOBBY)).containsExactly("one");
  }

  @Test
  void whatWasCommittedWhileNobodyLookedIsTakenAtTheStart() {
    found(LOBBY);
    HostBooks.Transaction open = books.begin();
    open.post(LOBBY, "ann", "one");
    open.commit();

    engine();
    scheduler.runUntilIdle();

    assertThat(log(LOBBY)).containsExactly("one");
  }

  @Test
  void whatNoRoomWillTakeIsKeptWithTheReasonToldAndNotInTheWay() {
    found(LOBBY);
    engine();
    HostBooks.Transaction open = books.begin();
    open.post(LOBBY, "eve", "let me in");
    open.post(ATTIC, "ann", "hello?");
    open.post(LOBBY, "ann", "x".repeat(1_000_000));
    open.post(LOBBY, "ann", "fine");
    open.commit();
    books.sayCommitted();
    scheduler.advance(10_000);

    assertThat(log(LOBBY)).containsExactly("fine");
    assertThat(books.refused.get("tx-00000000")).isEqualTo("FORBIDDEN: not a member of this room");
    assertThat(books.refused.get("tx-00000001")).isEqualTo("FORBIDDEN: there is no such room");
    assertThat(books.refused.get("tx-00000002")).startsWith("CONTENT_TOO_LONG: ");
    assertThat(toldRefused)
        .containsExactlyInAnyOrder(
            "tx-00000000 FORBIDDEN", "tx-00000001 FORBIDDEN", "tx-00000002 CONTENT_TOO_LONG");
  }

  /** Taken, but before that was noted the process died; then its author was let go. */
  @Test
  void whatTheRoomHasIsNotSaidToBeRefused() {
    found(LOBBY);
    HostBooks.Transaction open = books.begin();
    open.post(LOBBY, "bob", "done");
    open.commit();
    String id = books.everCommitted.get(0).id();
    RoomRegistry rooms =
        RoomRegistry.local(store.port(), scheduler, Limits.defaults(), (room, event) -> {});
    rooms
        .lease(LOBBY)
        .thenAccept(
            lease -> {
              Room room = lease.orElseThrow().room();
              User ann = User.named("ann");
              Draft draft = Draft.text("done").withClientMessageId(id);
              room.submit(User.named("bob"), new io.fluxy.chat.Command.Post(draft));
              room.submit(ann, new io.fluxy.chat.Command.RemoveMember("bob"));
            });
    scheduler.advance(100);

    engine();
    scheduler.advance(10_000);

    assertThat(log(LOBBY)).containsExactly("done");
    assertThat(books.refused).isEmpty();
    assertThat(books.left()).isZero();
  }

  @Test
  void aRoomThatCannotSaveNowHoldsUpNobodyElseAndGoesOnInOrder() {
    found(LOBBY);
    engine();
    scheduler.advance(100);
    store.appends = MoodyStore.Mood.FAILS;
    HostBooks.Transaction open = books.begin();
    open.post(LOBBY, "ann", "one");
    open.post(LOBBY, "ann", "two");
    open.commit();
    books.sayCommitted();
    scheduler.advance(10_000);
    assertThat(log(LOBBY)).isEmpty();

    store.appends = MoodyStore.Mood.FINE;
    scheduler.advance(10_000);

    assertThat(log(LOBBY)).containsExactly("one", "two");
    assertThat(books.refused).isEmpty();
  }

  @Test
  void moreThanOneLookCanHoldAreTakenWithoutWaiting() {
    found(LOBBY);
    engine();
    HostBooks.Transaction open = books.begin();
    for (int i = 0; i < 250; i++) {
      open.post(LOBBY, "ann", "nr " + i);
    }
    open.commit();
    books.sayCommitted();
    scheduler.runUntilIdle();

    assertThat(log(LOBBY)).hasSize(250);
  }

  @Test
  void whoHasStoppedTakesNothing() {
    found(LOBBY);
    Intake intake = engine();
    scheduler.advance(100);
    intake.stop();
    HostBooks.Transaction open = books.begin();
    open.post(LOBBY, "ann", "one");
    open.commit();
    books.sayCommitted();
    scheduler.advance(10_000);

    assertThat(log(LOBBY)).isEmpty();
  }

  /** Commits, rollbacks, crashes and failures of the store, in any order; two engines at a time. */
  @Test
  void whateverHappensEachCommittedPostIsThereOnceAndNothingElse() {
    EngineLog log = new EngineLog();
    log.open();
    try {
      for (long seed = 0; seed < SEEDS; seed++) {
        new IntakeTest().story(seed);
        assertThat(log.error()).as("seed %d: logged", seed).isNull();
      }
    } finally {
      log.close();
    }
  }

  private void story(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    found(LOBBY);
    found(ATTIC);
    restart(dice.nextLong());
    List<HostBooks.Transaction> open = new ArrayList<>();
    Map<String, Integer> transactionOf = new HashMap<>();
    int texts = 0;
    for (int step = 0; step < 60; step++) {
      switch (dice.nextInt(10)) {
        case 0, 1 -> open.add(books.begin());
        case 2, 3 -> {
          if (!open.isEmpty()) {
            int which = dice.nextInt(open.size());
            String text = "nr " + texts++;
            open.get(which).post(dice.nextBoolean() ? LOBBY : ATTIC, "bob", text);
            transactionOf.put(text, System.identityHashCode(open.get(which)));
          }
        }
        case 4, 5 -> {
          if (!open.isEmpty()) {
            HostBooks.Transaction done = open.remove(dice.nextInt(open.size()));
            if (dice.nextInt(3) > 0) {
              done.commit();
              if (dice.nextBoolean()) {
                books.sayCommitted();
              }
            } // else it is rolled back
          }
        }
        case 6 -> restart(dice.nextLong()); // both engines die, where they stand
        case 7 -> {
          MoodyStore.Mood[] moods = {
            MoodyStore.Mood.FINE, MoodyStore.Mood.FAILS, MoodyStore.Mood.SAVES_AND_FAILS
          };
          store.appends = moods[dice.nextInt(3)];
          books.fails = dice.nextInt(4) == 0;
        }
        default -> {
          for (int i = dice.nextInt(30); i > 0; i--) {
            scheduler.step();
          }
        }
      }
    }
    store.appends = MoodyStore.Mood.FINE;
    books.fails = false;
    scheduler.advance(60_000);

    assertThat(books.left()).as("seed %d: left", seed).isZero();
    assertThat(books.refused).as("seed %d", seed).isEmpty();
    for (RoomId room : List.of(LOBBY, ATTIC)) {
      List<String> committed =
          books.everCommitted.stream()
              .filter(post -> post.room().equals(room))
              .map(PendingPost::draft)
              .map(Draft::content)
              .toList();
      List<String> told = log(room);
      assertThat(told).as("seed %d: %s", seed, room).containsExactlyInAnyOrderElementsOf(committed);
      for (int transaction : transactionOf.values()) {
        assertThat(
                told.stream()
                    .filter(text -> Objects.equals(transactionOf.get(text), transaction))
                    .toList())
            .as("seed %d: one transaction in %s", seed, room)
            .isEqualTo(
                committed.stream()
                    .filter(text -> Objects.equals(transactionOf.get(text), transaction))
                    .toList());
      }
    }
  }

  private void restart(long seed) {
    scheduler = VirtualScheduler.seeded(seed);
    books.scheduler = scheduler;
    books.forgetLookers();
    engine();
    engine();
  }
}
