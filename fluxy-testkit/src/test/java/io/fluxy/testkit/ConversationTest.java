package io.fluxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Draft;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@FluxyTest
class ConversationTest {
  @Test
  void whatOneSaysTheOthersHearAndEverybodySees(TestRoom room) {
    TestClient ann = room.enters("ann");
    TestClient bob = room.enters("bob");

    Sent hi = ann.says("hi");
    bob.says("hi yourself");

    assertThat(hi).isAcknowledged();
    bob.hears("hi").hearsNothing();
    ann.hears("hi yourself").hearsNothing();
    assertThat(ann).sees("hi", "hi yourself");
    assertThat(room)
        .hasMessages("hi", "hi yourself")
        .hasMembers("ann", "bob")
        .hasPresent("ann", "bob")
        .isGapFree()
        .looksTheSameToEveryone();
  }

  @Test
  void whoeverEntersLateSeesWhatWasSaidAndHearsWhatIs(TestRoom room) {
    room.enters("ann").says("early");

    TestClient bob = room.enters("bob");
    bob.hearsNothing();
    room.posts("ann", "late");

    bob.hears("late");
    assertThat(bob).sees("early", "late");
  }

  @Test
  void anEditAndADeletionAreSeen(TestRoom room) {
    TestClient ann = room.enters("ann");
    TestClient bob = room.enters("bob");
    Sent first = ann.says("first");
    Sent second = ann.says("second");

    ann.edits(first, "1st");
    ann.deletes(second);

    assertThat(bob).sees("1st");
    assertThat(room).hasMessages("1st").isGapFree().looksTheSameToEveryone();
  }

  @Test
  void aGroupTurnsStrangersAway(TestChat chat) {
    TestRoom group = chat.room("board", "ann", "bob");

    assertThat(group).turnsAway("eve").hasMembers("ann", "bob").hasPresent();
    assertThatThrownBy(() -> group.enters("eve"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("eve may not enter test/board: 403");
    assertThatThrownBy(() -> assertThat(group).turnsAway("bob"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("test/board should turn bob away, but lets them in");
  }

  @Test
  void inAnAnnouncementRoomOnlyItsOwnerSpeaks(TestChat chat) {
    TestRoom news = chat.room(RoomType.ANNOUNCEMENT, "news", "ann", "bob");
    TestClient bob = news.enters("bob");

    assertThat(bob.says("me too")).isRefusedWith("announcement_read_only");
    news.posts("ann", "today");

    bob.hears("today");
    assertThat(news).hasMessages("today");
  }

  @Test
  void anEventStreamHearsTheSame(TestRoom room) {
    TestClient ann = room.enters("ann");
    TestClient bob = room.enters("bob", Dialect.fluxyChatStream());

    ann.says("hi");

    bob.hears("hi");
    assertThatThrownBy(() -> bob.says("hi")).isInstanceOf(UnsupportedOperationException.class);
    bob.drops();
    ann.says("and again");
    bob.comesBack();

    bob.hears("and again").hearsNothing();
    assertThat(room).looksTheSameToEveryone();
  }

  @Test
  void aWhisperIsHeardByWhomItIsForAndByNobodyElse(TestRoom room) {
    TestClient bob = room.enters("bob");
    TestClient cid = room.enters("cid");
    room.enters("ann");

    room.posts("ann", Draft.text("psst").whispered(Readers.only(Set.of("bob"))));

    bob.hears("psst");
    cid.hearsNothing();
  }

  @Test
  void whatHappensAtOnceHappensInAnOrderThatTheSeedDecides() {
    assertThat(orderWith(1)).isEqualTo(orderWith(1));
    assertThat(orders()).hasSizeGreaterThan(1);
  }

  private static Set<String> orders() {
    return LongStream.range(0, 50)
        .mapToObj(ConversationTest::orderWith)
        .collect(Collectors.toSet());
  }

  private static String orderWith(long seed) {
    try (TestChat chat = TestChat.setup().seed(seed).start()) {
      TestRoom room = chat.room("lobby");
      TestClient ann = room.enters("ann");
      TestClient bob = room.enters("bob");
      TestClient cid = room.enters("cid");
      chat.atOnce(
          () -> {
            ann.says("a1");
            ann.says("a2");
            bob.says("b");
          });
      assertThat(room).hasMessageCount(3).isGapFree().looksTheSameToEveryone();
      assertThat(cid.sees()).containsSubsequence("a1", "a2");
      return String.join(" ", cid.sees());
    }
  }

  @Test
  void aClientGivesTimeForAnAnswer(TestRoom room, TestChat chat) {
    TestClient bob = room.enters("bob");
    chat.time().after(90_000, () -> room.host().post(admin("ann"), Draft.text("done")));

    bob.within(Duration.ofSeconds(89)).hearsNothing();
    bob.within(Duration.ofSeconds(2)).hears("done");

    assertThat(chat.time().ticksMs()).isBetween(90_000L, 91_100L);
  }

  private static User admin(String id) {
    return new User(id, Set.of(Role.ADMIN));
  }

  @Test
  void aFailureTellsTheStory(TestRoom room) {
    TestClient ann = room.enters("ann");
    TestClient bob = room.enters("bob");
    ann.says("hi");

    assertThatThrownBy(() -> bob.hears("hello"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("bob in test/lobby should hear \"hello\", but heard \"hi\"")
        .hasMessageContaining("00:00:00.001  ann enters lobby\n")
        .hasMessageContaining("00:00:00.001  ann says: hi\n");
    assertThatThrownBy(() -> assertThat(room).hasMessages("hello"))
        .hasMessageContaining("test/lobby should have messages \"hello\", but has \"hi\"")
        .hasMessageContaining("ann says: hi");
    assertThatThrownBy(() -> assertThat(bob).sees())
        .hasMessageContaining("bob in test/lobby should see nothing, but sees \"hi\"");
    assertThatThrownBy(bob::hearsNothing).hasMessageContaining("should hear nothing");
  }
}
