package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.StoredMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What every store must say of messages as they stand: pages, times, what expires; part of {@link
 * StoreContract}.
 */
abstract class MessagesContract extends StoreStories {
  MessagesContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void anEditedMessageStandsWithItsNewTextWhileTheLogKeepsTheOld() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "ann", "helo"));

    lobby.append(lobby.edit(2, 1, "hello", 2), lobby.edit(3, 1, "hello!", 3));

    Message stands = lobby.messages(1L).get(0).message();
    assertThat(stands.content()).isEqualTo("hello!");
    assertThat(stands.version()).isEqualTo(3);
    assertThat(stands.editedAtMs()).isEqualTo(T0 + 3);
    assertThat(stands.createdAtMs()).isEqualTo(T0 + 1);
    assertThat(stands.isDeleted()).isFalse();
    assertThat(lobby.page(Long.MAX_VALUE, 10)).containsExactlyElementsOf(lobby.messages(1L));
    assertThat(lobby.read(0, 10))
        .containsExactly(
            lobby.post(1, "ann", "helo"),
            lobby.edit(2, 1, "hello", 2),
            lobby.edit(3, 1, "hello!", 3));
  }

  @Test
  void anEditKeepsMentionsAttachmentsParentAndClientMessageId() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "bob", "question"));
    Message rich = lobby.rich(2, "ann", "answer");
    lobby.append(new Event.Posted(rich));

    lobby.append(lobby.edit(3, 2, "better answer", 2));

    assertThat(lobby.messages(2L).get(0).message()).isEqualTo(rich.edited("better answer", T0 + 3));
  }

  @Test
  void aPostAndItsEditInOneAppendLeaveTheEditedText() {
    Room lobby = founded(LOBBY);

    lobby.append(
        lobby.post(1, "ann", "helo"),
        lobby.edit(2, 1, "hello", 2),
        lobby.reaction(3, 1, "bob", true));

    StoredMessage stands = lobby.messages(1L).get(0);
    assertThat(stands.message().content()).isEqualTo("hello");
    assertThat(stands.reactions()).isEqualTo(Map.of("👍", Set.of("bob")));
  }

  @Test
  void aDeletedMessageLeavesPagesAndLosesItsTextEverywhere() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "bob", "question"));
    lobby.append(new Event.Posted(lobby.rich(2, "ann", "secret")));
    lobby.append(lobby.edit(3, 2, "secret too", 2), lobby.edit(4, 1, "stays", 2));

    lobby.append(lobby.deletion(5, 2, false));

    assertThat(lobby.page(Long.MAX_VALUE, 10))
        .extracting(stored -> stored.message().seq())
        .containsExactly(1L);
    Message stands = lobby.messages(2L).get(0).message();
    assertThat(stands.isDeleted()).isTrue();
    assertThat(stands.deletedAtMs()).isEqualTo(T0 + 5);
    assertThat(stands.content()).isEmpty();
    assertThat(stands.mentions()).isEmpty();
    assertThat(stands.attachments()).isEmpty();
    assertThat(stands.version()).isEqualTo(3);
    List<Event.Durable> log = lobby.read(0, 10);
    Message told = ((Event.Posted) log.get(1)).message();
    assertThat(told.content()).isEmpty();
    assertThat(told.mentions()).isEmpty();
    assertThat(told.attachments()).isEmpty();
    assertThat(told.parentId()).isEqualTo(Message.id(lobby.number, 1));
    assertThat(log.get(2)).isEqualTo(lobby.edit(3, 2, "", 2));
    assertThat(log.get(3)).as("another message's edit").isEqualTo(lobby.edit(4, 1, "stays", 2));
    assertThat(log.get(4)).isEqualTo(lobby.deletion(5, 2, false));
  }

  @Test
  void aHardDeletionReadsLikeASoftOneAndSaysThatItWasHard() {
    Room lobby = founded(LOBBY);
    lobby.append(new Event.Posted(lobby.rich(1, "ann", "secret")));
    lobby.append(lobby.edit(2, 1, "secret too", 2), lobby.post(3, "bob", "stays"));
    lobby.append(lobby.edit(4, 3, "stays too", 2));

    lobby.append(lobby.deletion(5, 1, true));

    assertThat(lobby.messages(1L).get(0).message().content()).isEmpty();
    List<Event.Durable> log = lobby.read(0, 10);
    assertThat(((Event.Posted) log.get(0)).message().content()).isEmpty();
    assertThat(log.get(1)).isEqualTo(lobby.edit(2, 1, "", 2));
    assertThat(log.get(2)).isEqualTo(lobby.post(3, "bob", "stays"));
    assertThat(log.get(3)).isEqualTo(lobby.edit(4, 3, "stays too", 2));
    assertThat(log.get(4)).isEqualTo(lobby.deletion(5, 1, true));
  }

  @Test
  void anEditDoesNotBringADeletedMessageBack() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "ann", "secret"), lobby.deletion(2, 1, false));

    lobby.append(lobby.edit(3, 1, "secret again", 4));

    assertThat(lobby.page(Long.MAX_VALUE, 10)).isEmpty();
    assertThat(lobby.messages(1L).get(0).message().content()).isEmpty();
    assertThat(lobby.read(2, 10)).containsExactly(lobby.edit(3, 1, "", 4));
  }

  @Test
  void reactionsArePutOnceAndTakenAwayPerUserAndEmoji() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.post(1, "ann", "a"), lobby.post(2, "ann", "b"));

    lobby.append(
        lobby.reaction(3, 1, "ann", true),
        lobby.reaction(4, 1, "bob", true),
        lobby.reaction(5, 1, "bob", true),
        new Event.Reacted(6, T0 + 6, lobby.messageId(1), "bob", "🎉", true),
        lobby.reaction(7, 2, "bob", true));
    assertThat(lobby.messages(1L).get(0).reactions())
        .isEqualTo(Map.of("👍", Set.of("ann", "bob"), "🎉", Set.of("bob")));

    lobby.append(
        lobby.reaction(8, 1, "bob", false),
        lobby.reaction(9, 2, "bob", false),
        lobby.reaction(10, 2, "eve", false));
    assertThat(lobby.page(Long.MAX_VALUE, 10))
        .extracting(StoredMessage::reactions)
        .containsExactly(Map.of(), Map.of("👍", Set.of("ann"), "🎉", Set.of("bob")));
    assertThat(lobby.open(10).newest()).isEqualTo(lobby.page(Long.MAX_VALUE, 10));
  }

  @Test
  void chosenMessagesComeInOrderWithoutWhatIsNoPost() {
    Room lobby = founded(LOBBY);
    lobby.posts(100);
    lobby.append(lobby.reaction(101, 70, "bob", true));

    Set<Long> wanted = new TreeSet<>(Collections.reverseOrder());
    LongStream.rangeClosed(0, 120).filter(seq -> seq % 2 == 0).forEach(wanted::add);
    wanted.add(101L);
    List<StoredMessage> found = get(store().messages().messages(lobby.id, wanted));

    assertThat(found)
        .extracting(stored -> stored.message().seq())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 100).filter(seq -> seq % 2 == 0).boxed().toList());
    assertThat(found.get(34).reactions()).isEqualTo(Map.of("👍", Set.of("bob")));
    assertThat(lobby.messages()).isEmpty();
  }

  @Test
  void pagesAreNewestFirstAndFullUntilTheBeginning() {
    Room lobby = founded(LOBBY);
    lobby.posts(10);
    lobby.append(lobby.deletion(11, 9, false), lobby.deletion(12, 5, false));

    List<StoredMessage> first = lobby.page(Long.MAX_VALUE, 3);
    List<StoredMessage> second = lobby.page(8, 3);
    List<StoredMessage> third = lobby.page(4, 5);

    assertThat(first).extracting(stored -> stored.message().seq()).containsExactly(10L, 8L, 7L);
    assertThat(second).extracting(stored -> stored.message().seq()).containsExactly(7L, 6L, 4L);
    assertThat(third).extracting(stored -> stored.message().seq()).containsExactly(3L, 2L, 1L);
    assertThat(lobby.page(1, 5)).isEmpty();
  }

  @Test
  void pagingWhileOthersWriteLosesAndDoublesNothing() throws Exception {
    Room lobby = founded(LOBBY);
    lobby.posts(200);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (long seq = 201; seq <= 400; seq++) {
                  lobby.append(lobby.post(seq, "bob", "meanwhile"));
                }
              });
      List<Long> seen = new ArrayList<>();
      List<StoredMessage> page = lobby.page(201, 7);
      while (!page.isEmpty()) {
        page.forEach(stored -> seen.add(stored.message().seq()));
        page = lobby.page(seen.get(seen.size() - 1), 7);
      }
      writing.get(30, TimeUnit.SECONDS);

      assertThat(seen)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, 200).map(seq -> 201 - seq).boxed().toList());
    } finally {
      writer.shutdownNow();
    }
  }

  @Test
  void aTimeIsFoundExactlyBetweenBeforeAndAfter() {
    Room lobby = founded(LOBBY);
    assertThat(lobby.seqAt(T0)).isEqualTo(1);
    List<Event.Durable> events = new ArrayList<>();
    for (long seq = 1; seq <= 50; seq++) {
      events.add(new Event.MemberRemoved(seq, T0 + seq * 10, "ann", "bob"));
    }
    lobby.append(events);

    for (long seq = 1; seq <= 50; seq++) {
      assertThat(lobby.seqAt(T0 + seq * 10)).as("exactly").isEqualTo(seq);
      assertThat(lobby.seqAt(T0 + seq * 10 - 3)).as("between").isEqualTo(seq);
    }
    assertThat(lobby.seqAt(0)).as("before all").isEqualTo(1);
    assertThat(lobby.seqAt(T0 + 501)).as("after all").isEqualTo(51);
    assertThat(lobby.seqAt(Long.MAX_VALUE)).isEqualTo(51);
  }

  @Test
  void anEmptyRoomOpensWithNothing() {
    Room lobby = founded(LOBBY);

    OpenedRoom opened = lobby.open(10);

    assertThat(opened.room()).isEqualTo(get(store().directory().room(LOBBY)).orElseThrow());
    assertThat(opened.head()).isZero();
    assertThat(opened.lastAtMs()).isZero();
    assertThat(opened.members()).isEmpty();
    assertThat(opened.newest()).isEmpty();
  }

  @Test
  void anOpenedRoomKnowsItsHeadItsTimeItsMembersAndItsNewestMessages() {
    Room lobby = founded(LOBBY);
    lobby.posts(5);
    lobby.append(new Event.MemberAdded(6, T0 + 6, "ann", Role.OWNER, "ann"));
    lobby.append(lobby.deletion(7, 4, false));
    lobby.append(lobby.reaction(8, 3, "ann", true));

    OpenedRoom opened = lobby.open(3);

    assertThat(opened.head()).isEqualTo(8);
    assertThat(opened.lastAtMs()).isEqualTo(T0 + 8);
    assertThat(opened.members()).containsExactly(new MemberRecord("ann", Role.OWNER, T0 + 6));
    assertThat(opened.newest())
        .extracting(stored -> stored.message().seq())
        .containsExactly(5L, 3L, 2L);
    assertThat(opened.newest().get(1).reactions()).isEqualTo(Map.of("👍", Set.of("ann")));
  }

  @Test
  void whatExpiresIsFoundInTheOrderInWhichItGoesUntilItIsGone() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    lobby.append(lobby.expiring(1, 900), lobby.post(2, "ann", "stays"), lobby.expiring(3, 700));
    attic.append(attic.expiring(1, 800), attic.expiring(2, 800), attic.expiring(3, 800));
    assertThat(expiring(9)).containsExactly("lobby 3", "attic 1", "attic 2", "attic 3", "lobby 1");
    assertThat(expiring(2)).containsExactly("lobby 3", "attic 1");
    assertThat(lobby.messages(1L).get(0).message().expiresAtMs()).isEqualTo(T0 + 900);
    assertThat(((Event.Posted) lobby.read(0, 1).get(0)).message().expiresAtMs())
        .isEqualTo(T0 + 900);

    Event.Deleted expired =
        new Event.Deleted(4, T0 + 750, lobby.messageId(3), "ann", true, 2, true, null);
    lobby.append(expired);
    attic.append(new Event.Deleted(4, T0 + 4, attic.messageId(1), "ann", false, 2));

    assertThat(expiring(9)).containsExactly("attic 2", "attic 3", "lobby 1");
    assertThat(lobby.read(3, 9)).containsExactly(expired);
    Message gone = ((Event.Posted) lobby.read(2, 1).get(0)).message();
    assertThat(gone.content()).isEmpty();
    assertThat(gone.expiresAtMs()).isNull();
    attic.append(new Event.RoomDeleted(5, T0 + 5, "ann"));
    assertThat(expiring(9)).containsExactly("lobby 1");
  }

  private List<String> expiring(int max) {
    return get(store().expiries().next(max)).stream()
        .map(each -> each.room().id().name() + " " + each.seq())
        .toList();
  }
}
