package io.fluxy.room;

import static io.fluxy.room.TestRoom.post;
import static io.fluxy.room.TestRoom.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.User;
import io.fluxy.store.RoomRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a room's type means, and how a room changes and ends. */
class RoomRulesTest {
  private static final User GUEST = new User("gil", Set.of(Role.GUEST));

  @Test
  void whoeverMayNotSpeakWhenABotsMessageIsDecidedHasNoBotSayIt() {
    TestRoom square = new TestRoom(RoomType.PUBLIC);
    User bot = User.named("bot");
    User bob = User.named("bob");
    Command said = new Command.Post(Draft.text("for bob"), null, bob);
    assertThat(square.asks(bot, said)).isInstanceOf(Answer.Done.class);

    square.asks("ann", new Command.Impose("bob", Sanction.MUTE, 60, ""));
    assertThat(square.asks(bot, said))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.MUTED));
    assertThat(square.asks(bot, new Command.Post(Draft.text("its own"))))
        .isInstanceOf(Answer.Done.class);
    User guest = new User("guest", Set.of(Role.GUEST));
    assertThat(square.asks(bot, new Command.Post(Draft.text("for a guest"), null, guest)))
        .isInstanceOf(Answer.Refused.class);
  }

  @Test
  void aGuestReadsAPublicRoomAndNothingElse() {
    TestRoom square = new TestRoom(RoomType.PUBLIC);
    square.asks("ann", post("hello"));
    long id = Message.id(1, 4);

    assertThat(square.enters(GUEST, 9).last(Event.Snapshot.class).messages()).hasSize(1);
    assertThat(refusal(square.asks(GUEST, post("hi")))).isEqualTo(Reason.GUEST_READ_ONLY);
    assertThat(refusal(square.asks(GUEST, new Command.React(id, "👍", true))))
        .isEqualTo(Reason.GUEST_READ_ONLY);
    TestRoom group = new TestRoom();
    assertThat(group.enters(GUEST, 9).farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(refusal(group.asks(GUEST, post("hi")))).isEqualTo(Reason.FORBIDDEN);
  }

  @Test
  void moderatorsSpeakInAnAnnouncementRoomWhereverTheyAreOne() {
    TestRoom news = new TestRoom(RoomType.ANNOUNCEMENT);
    User mod = new User("bob", Set.of(Role.MODERATOR));

    assertThat(refusal(news.asks("bob", post("hi")))).isEqualTo(Reason.ANNOUNCEMENT_READ_ONLY);
    assertThat(news.asks(mod, post("hi"))).isInstanceOf(Answer.Done.class);
    news.asks("ann", new Command.AddMember("cid", Role.MODERATOR));
    assertThat(news.asks("cid", post("hi"))).isInstanceOf(Answer.Done.class);
  }

  @Test
  void aDmHasTwoMembersAndStaysADm() {
    TestRoom dm = new TestRoom(RoomType.DM);
    assertThat(refusal(dm.asks("ann", new Command.AddMember("dan", Role.MEMBER))))
        .isEqualTo(Reason.INVALID);
    assertThat(refusal(dm.asks("ann", new Command.ChangeRoom(null, RoomType.PUBLIC))))
        .isEqualTo(Reason.INVALID);
    TestRoom group = new TestRoom();
    assertThat(refusal(group.asks("ann", new Command.ChangeRoom(null, RoomType.DM))))
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void itsOwnerGivesARoomAnotherNameAndType() {
    TestRoom lobby = new TestRoom();
    assertThat(refusal(lobby.asks("bob", new Command.ChangeRoom("Bar", null))))
        .isEqualTo(Reason.NOT_AN_ADMIN);
    assertThat(refusal(lobby.asks("ann", new Command.ChangeRoom(" ", null))))
        .isEqualTo(Reason.INVALID);
    assertThat(lobby.asks("ann", new Command.ChangeRoom("Lobby", RoomType.GROUP)))
        .isInstanceOf(Answer.Unchanged.class);
    lobby.asks("ann", new Command.ChangeRoom("Bar", RoomType.PUBLIC));

    RoomRecord changed =
        new RoomRecord(TestRoom.ID, 1, RoomType.PUBLIC, "Bar", lobby.room.record().createdAtMs());
    assertThat(lobby.room.record()).isEqualTo(changed);
    assertThat(lobby.asks("eve", post("let me in"))).isInstanceOf(Answer.Done.class);
    assertThat(lobby.reopened().record()).isEqualTo(changed);
  }

  @Test
  void whoeverMayNoLongerBeThereLeavesWhenARoomCloses() {
    TestRoom square = new TestRoom(RoomType.PUBLIC);
    TestRoom.Guest bob = square.enters("bob");
    TestRoom.Guest eve = square.enters("eve");
    TestRoom.Guest gil = square.enters(GUEST, 0);
    square.asks("ann", new Command.ChangeRoom(null, RoomType.GROUP));
    square.asks("ann", post("among us"));

    assertThat(eve.farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(gil.farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(eve.read()).isEmpty();
    assertThat(bob.read()).containsExactly("among us");
  }

  @Test
  void everybodyLeavesADeletedRoomAndNothingIsSaidThereAnyMore() {
    TestRoom lobby = new TestRoom();
    TestRoom.Guest bob = lobby.enters("bob");
    User owner = new User("boss", Set.of(Role.OWNER));
    lobby.asks("ann", post("hello"));
    assertThat(refusal(lobby.asks("bob", new Command.DeleteRoom()))).isEqualTo(Reason.NOT_AN_ADMIN);
    assertThat(lobby.asks("ann", new Command.DeleteRoom())).isInstanceOf(Answer.Done.class);

    assertThat(bob.farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(lobby.asks("ann", new Command.DeleteRoom())).isInstanceOf(Answer.Unchanged.class);
    assertThat(refusal(lobby.asks(owner, post("still here?")))).isEqualTo(Reason.FORBIDDEN);
    assertThat(refusal(lobby.asks("ann", new Command.Enter(true)))).isEqualTo(Reason.FORBIDDEN);
    assertThat(lobby.enters(owner, 5).farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(lobby.log()).hasSize(1).first().isInstanceOf(Event.RoomDeleted.class);
    lobby.time.advance(lobby.limits.roomIdleMs() * 3L);
    CompletionStage<Optional<RoomRegistry.Lease>> again = lobby.registry.lease(TestRoom.ID);
    lobby.time.runUntilIdle();
    assertThat(TestRoom.now(again).map(RoomRegistry.Lease::room).map(Room::record))
        .as("the test has a lease on it, so it is alive, and empty")
        .isPresent();
  }

  @Test
  void nothingOfTheTurnThatDeletesARoomComesAfterItsEnd() {
    TestRoom lobby = new TestRoom();
    lobby.room.submit(User.named("ann"), new Command.DeleteRoom());
    CompletionStage<Answer> late = lobby.room.submit(User.named("ann"), post("late"));
    CompletionStage<Answer> again = lobby.room.submit(User.named("ann"), new Command.DeleteRoom());
    lobby.time.runUntilIdle();

    assertThat(refusal(TestRoom.now(late))).isEqualTo(Reason.FORBIDDEN);
    assertThat(refusal(TestRoom.now(again))).isEqualTo(Reason.FORBIDDEN);
    assertThat(lobby.log()).hasSize(1);
  }

  @Test
  void anEngineThatIsBehindHearsOfTheEndAndWritesNothingBehindIt() {
    TestRoom lobby = new TestRoom();
    RoomRegistry elsewhere =
        RoomRegistry.local(lobby.store.port(), lobby.time, lobby.limits, (record, event) -> {});
    CompletionStage<Optional<RoomRegistry.Lease>> lease = elsewhere.lease(TestRoom.ID);
    lobby.time.runUntilIdle();
    Room theirs = TestRoom.now(lease).orElseThrow().room();
    TestRoom.Guest bob = lobby.new Guest(theirs, User.named("bob"), "b1");
    theirs.join(bob, 0, true);
    lobby.time.runUntilIdle();
    for (String text : List.of("one", "two", "three")) {
      lobby.asks("ann", post(text));
    }
    lobby.asks("ann", new Command.DeleteRoom());
    bob.says("anybody?");

    assertThat(bob.farewell()).isEqualTo(Farewell.Reason.FORBIDDEN);
    assertThat(lobby.log()).hasSize(1).first().isInstanceOf(Event.RoomDeleted.class);
  }
}
