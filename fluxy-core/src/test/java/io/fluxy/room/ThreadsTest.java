package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Replies;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest {
  private static Message says(TestRoom room, String user, Draft draft) {
    return TestRoom.posted(room.asks(user, new Command.Post(draft)));
  }

  private static Message answers(TestRoom room, String user, Message parent) {
    return says(room, user, Draft.text("answer").inReplyTo(parent.id()));
  }

  private static Event.ThreadChanged changed(Message parent, @Nullable Replies replies) {
    return new Event.ThreadChanged(parent.id(), replies, parent.readers());
  }

  @Test
  void everybodyHearsHowAThreadGrowsAndShrinks() {
    TestRoom lobby = new TestRoom();
    Message parent = says(lobby, "ann", Draft.text("question"));
    TestRoom.Guest cid = lobby.enters("cid");

    Message first = answers(lobby, "bob", parent);
    Message second = answers(lobby, "ann", parent);
    lobby.asks("ann", new Command.Delete(second.id(), false));
    lobby.asks("bob", new Command.Delete(first.id(), false));

    assertThat(cid.all(Event.ThreadChanged.class))
        .containsExactly(
            changed(parent, new Replies(1, first.createdAtMs(), List.of("bob"))),
            changed(parent, new Replies(2, second.createdAtMs(), List.of("ann", "bob"))),
            changed(parent, new Replies(1, first.createdAtMs(), List.of("bob"))),
            changed(parent, null));
  }

  @Test
  void anAnswerForFewerReadersIsNotCounted() {
    TestRoom lobby = new TestRoom();
    Message parent = says(lobby, "ann", Draft.text("question"));
    Message whisper = says(lobby, "ann", Draft.text("psst").whispered(Readers.only(Set.of("bob"))));
    TestRoom.Guest bob = lobby.enters("bob");
    TestRoom.Guest cid = lobby.enters("cid");

    says(
        lobby,
        "bob",
        Draft.text("psst").inReplyTo(parent.id()).whispered(Readers.only(Set.of("ann"))));
    assertThat(bob.all(Event.ThreadChanged.class)).isEmpty();
    Message answer = answers(lobby, "bob", whisper);

    assertThat(bob.all(Event.ThreadChanged.class))
        .containsExactly(changed(whisper, new Replies(1, answer.createdAtMs(), List.of("bob"))));
    assertThat(cid.all(Event.ThreadChanged.class)).isEmpty();
  }

  @Test
  void theFiveWhoAnsweredLastAreNamed() {
    TestRoom square = new TestRoom(RoomType.PUBLIC);
    Message parent = says(square, "ann", Draft.text("question"));
    List<String> users = List.of("u1", "u2", "u3", "u4", "u5", "u6", "u2");
    users.forEach(user -> answers(square, user, parent));

    Replies replies = Objects.requireNonNull(newest(square).get(parent.seq()));

    assertThat(replies.count()).isEqualTo(7);
    assertThat(replies.userIds()).containsExactly("u2", "u6", "u5", "u4", "u3");
  }

  /** What memory says of threads is what the store says, whatever happened. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void memoryCountsLikeTheStore(long seed) {
    Random random = new Random(seed);
    Limits limits = Limits.defaults().toBuilder().recentMessagesMax(2 + random.nextInt(20)).build();
    TestRoom lobby = new TestRoom(limits);
    List<Message> posted = new ArrayList<>();
    List<String> users = List.of("ann", "bob", "cid");
    for (int i = 0; i < 120; i++) {
      String user = users.get(random.nextInt(3));
      Message any = posted.isEmpty() ? null : posted.get(random.nextInt(posted.size()));
      int dice = random.nextInt(10);
      if (any == null || dice < 3) {
        Draft draft = Draft.text("m" + i);
        posted.add(
            says(
                lobby,
                user,
                random.nextInt(4) == 0 ? draft.whispered(Readers.only(Set.copyOf(users))) : draft));
      } else if (dice < 8) {
        Message recent = posted.get(posted.size() - 1 - random.nextInt(Math.min(8, posted.size())));
        posted.add(answers(lobby, user, recent));
      } else if (dice == 8) {
        lobby.asks(any.userId(), new Command.Delete(any.id(), false));
      } else {
        lobby.asks(
            new User("ann", Set.of(Role.OWNER)),
            new Command.Purge(random.nextBoolean() ? user : null, any.seq() - 1, any.seq() + 1));
      }
      if (i % 7 == 0) {
        assertThat(newest(lobby)).as("after %d steps", i).isEqualTo(kept(lobby));
      }
    }
    assertThat(newest(lobby)).isEqualTo(kept(lobby));
  }

  /** As the room shows it: what it has in memory, if that is enough. */
  private static Map<Long, Replies> newest(TestRoom room) {
    TreeMap<Long, Replies> replies = new TreeMap<>();
    for (int max = 1; max <= room.limits.recentMessagesMax(); max++) {
      var page = room.room.page(User.named("ann"), Long.MAX_VALUE, max);
      room.time.runUntilIdle();
      for (StoredMessage stored : TestRoom.now(page)) {
        if (stored.replies() != null) {
          replies.put(stored.message().seq(), stored.replies());
        }
      }
    }
    return replies;
  }

  private static Map<Long, Replies> kept(TestRoom room) {
    TreeMap<Long, Replies> replies = new TreeMap<>();
    int max = room.limits.recentMessagesMax();
    for (StoredMessage stored :
        TestRoom.now(room.store.inner().messages().page(TestRoom.ID, Long.MAX_VALUE, max))) {
      if (stored.replies() != null) {
        replies.put(stored.message().seq(), stored.replies());
      }
    }
    return replies;
  }
}
