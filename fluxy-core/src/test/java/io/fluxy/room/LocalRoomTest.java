package io.fluxy.room;

import static io.fluxy.room.TestRoom.ID;
import static io.fluxy.room.TestRoom.now;
import static io.fluxy.room.TestRoom.post;
import static io.fluxy.room.TestRoom.posted;
import static io.fluxy.room.TestRoom.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.wire.Delivery;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LocalRoomTest {
  private static final Limits SMALL =
      Limits.defaults().toBuilder()
          .recentMessagesMax(3)
          .recentEventsMax(3)
          .clientIdsMax(2)
          .turnLettersMax(2)
          .build();
  private static final User ADMIN = new User("boss", Set.of(Role.ADMIN));

  // Order, and save before tell.

  @Test
  void aLeaverHearsWhatWasSaidBeforeItLeftAndNothingAfter() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");
    TestRoom.Guest bob = lobby.enters("bob");

    ann.says("stay");
    bob.leaves();
    ann.says("gone?");

    assertThat(bob.read()).containsExactly("stay");
    assertThat(ann.read()).containsExactly("stay", "gone?");
  }

  @Test
  void everyMemberHearsTheSameEventsInTheOrderOfTheLog() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");
    TestRoom.Guest bob = lobby.enters("bob");

    for (int i = 0; i < 50; i++) {
      lobby.room.submit(i % 2 == 0 ? ann : bob, post("m" + i));
    }
    lobby.time.runUntilIdle();

    assertThat(ann.all(Event.Durable.class)).isEqualTo(bob.all(Event.Durable.class));
    assertThat(ann.all(Event.Durable.class)).isEqualTo(lobby.log().subList(3, 53));
    assertThat(ann.read().subList(0, 3)).containsExactly("m0", "m1", "m2");
  }

  @Test
  void lettersThatWaitAreSavedInOneAppend() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");

    for (int i = 0; i < 20; i++) {
      lobby.room.submit(ann, post("m" + i));
    }
    lobby.time.runUntilIdle();

    assertThat(lobby.store.appended).isEqualTo(1);
    assertThat(ann.read()).hasSize(20);
  }

  @Test
  void nobodyHearsAndNothingIsAnsweredBeforeItIsSaved() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");
    lobby.store.appends = MoodyStore.Mood.WAITS;

    ann.says("soon");
    CompletionStage<Answer> answer = lobby.room.submit(User.named("bob"), post("me too"));
    lobby.time.runUntilIdle();
    assertThat(ann.read()).isEmpty();
    assertThat(answer.toCompletableFuture()).isNotDone();

    lobby.store.goOn();
    lobby.time.runUntilIdle();
    assertThat(ann.read()).containsExactly("soon", "me too");
    assertThat(posted(now(answer)).seq()).isEqualTo(5);
  }

  @Test
  void timesRiseEvenWhenTheClockGoesBackAndTheRoomIsOpenedAgain() {
    TestRoom lobby = new TestRoom();
    Message before = posted(lobby.asks("ann", post("first")));

    lobby.time.jumpWallClock(-7_200_000);
    Room again = lobby.reopened();
    CompletionStage<Answer> answer = again.submit(User.named("ann"), post("second"));
    lobby.time.runUntilIdle();

    assertThat(posted(now(answer)).createdAtMs()).isEqualTo(before.createdAtMs() + 1);
  }

  // Sending again.

  @Test
  void aRepeatedClientMessageIdGetsTheFirstMessageBack() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");
    TestRoom.Guest bob = lobby.enters("bob");

    ann.asks(post("hello", "send-0001"));
    ann.asks(post("hello", "send-0001"));

    assertThat(bob.read()).containsExactly("hello");
    assertThat(ann.last(Event.Repeated.class).message())
        .isEqualTo(ann.last(Event.Posted.class).message());
    assertThat(bob.all(Event.Repeated.class)).isEmpty();
  }

  @Test
  void twoSendsOfOneClientMessageIdInOneTurnMakeOneMessage() {
    TestRoom lobby = new TestRoom();
    CompletionStage<Answer> first = lobby.room.submit(User.named("ann"), post("x", "send-0001"));
    CompletionStage<Answer> second = lobby.room.submit(User.named("ann"), post("x", "send-0001"));
    lobby.time.runUntilIdle();

    assertThat(now(second)).isEqualTo(new Answer.Repeated(posted(now(first))));
  }

  @Test
  void aClientMessageIdIsRememberedLongAfterTheRoomHasForgottenIt() {
    TestRoom lobby = new TestRoom(SMALL);
    Message first = posted(lobby.asks("ann", post("old", "send-0001")));
    for (int i = 0; i < 30; i++) {
      lobby.asks("bob", post("m" + i, "other-" + 1000 + i));
    }

    assertThat(lobby.asks("ann", post("old", "send-0001"))).isEqualTo(new Answer.Repeated(first));
    Room again = lobby.reopened();
    CompletionStage<Answer> answer = again.submit(User.named("ann"), post("old", "send-0001"));
    lobby.time.runUntilIdle();
    assertThat(now(answer)).isEqualTo(new Answer.Repeated(first));
  }

  @Test
  void manyOldClientMessageIdsMayComeInOneTurn() {
    TestRoom lobby = new TestRoom(SMALL);
    for (int i = 10; i < 30; i++) {
      lobby.asks("ann", post("m" + i, "send-00" + i));
    }

    List<CompletionStage<Answer>> answers =
        List.of(10, 12, 11, 13).stream()
            .map(i -> lobby.room.submit(User.named("ann"), post("m" + i, "send-00" + i)))
            .toList();
    lobby.time.runUntilIdle();

    assertThat(answers)
        .allSatisfy(answer -> assertThat(now(answer)).isInstanceOf(Answer.Repeated.class));
  }

  @Test
  void anotherUserMayUseTheSameClientMessageId() {
    TestRoom lobby = new TestRoom();
    lobby.asks("ann", post("hers", "send-0001"));

    assertThat(posted(lobby.asks("bob", post("his", "send-0001"))).content()).isEqualTo("his");
  }

  @Test
  void aRepeatedSendGetsTheMessageAsItStandsNow() {
    TestRoom lobby = new TestRoom();
    Message first = posted(lobby.asks("ann", post("tpyo", "send-0001")));
    lobby.asks("ann", new Command.Edit(first.id(), "typo"));

    Answer.Repeated edited = (Answer.Repeated) lobby.asks("ann", post("tpyo", "send-0001"));
    assertThat(edited.message().content()).isEqualTo("typo");

    lobby.asks("ann", new Command.Delete(first.id(), false));
    Answer.Repeated deleted = (Answer.Repeated) lobby.asks("ann", post("tpyo", "send-0001"));
    assertThat(deleted.message().isDeleted()).isTrue();
    assertThat(deleted.message().content()).isEmpty();
  }

  // The rules.

  @Test
  void onlyItsAuthorEditsAMessageAndVersionsRise() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    Message first = posted(lobby.asks("ann", post("one")));

    assertThat(refusal(lobby.asks("bob", new Command.Edit(first.id(), "mine"))))
        .isEqualTo(Reason.NOT_THE_AUTHOR);
    lobby.asks("ann", new Command.Edit(first.id(), "two"));
    lobby.asks("ann", new Command.Edit(first.id(), "  three "));

    assertThat(bob.last(Event.Edited.class).content()).isEqualTo("three");
    assertThat(bob.last(Event.Edited.class).version()).isEqualTo(3);
    assertThat(lobby.page(lobby.room, "bob", Long.MAX_VALUE, 10)).containsExactly("three");
  }

  @Test
  void aMessageFromBeforeMemoryCanBeEditedDeletedAndReactedTo() {
    TestRoom lobby = new TestRoom(SMALL);
    Message old = posted(lobby.asks("ann", post("old")));
    for (int i = 0; i < 10; i++) {
      lobby.asks("bob", post("m" + i));
    }

    assertThat(lobby.asks("ann", new Command.Edit(old.id(), "still mine")))
        .isInstanceOf(Answer.Done.class);
    assertThat(lobby.asks("bob", new Command.React(old.id(), "👍", true)))
        .isInstanceOf(Answer.Done.class);
    assertThat(lobby.asks("bob", new Command.React(old.id(), "👍", true)))
        .isInstanceOf(Answer.Unchanged.class);
    assertThat(lobby.asks("ann", new Command.Delete(old.id(), false)))
        .isInstanceOf(Answer.Done.class);
    assertThat(lobby.asks("ann", new Command.Delete(old.id(), false)))
        .isInstanceOf(Answer.Unchanged.class);
    assertThat(refusal(lobby.asks("ann", new Command.Edit(old.id(), "again"))))
        .isEqualTo(Reason.MESSAGE_DELETED);
  }

  @Test
  void aHardDeleteIsForAdminsAndTakesTheTextOutOfTheLog() {
    TestRoom lobby = new TestRoom();
    Message first = posted(lobby.asks("bob", post("secret")));

    assertThat(refusal(lobby.asks("bob", new Command.Delete(first.id(), true))))
        .isEqualTo(Reason.NOT_AN_ADMIN);
    assertThat(lobby.asks("ann", new Command.Delete(first.id(), true)))
        .isInstanceOf(Answer.Done.class);

    assertThat(lobby.log().toString()).doesNotContain("secret");
  }

  @Test
  void whatIsNoGoodContentIsRefused() {
    TestRoom lobby = new TestRoom();

    assertThat(refusal(lobby.asks("ann", post("  \n ")))).isEqualTo(Reason.CONTENT_EMPTY);
    assertThat(refusal(lobby.asks("ann", post("x".repeat(4_001)))))
        .isEqualTo(Reason.CONTENT_TOO_LONG);
    assertThat(refusal(lobby.asks("ann", post("a\0b")))).isEqualTo(Reason.TEXT_INVALID);
    assertThat(refusal(lobby.asks("ann", post("half \ud83d")))).isEqualTo(Reason.TEXT_INVALID);
    assertThat(refusal(lobby.asks("ann", post("ok", "short")))).isEqualTo(Reason.INVALID);
    assertThat(lobby.log()).hasSize(3);
  }

  @Test
  void anIdOfAnotherRoomOrOfTheFutureIsNotFound() {
    TestRoom lobby = new TestRoom();
    lobby.asks("ann", post("one"));
    long elsewhere = Message.id(2, 4);
    long later = Message.id(1, 5);

    for (long id : List.of(elsewhere, later, 0L, -1L, Long.MAX_VALUE)) {
      assertThat(refusal(lobby.asks("ann", new Command.Edit(id, "x"))))
          .isEqualTo(Reason.MESSAGE_NOT_FOUND);
      assertThat(refusal(lobby.asks("ann", new Command.Delete(id, false))))
          .isEqualTo(Reason.MESSAGE_NOT_FOUND);
      assertThat(refusal(lobby.asks("ann", new Command.React(id, "👍", true))))
          .isEqualTo(Reason.MESSAGE_NOT_FOUND);
      assertThat(refusal(lobby.asks("ann", new Command.Post(Draft.text("re").inReplyTo(id)))))
          .isEqualTo(Reason.MESSAGE_NOT_FOUND);
    }
  }

  @Test
  void inAnAnnouncementRoomMembersListenAndModeratorsSpeak() {
    TestRoom stage = new TestRoom(RoomType.ANNOUNCEMENT);

    assertThat(refusal(stage.asks("bob", post("me!")))).isEqualTo(Reason.ANNOUNCEMENT_READ_ONLY);
    stage.asks("ann", new Command.AddMember("bob", Role.MODERATOR));
    assertThat(posted(stage.asks("bob", post("me!"))).content()).isEqualTo("me!");
  }

  @Test
  void strangersAreRefusedByAGroupAndBecomeMembersOfAPublicRoom() {
    TestRoom group = new TestRoom();
    TestRoom.Guest eve = group.enters("eve");
    assertThat(eve.farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(eve.heard).isEmpty();
    assertThat(refusal(group.asks("eve", post("hi")))).isEqualTo(Reason.FORBIDDEN);
    assertThat(refusal(group.asks("eve", new Command.Enter(false)))).isEqualTo(Reason.FORBIDDEN);
    assertThatThrownBy(() -> group.page(group.room, "eve", Long.MAX_VALUE, 10))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RefusedException.class);

    TestRoom square = new TestRoom(RoomType.PUBLIC);
    TestRoom.Guest ann = square.enters("ann");
    square.asks("eve", new Command.Enter(false));
    assertThat(ann.last(Event.MemberAdded.class).userId()).isEqualTo("eve");
    assertThat(square.asks("eve", new Command.Enter(false))).isInstanceOf(Answer.Unchanged.class);
  }

  @Test
  void whoeverIsRemovedIsShownOutAndHearsNothingMore() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    TestRoom.Guest cid = lobby.enters("cid");

    assertThat(refusal(lobby.asks("cid", new Command.RemoveMember("bob"))))
        .isEqualTo(Reason.NOT_AN_ADMIN);
    lobby.asks("ann", new Command.RemoveMember("bob"));
    lobby.asks("ann", post("now we can talk"));

    assertThat(bob.farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(bob.all(Event.Durable.class)).isEmpty();
    assertThat(cid.last(Event.MemberRemoved.class).userId()).isEqualTo("bob");
    assertThat(cid.last(Event.Left.class).userId()).isEqualTo("bob");
    assertThat(refusal(lobby.asks("bob", post("but"))).name()).isEqualTo("FORBIDDEN");
  }

  @Test
  void aRefusalIsHeardByWhoeverAskedAndKeepsThemHere() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");
    TestRoom.Guest bob = lobby.enters("bob");

    ann.asks(post(" ", "send-0001"));

    assertThat(ann.last(Event.Refused.class).clientMessageId()).isEqualTo("send-0001");
    assertThat(bob.all(Event.Refused.class)).isEmpty();
    ann.says("better");
    assertThat(bob.read()).containsExactly("better");
  }

  @Test
  void theProjectsAdminNeedNotBeAMember() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest boss = lobby.enters(ADMIN, 0);

    lobby.asks("ann", post("hi"));

    assertThat(boss.read()).containsExactly("hi");
    assertThat(lobby.asks(ADMIN, new Command.RemoveMember("ann"))).isInstanceOf(Answer.Done.class);
    assertThat(boss.isHere()).isTrue();
  }

  // Who is here.

  @Test
  void aUserWithTwoConnectionsArrivesOnceAndLeavesOnce() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");
    TestRoom.Guest phone = lobby.enters("bob");
    TestRoom.Guest laptop = lobby.enters("bob");
    assertThat(ann.last(Event.Presence.class).connections()).isEqualTo(3);
    phone.leaves();
    assertThat(ann.all(Event.Left.class)).isEmpty();
    laptop.leaves();

    assertThat(ann.all(Event.Arrived.class)).hasSize(1);
    assertThat(ann.all(Event.Left.class)).hasSize(1);
    assertThat(ann.last(Event.Presence.class).connections()).isEqualTo(1);
  }

  @Test
  void aCrowdedRoomTellsPresenceOnceInAPause() {
    TestRoom lobby =
        new TestRoom(
            Limits.defaults().toBuilder().presenceListMax(1).presencePauseMs(1_000).build());
    TestRoom.Guest ann = lobby.enters("ann");
    lobby.enters("bob");
    int told = ann.all(Event.Presence.class).size();
    lobby.enters("bob");
    lobby.enters("cid");
    assertThat(ann.all(Event.Presence.class)).hasSize(told);

    lobby.time.advance(1_000);
    assertThat(ann.all(Event.Presence.class)).hasSize(told + 1);
    assertThat(ann.last(Event.Presence.class).connections()).isEqualTo(4);
    assertThat(ann.last(Event.Presence.class).present()).hasSize(1);
  }

  @Test
  void aFullRoomSaysSo() {
    TestRoom lobby = new TestRoom(Limits.defaults().toBuilder().connectionsPerRoomMax(1).build());
    lobby.enters("ann");

    assertThat(lobby.enters("bob").farewell()).isEqualTo(Farewell.Reason.INTERNAL);
  }

  // Snapshots and pages.

  @Test
  void aSnapshotEndsWhereLiveDeliveryBegins() {
    TestRoom lobby = new TestRoom();
    lobby.asks("ann", post("one"));
    lobby.asks("ann", post("two"));

    TestRoom.Guest bob = lobby.enters(User.named("bob"), 10);
    lobby.asks("ann", post("three"));

    assertThat(contents(bob.last(Event.Snapshot.class))).containsExactly("one", "two");
    assertThat(bob.heard.get(0)).isInstanceOf(Event.Snapshot.class);
    assertThat(bob.heard.get(1)).isInstanceOf(Event.Welcomed.class);
    assertThat(bob.read()).containsExactly("three");
  }

  @Test
  void aSnapshotThatMemoryCannotGiveComesFromTheStore() {
    TestRoom lobby = new TestRoom(SMALL);
    for (int i = 0; i < 6; i++) {
      lobby.asks("ann", post("m" + i));
    }

    assertThat(contents(lobby.enters(User.named("bob"), 5).last(Event.Snapshot.class)))
        .containsExactly("m1", "m2", "m3", "m4", "m5");
    assertThat(lobby.store.pagesRead).isEqualTo(1);
  }

  @Test
  void whoeverJoinsInTheTurnOfADeletionStillGetsAWholeSnapshot() {
    TestRoom lobby = new TestRoom(SMALL);
    for (int i = 0; i < 6; i++) {
      lobby.asks("ann", post("m" + i));
    }
    TestRoom.Guest bob = lobby.new Guest(lobby.room, User.named("bob"), "b1");

    lobby.room.submit(User.named("ann"), new Command.Delete(Message.id(1, 8), false));
    lobby.room.join(bob, 3, true);
    lobby.time.runUntilIdle();

    assertThat(contents(bob.last(Event.Snapshot.class))).containsExactly("m2", "m3", "m5");
    lobby.asks("ann", post("m6"));
    assertThat(bob.read()).containsExactly("m6");
  }

  @Test
  void whoeverJoinsInTheTurnOfADeletionAndLeavesAgainIsNotLeftBehind() {
    TestRoom lobby = new TestRoom(SMALL.toBuilder().turnLettersMax(10).clientIdsMax(10).build());
    for (int i = 0; i < 6; i++) {
      lobby.asks("ann", post("m" + i));
    }
    TestRoom.Guest bob = lobby.new Guest(lobby.room, User.named("bob"), "b1");

    lobby.room.submit(User.named("ann"), new Command.Delete(Message.id(1, 8), false));
    lobby.room.join(bob, 3, true);
    lobby.room.leave(bob);
    lobby.time.runUntilIdle();
    lobby.asks("ann", post("m6"));

    assertThat(bob.heard).isEmpty();
    assertThat(lobby.enters("cid").last(Event.Welcomed.class).connections()).isEqualTo(1);
  }

  @Test
  void pagesFromMemoryAndFromTheStoreAreTheSame() {
    TestRoom small = new TestRoom(SMALL);
    TestRoom large = new TestRoom();
    for (TestRoom lobby : List.of(small, large)) {
      for (int i = 0; i < 8; i++) {
        lobby.asks("ann", post("m" + i));
      }
      lobby.asks("ann", new Command.Delete(Message.id(1, 6), false));
    }

    for (int max = 1; max < 9; max++) {
      for (long before = 1; before < 14; before++) {
        assertThat(small.page(small.room, "bob", before, max))
            .isEqualTo(large.page(large.room, "bob", before, max));
      }
    }
    assertThat(large.store.pagesRead).isZero();
    assertThat(small.store.pagesRead).isPositive();
  }

  // Slow members.

  @Test
  void aSlowMemberIsToldFromMemoryWhatItMissedAndIsThenLive() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    bob.stopsListening();
    lobby.asks("ann", post("one"));
    lobby.asks("ann", post("two"));
    bob.listensAgain();
    lobby.asks("ann", post("three"));

    assertThat(bob.read()).containsExactly("one", "two", "three");
    assertThat(lobby.store.logsRead).isZero();
  }

  @Test
  void aSlowMemberIsToldFromTheStoreWhatMemoryHasForgotten() {
    TestRoom lobby = new TestRoom(SMALL);
    TestRoom.Guest bob = lobby.enters("bob");
    bob.stopsListening();
    for (int i = 0; i < 300; i++) {
      lobby.asks("ann", post("m" + i));
    }
    bob.listensAgain();
    lobby.asks("ann", post("live"));

    assertThat(bob.read()).hasSize(301).endsWith("m299", "live");
    assertThat(lobby.store.logsRead).isPositive();
  }

  @Test
  void aMemberThatCouldNotHearAWhisperStillHearsWhatIsNumberedNext() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    bob.stopsListening();
    lobby.room.submit(User.named("ann"), new Command.Type(true, Command.Intent.COMPOSING));
    lobby.room.submit(User.named("ann"), post("in the same turn"));
    lobby.time.runUntilIdle();
    bob.listensAgain();

    assertThat(bob.read()).containsExactly("in the same turn");
  }

  @Test
  void aSlowMemberWhoseStoreFallsSilentIsToldLater() {
    TestRoom lobby = new TestRoom(SMALL);
    TestRoom.Guest bob = lobby.enters("bob");
    bob.stopsListening();
    for (int i = 0; i < 10; i++) {
      lobby.asks("ann", post("m" + i));
    }
    lobby.store.reads = MoodyStore.Mood.NEVER_ANSWERS;
    bob.listensAgain();
    assertThat(bob.read()).isEmpty();

    lobby.store.reads = MoodyStore.Mood.FINE;
    lobby.time.advance(lobby.limits.storeTimeoutMs() + 1_000L);
    assertThat(bob.read()).hasSize(10);
  }

  // Things that go wrong.

  @Test
  void aMemberThatThrowsIsLetGoAndTheOthersHearEverything() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest ann = lobby.enters("ann");
    Poison poison = new Poison(lobby);
    lobby.room.join(poison, 0, true);
    lobby.time.runUntilIdle();
    TestRoom.Guest bob = lobby.enters("bob");

    ann.says("one");
    ann.says("two");

    assertThat(bob.read()).containsExactly("one", "two");
    assertThat(poison.guest.farewell()).isEqualTo(Farewell.Reason.INTERNAL);
    assertThat(bob.last(Event.Presence.class).connections()).isEqualTo(2);
    assertThat(lobby.time.failures()).isEmpty();
  }

  @Test
  void aFullMailboxRefusesAndRecovers() {
    TestRoom lobby = new TestRoom(Limits.defaults().toBuilder().mailboxLettersMax(3).build());
    TestRoom.Guest ann = lobby.enters("ann");
    for (int i = 0; i < 5; i++) {
      lobby.room.submit(ann, post("m" + i, "send-000" + i));
    }
    lobby.time.runUntilIdle();

    assertThat(ann.read()).containsExactly("m0", "m1", "m2");
    assertThat(ann.all(Event.Refused.class))
        .extracting(refused -> refused.refusal().reason())
        .containsExactly(Reason.BUSY, Reason.BUSY);
    assertThat(ann.last(Event.Refused.class).clientMessageId()).isEqualTo("send-0004");
    ann.says("again");
    assertThat(ann.read()).endsWith("again");
  }

  @Test
  void anAppendThatFailedIsRefusedAndTheNextOneWorks() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    lobby.store.appends = MoodyStore.Mood.FAILS;
    assertThat(refusal(lobby.asks("ann", post("lost", "send-0001")))).isEqualTo(Reason.UNAVAILABLE);
    lobby.store.appends = MoodyStore.Mood.FINE;

    assertThat(posted(lobby.asks("ann", post("lost", "send-0001"))).seq()).isEqualTo(4);
    assertThat(bob.read()).containsExactly("lost");
  }

  @Test
  void anAppendThatWasSavedAlthoughItFailedIsAckedAndToldOnce() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    lobby.store.appends = MoodyStore.Mood.SAVES_AND_FAILS;

    assertThat(posted(lobby.asks("ann", post("kept"))).seq()).isEqualTo(4);
    assertThat(bob.read()).containsExactly("kept");
  }

  @Test
  void anOutageRefusesWhatNeedsSavingAndEndsWithoutARestart() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    lobby.store.appends = MoodyStore.Mood.NEVER_ANSWERS;
    lobby.store.reads = MoodyStore.Mood.FAILS;
    CompletionStage<Answer> answer = lobby.room.submit(User.named("ann"), post("?", "send-0001"));
    lobby.time.advance(lobby.limits.storeTimeoutMs() + 1L);
    assertThat(refusal(now(answer))).isEqualTo(Reason.UNAVAILABLE);

    assertThat(refusal(lobby.asks("ann", post("at once")))).isEqualTo(Reason.UNAVAILABLE);
    lobby.asks("ann", new Command.Type(true, Command.Intent.COMPOSING));
    assertThat(bob.all(Event.Typing.class)).hasSize(1);

    lobby.store.appends = MoodyStore.Mood.FINE;
    lobby.store.reads = MoodyStore.Mood.FINE;
    lobby.time.advance(2_000);
    assertThat(posted(lobby.asks("ann", post("?", "send-0001"))).seq()).isEqualTo(4);
    assertThat(bob.read()).containsExactly("?");
  }

  @Test
  void anAppendThatIsSavedLongAfterItWasRefusedIsToldThenAndNotSavedTwice() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    lobby.store.appends = MoodyStore.Mood.WAITS;
    CompletionStage<Answer> answer =
        lobby.room.submit(User.named("ann"), post("late", "send-0001"));
    lobby.time.advance(lobby.limits.storeTimeoutMs() + 1L);
    assertThat(refusal(now(answer))).isEqualTo(Reason.UNAVAILABLE);

    lobby.store.goOn();
    lobby.time.runUntilIdle();
    assertThat(lobby.asks("ann", post("late", "send-0001"))).isInstanceOf(Answer.Repeated.class);
    assertThat(bob.read()).containsExactly("late");
  }

  @Test
  void aPageThatTheStoreNeverAnswersIsRefusedInTime() {
    TestRoom lobby = new TestRoom(SMALL);
    for (int i = 0; i < 6; i++) {
      lobby.asks("ann", post("m" + i));
    }
    lobby.store.reads = MoodyStore.Mood.NEVER_ANSWERS;
    CompletionStage<List<StoredMessage>> page = lobby.room.page(User.named("bob"), 3, 5);
    lobby.time.advance(lobby.limits.storeTimeoutMs() + 1L);

    assertThatThrownBy(() -> now(page)).hasCauseInstanceOf(RefusedException.class);
  }

  @Test
  void whatAnotherWriterHasSavedIsToldBeforeOurOwn() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    TestRoom.Guest here = lobby.enters("ann");
    RoomRegistry other =
        RoomRegistry.local(lobby.store.port(), lobby.time, lobby.limits, (record, event) -> {});
    Room there = now(other.lease(ID)).orElseThrow().room();
    there.submit(User.named("cid"), post("from elsewhere"));
    lobby.time.runUntilIdle();
    assertThat(bob.read()).isEmpty();

    here.says("from here");
    assertThat(bob.read()).containsExactly("from elsewhere", "from here");
    assertThat(bob.seqs()).containsExactly(4L, 5L);

    there.submit(User.named("cid"), post("once more"));
    lobby.room.hint();
    lobby.time.runUntilIdle();
    assertThat(bob.read()).endsWith("once more");
  }

  private static List<String> contents(Event.Snapshot snapshot) {
    return snapshot.messages().stream().map(stored -> stored.message().content()).toList();
  }

  /** Welcome, and then it throws. */
  private static final class Poison implements Member {
    private final TestRoom.Guest guest;

    Poison(TestRoom lobby) {
      guest = lobby.new Guest(lobby.room, User.named("cid"), "poison");
    }

    @Override
    public String id() {
      return guest.id();
    }

    @Override
    public User user() {
      return guest.user();
    }

    @Override
    public Map<String, String> info() {
      return guest.info();
    }

    @Override
    public boolean hear(Delivery delivery) {
      if (delivery.events().get(0) instanceof Event.Posted) {
        throw new IllegalStateException("planned");
      }
      return guest.hear(delivery);
    }

    @Override
    public void part(Farewell farewell) {
      guest.part(farewell);
    }
  }
}
