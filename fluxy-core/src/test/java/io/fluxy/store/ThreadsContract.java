package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Replies;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store must do with answers and mentions; part of {@link StoreContract}. */
abstract class ThreadsContract extends StoreStories {
  private static final RoomId SCHOOL = new RoomId("school", "lobby");
  private static final Readers TWO = Readers.only(Set.of("ann", "bob"));

  ThreadsContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void answersArePagedNewestFirst() {
    found(LOBBY);
    found(ATTIC);
    append(ATTIC, post(1, "ann", 0), post(2, "bob", 1));
    append(LOBBY, post(1, "ann", 0), post(2, "bob", 1), post(3, "cid", 2), post(4, "cid", 1));
    append(LOBBY, post(5, "ann", 1), new Event.Deleted(6, 6, id(4), "cid", false, 2));

    assertThat(replies(1, Long.MAX_VALUE, 9)).containsExactly(5L, 2L);
    assertThat(replies(1, 5, 9)).containsExactly(2L);
    assertThat(replies(1, Long.MAX_VALUE, 1)).containsExactly(5L);
    assertThat(replies(2, Long.MAX_VALUE, 9)).containsExactly(3L);
    assertThat(replies(3, Long.MAX_VALUE, 9)).isEmpty();
    assertThat(replies(77, Long.MAX_VALUE, 9)).isEmpty();
  }

  @Test
  void aMessageComesWithItsAnswersInShortWhereverItIsRead() {
    found(LOBBY);
    append(LOBBY, post(1, "ann", 0), post(2, "bob", 1), post(3, "ann", 1), post(4, "bob", 1));
    Replies expected = new Replies(3, 4, List.of("bob", "ann"));

    assertThat(page().get(3).replies()).isEqualTo(expected);
    assertThat(page().get(0).replies()).isNull();
    assertThat(get(store().messages().messages(LOBBY, List.of(1L))).get(0).replies())
        .isEqualTo(expected);
    append(LOBBY, new Event.Deleted(5, 5, id(4), "bob", true, 2));
    assertThat(page().get(2).replies()).isEqualTo(new Replies(2, 3, List.of("ann", "bob")));
    append(LOBBY, new Event.Purged(6, 6, "bob", 0, 5, "bob", List.of()));
    assertThat(page().get(2).replies())
        .as("erased text is still an answer")
        .isEqualTo(new Replies(2, 3, List.of("ann", "bob")));
    append(LOBBY, new Event.Purged(7, 7, null, 1, 5, "zoe", List.of()));
    assertThat(page()).hasSize(1);
    assertThat(page().get(0).replies()).isNull();
    assertThat(replies(1, Long.MAX_VALUE, 9)).isEmpty();
  }

  @Test
  void onlyAnswersForTheSameReadersAreCounted() {
    found(LOBBY);
    append(
        LOBBY,
        post(1, "ann", 0),
        post(2, "ann", 0, TWO),
        post(3, "bob", 1, TWO),
        post(4, "bob", 2, TWO),
        post(5, "ann", 2, Readers.only(Set.of("ann"))),
        post(6, "cid", 1));

    assertThat(page().get(5).replies()).isEqualTo(new Replies(1, 6, List.of("cid")));
    assertThat(page().get(4).replies()).isEqualTo(new Replies(1, 4, List.of("bob")));
    assertThat(replies(1, Long.MAX_VALUE, 9)).containsExactly(6L, 3L);
  }

  @Test
  void mentionsAreFoundOverAllRoomsOfAProjectNewestFirst() {
    found(LOBBY);
    found(ATTIC);
    found(SCHOOL);
    append(LOBBY, mention(1, 10, "ann"), mention(2, 20, "bob", "ann"), mention(3, 40, "ann"));
    append(ATTIC, mention(1, 30, "ann"));
    append(SCHOOL, mention(1, 35, "ann"));

    assertThat(mentions("shop", "ann")).containsExactly("lobby 3", "attic 1", "lobby 2", "lobby 1");
    assertThat(mentions("shop", "bob")).containsExactly("lobby 2");
    assertThat(mentions("shop", "zoe")).isEmpty();
    assertThat(mentions("school", "ann")).containsExactly("lobby 1");
    assertThat(get(store().inbox().mentions("shop", "ann", 2))).hasSize(2);
    append(LOBBY, new Event.Deleted(4, 50, id(3), "cid", false, 2));
    append(LOBBY, new Event.Purged(5, 51, "cid", 1, 3, "cid", List.of()));
    assertThat(mentions("shop", "ann")).containsExactly("attic 1", "lobby 1");
    append(ATTIC, new Event.RoomDeleted(2, 60, "ann"));
    assertThat(mentions("shop", "ann")).containsExactly("lobby 1");
  }

  @Test
  void threadsAreThoseOneHasBegunOrJoined() {
    found(LOBBY);
    found(ATTIC);
    found(SCHOOL);
    append(LOBBY, post(1, "ann", 0), post(2, "bob", 0), post(3, "cid", 0));
    append(LOBBY, post(4, "bob", 1), post(5, "ann", 2), post(6, "bob", 3));
    append(ATTIC, post(1, "cid", 0), post(2, "cid", 1));
    append(ATTIC, post(3, "ann", 0), post(4, "ann", 0), post(7 - 2, "bob", 3));
    append(SCHOOL, post(1, "ann", 0), post(2, "ann", 1));

    assertThat(threads("ann")).containsExactlyInAnyOrder("lobby 1", "lobby 2", "attic 3");
    assertThat(threads("bob"))
        .containsExactlyInAnyOrder("lobby 1", "lobby 2", "lobby 3", "attic 3")
        .startsWith("lobby 3");
    assertThat(threads("cid")).containsExactlyInAnyOrder("lobby 3", "attic 1");
    append(LOBBY, new Event.Deleted(7, 7, id(6), "bob", false, 2));
    assertThat(threads("cid")).containsExactly("attic 1");
    append(ATTIC, new Event.RoomDeleted(6, 8, "ann"));
    assertThat(threads("ann")).containsExactly("lobby 2", "lobby 1");
    assertThat(get(store().inbox().threads("shop", "ann", 1))).hasSize(1);
  }

  private void found(RoomId room) {
    List<MemberRecord> founders = List.of();
    get(store().directory().createRoom(room, RoomType.GROUP, "x", 1, founders, "ann"));
  }

  private void append(RoomId room, Event.Durable... events) {
    get(store().messages().append(room, Arrays.asList(events)));
  }

  private static long id(long seq) {
    return Message.id(1, seq);
  }

  private static Event.Posted post(long seq, String userId, long parent) {
    return post(seq, userId, parent, null);
  }

  private static Event.Posted post(
      long seq, String userId, long parent, @Nullable Readers readers) {
    return posted(seq, seq, userId, parent == 0 ? null : (Long) id(parent), List.of(), readers);
  }

  private static Event.Posted mention(long seq, long atMs, String... mentioned) {
    return posted(seq, atMs, "cid", null, List.of(mentioned), null);
  }

  private static Event.Posted posted(
      long seq,
      long atMs,
      String userId,
      @Nullable Long parentId,
      List<String> mentions,
      @Nullable Readers readers) {
    return new Event.Posted(
        new Message(
            seq, id(seq), userId, "x", atMs, parentId, null, mentions, List.of(), 1, null, null,
            readers, null));
  }

  private List<StoredMessage> page() {
    return get(store().messages().page(LOBBY, Long.MAX_VALUE, 100));
  }

  private List<Long> replies(long parent, long before, int max) {
    return get(store().messages().replies(LOBBY, parent, before, max)).stream()
        .map(stored -> stored.message().seq())
        .toList();
  }

  private List<String> mentions(String project, String userId) {
    return places(get(store().inbox().mentions(project, userId, 100)));
  }

  private List<String> threads(String userId) {
    return places(get(store().inbox().threads("shop", userId, 100)));
  }

  private static List<String> places(List<Inbox.Place> places) {
    return places.stream().map(place -> place.room().id().name() + " " + place.seq()).toList();
  }
}
