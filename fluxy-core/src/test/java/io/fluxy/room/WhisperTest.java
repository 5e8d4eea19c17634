package io.fluxy.room;

import static io.fluxy.room.TestRoom.posted;
import static io.fluxy.room.TestRoom.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.Role;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that is not for everyone is for nobody else at all. */
class WhisperTest {
  private static final Limits SMALL =
      Limits.defaults().toBuilder().recentMessagesMax(3).recentEventsMax(2).build();

  private final TestRoom lobby = new TestRoom();
  private final TestRoom.Guest ann = lobby.enters("ann");
  private final TestRoom.Guest bob = lobby.enters("bob");
  private final TestRoom.Guest cid = lobby.enters("cid");

  private static Command.Post whisper(String content, String... to) {
    return new Command.Post(Draft.text(content).whispered(Readers.only(List.of(to))));
  }

  private Message whispered(String from, String content, String... to) {
    return posted(lobby.asks(from, whisper(content, to)));
  }

  @Test
  void aWhisperIsHeardByItsAuthorAndThoseItNames() {
    whispered("ann", "psst", "bob");
    ann.says("aloud");

    assertThat(ann.read()).containsExactly("psst", "aloud");
    assertThat(bob.read()).containsExactly("psst", "aloud");
    assertThat(cid.read()).containsExactly("aloud");
    assertThat(lobby.log()).extracting(Event.Durable::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void whatHappensToAWhisperIsHeardByTheSame() {
    long id = whispered("ann", "psst", "bob").id();
    lobby.asks("bob", new Command.React(id, "👍", true));
    lobby.asks("ann", new Command.Edit(id, "psst!"));
    lobby.asks("bob", new Command.Read(id));
    lobby.asks("ann", new Command.Delete(id, false));

    assertThat(bob.all(Event.Durable.class)).hasSize(4);
    assertThat(bob.all(Event.Read.class)).hasSize(1);
    assertThat(cid.all(Event.Durable.class)).isEmpty();
    assertThat(cid.all(Event.Read.class)).isEmpty();
  }

  @Test
  void itsIdIsAsGoodAsNoneForEverybodyElseTheProjectsOwnerIncluded() {
    long id = whispered("bob", "psst", "cid").id();
    User owner = new User("ann", Set.of(Role.OWNER));
    List<Command> commands =
        List.of(
            new Command.React(id, "👍", true),
            new Command.Edit(id, "mine"),
            new Command.Delete(id, false),
            new Command.Delete(id, true),
            new Command.Read(id),
            new Command.Post(Draft.text("re").inReplyTo(id)));
    for (Command command : commands) {
      assertThat(refusal(lobby.asks(owner, command)))
          .as("%s", command)
          .isEqualTo(Reason.MESSAGE_NOT_FOUND);
    }
  }

  @Test
  void aRoleHearsWhatIsForItInTheRoomAndInTheProject() {
    TestRoom.Guest mod = lobby.enters(new User("cid", Set.of(Role.MODERATOR)), 0);
    lobby.asks(
        "bob", new Command.Post(Draft.text("help").whispered(Readers.inRole(Role.MODERATOR))));
    lobby.asks("ann", new Command.AddMember("cid", Role.MODERATOR));
    lobby.asks(
        "bob", new Command.Post(Draft.text("again").whispered(Readers.inRole(Role.MODERATOR))));

    assertThat(mod.read()).containsExactly("help", "again");
    assertThat(cid.read()).containsExactly("again");
    assertThat(bob.read()).containsExactly("help", "again");
    assertThat(ann.read()).isEmpty();
  }

  @Test
  void anAnswerToAWhisperIsAWhisperToTheSame() {
    long id = whispered("ann", "psst", "bob").id();
    lobby.asks("bob", new Command.Post(Draft.text("what?").inReplyTo(id)));

    assertThat(ann.read()).containsExactly("psst", "what?");
    assertThat(cid.read()).isEmpty();
    Draft wider = Draft.text("tell").inReplyTo(id).whispered(Readers.only(List.of("cid")));
    assertThat(refusal(lobby.asks("bob", new Command.Post(wider)))).isEqualTo(Reason.INVALID);
    Draft role = Draft.text("tell").inReplyTo(id).whispered(Readers.inRole(Role.MEMBER));
    assertThat(refusal(lobby.asks("bob", new Command.Post(role)))).isEqualTo(Reason.INVALID);
  }

  @Test
  void aWhisperMentionsNobodyWhoMayNotReadIt() {
    assertThat(whispered("ann", "not a word to @cid, @bob", "bob").mentions())
        .containsExactly("bob");
  }

  @Test
  void itNamesOnlySoMany() {
    String[] many = new String[Limits.defaults().readersPerMessageMax() + 1];
    for (int i = 0; i < many.length; i++) {
      many[i] = "u" + i;
    }
    assertThat(refusal(lobby.asks("ann", whisper("psst", many)))).isEqualTo(Reason.LIMIT_REACHED);
    assertThat(refusal(lobby.asks("ann", whisper("psst", "a,b")))).isEqualTo(Reason.INVALID);
  }

  @Test
  void aPageIsFullWhateverIsHiddenInBetween() {
    TestRoom small = new TestRoom(SMALL);
    small.asks("ann", TestRoom.post("first"));
    for (int i = 0; i < 250; i++) {
      small.asks("ann", whisper("psst " + i, "bob"));
    }
    small.asks("ann", TestRoom.post("last"));

    assertThat(small.page(small.room, "cid", Long.MAX_VALUE, 2)).containsExactly("last", "first");
    assertThat(small.page(small.room, "cid", Long.MAX_VALUE, 500)).hasSize(2);
    assertThat(small.page(small.room, "bob", Long.MAX_VALUE, 500)).hasSize(252);
    TestRoom.Guest late = small.enters(User.named("cid"), 2);
    assertThat(late.last(Event.Snapshot.class).messages())
        .extracting(stored -> stored.message().content())
        .containsExactly("first", "last");
  }

  @Test
  void aWhisperSentTwiceIsAnsweredOnce() {
    Draft draft = Draft.text("psst").whispered(Readers.only(List.of("bob")));
    Command post = new Command.Post(draft.withClientMessageId("client-1"));
    Message first = posted(lobby.asks("ann", post));
    assertThat(lobby.asks("ann", post)).isEqualTo(new Answer.Repeated(first));
  }

  /**
   * Whatever is said, edited, deleted, reacted to, however slow somebody is: everyone hears exactly
   * what is for them, in order, and no room that is opened again shows more.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyoneHearsExactlyWhatIsForThem(int seed) {
    Random random = new Random(seed);
    TestRoom room = new TestRoom(SMALL);
    List<String> users = List.of("ann", "bob", "cid");
    List<TestRoom.Guest> guests = new ArrayList<>();
    users.forEach(user -> guests.add(room.enters(user)));
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      String user = users.get(random.nextInt(3));
      TestRoom.Guest guest = guests.get(random.nextInt(3));
      int what = random.nextInt(10);
      if (what < 6 || ids.isEmpty()) {
        Draft draft = Draft.text("m" + i);
        String to = users.get(random.nextInt(3));
        boolean answers = !ids.isEmpty() && random.nextInt(4) == 0;
        draft = answers ? draft.inReplyTo(ids.get(random.nextInt(ids.size()))) : draft;
        draft = random.nextBoolean() ? draft.whispered(Readers.only(List.of(to))) : draft;
        if (room.asks(user, new Command.Post(draft)) instanceof Answer.Done done) {
          ids.add(((Event.Posted) done.event()).message().id());
        }
      } else {
        long id = ids.get(random.nextInt(ids.size()));
        switch (what) {
          case 6 -> room.asks(user, new Command.Edit(id, "e" + i));
          case 7 -> room.asks(user, new Command.Delete(id, false));
          case 8 -> room.asks(user, new Command.React(id, "👍", true));
          default -> guest.stopsListening();
        }
      }
      if (random.nextInt(8) == 0) {
        guest.listensAgain();
      }
    }
    guests.forEach(TestRoom.Guest::listensAgain);

    List<Event.Durable> log = room.log();
    for (TestRoom.Guest guest : guests) {
      List<Long> forThem =
          log.stream()
              .filter(e -> e.seq() > 3)
              .filter(e -> e.readers() == null || e.readers().include(guest.user(), null))
              .map(Event.Durable::seq)
              .toList();
      assertThat(guest.seqs()).as(guest.user().id()).isEqualTo(forThem);
    }
    for (String user : users) {
      List<String> now = room.page(room.room, user, Long.MAX_VALUE, 500);
      for (long before = log.size(); before > 0; before -= 7) {
        List<String> page = room.page(room.room, user, before, 500);
        assertThat(now).as("a page from the middle").endsWith(page.toArray(String[]::new));
      }
    }
    Room again = room.reopened();
    for (String user : users) {
      List<String> all = room.page(again, user, Long.MAX_VALUE, 500);
      List<String> paged = new ArrayList<>();
      CompletionStage<List<StoredMessage>> page = again.page(User.named(user), Long.MAX_VALUE, 3);
      while (true) {
        room.time.runUntilIdle();
        List<StoredMessage> got = TestRoom.now(page);
        got.forEach(stored -> paged.add(stored.message().content()));
        if (got.size() < 3) {
          break;
        }
        page = again.page(User.named(user), got.get(2).message().seq(), 3);
      }
      assertThat(paged).as("what %s pages through", user).isEqualTo(all);
    }
  }
}
