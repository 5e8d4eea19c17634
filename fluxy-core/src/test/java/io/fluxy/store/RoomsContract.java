package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Event;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every store must keep of rooms, their members and what these have read; part of {@link
 * StoreContract}.
 */
abstract class RoomsContract extends StoreStories {
  RoomsContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void membershipsFollowTheLog() {
    Room lobby = founded(LOBBY);
    lobby.append(
        new Event.MemberAdded(1, T0 + 1, "zoe", Role.OWNER, "zoe"),
        new Event.MemberAdded(2, T0 + 2, "ann", Role.MEMBER, "zoe"),
        new Event.MemberAdded(3, T0 + 3, "bob", Role.GUEST, "zoe"));
    lobby.append(
        new Event.MemberAdded(4, T0 + 4, "ann", Role.MODERATOR, "zoe"),
        new Event.MemberRemoved(5, T0 + 5, "bob", "zoe"),
        new Event.MemberRemoved(6, T0 + 6, "nobody", "zoe"));

    List<MemberRecord> members = get(store().directory().members(LOBBY, 10));

    assertThat(members)
        .as("longest first; a change of role keeps the time")
        .containsExactly(
            new MemberRecord("zoe", Role.OWNER, T0 + 1),
            new MemberRecord("ann", Role.MODERATOR, T0 + 2));
    assertThat(lobby.open(1).members()).isEqualTo(members);
    assertThat(get(store().directory().members(LOBBY, 1))).isEqualTo(members.subList(0, 1));

    lobby.append(new Event.MemberAdded(7, T0 + 7, "bob", Role.MEMBER, "ann"));
    assertThat(get(store().directory().members(LOBBY, 10)))
        .contains(new MemberRecord("bob", Role.MEMBER, T0 + 7));
  }

  @Test
  void roomsAreFoundByAPartOfTheirIdOrNameNewestFirst() {
    for (String name : List.of("lobby", "attic", "Lob_2", "cellar")) {
      founded(new RoomId("shop", name));
    }
    founded(ELSEWHERE);
    long last = get(store().directory().room(new RoomId("shop", "cellar"))).orElseThrow().number();

    assertThat(like("LOB", Long.MAX_VALUE, 9)).containsExactly("Lob_2", "lobby");
    assertThat(like("", Long.MAX_VALUE, 3)).containsExactly("cellar", "Lob_2", "attic");
    assertThat(like("", last, 2)).containsExactly("Lob_2", "attic");
    assertThat(like("_", Long.MAX_VALUE, 9)).containsExactly("Lob_2");
    assertThat(like("%", Long.MAX_VALUE, 9)).isEmpty();
    assertThat(like("!", Long.MAX_VALUE, 9)).isEmpty();
    assertThat(like("' or 1=1 --", Long.MAX_VALUE, 9)).isEmpty();
    new Room(LOBBY, 1).append(new Event.RoomDeleted(1, T0 + 1, "ann"));
    assertThat(like("lob", Long.MAX_VALUE, 9)).containsExactly("Lob_2");
  }

  private List<String> like(String part, long before, int max) {
    return get(store().directory().roomsLike("shop", part, before, max)).stream()
        .map(room -> room.id().name())
        .toList();
  }

  @Test
  void aRoomIsCreatedWithItsFoundersAndAnOpenLog() {
    RoomRecord record =
        get(store()
                .directory()
                .createRoom(
                    LOBBY,
                    RoomType.GROUP,
                    "The Lobby",
                    T0,
                    List.of(
                        new MemberRecord("ann", Role.OWNER, 5),
                        new MemberRecord("bob", Role.BOT, 9)),
                    "ann"))
            .orElseThrow();

    assertThat(record).isEqualTo(new RoomRecord(LOBBY, 1, RoomType.GROUP, "The Lobby", T0));
    assertThat(get(store().directory().room(LOBBY))).contains(record);
    assertThat(get(store().directory().roomByNumber("shop", 1))).contains(record);
    OpenedRoom opened = get(store().messages().open(LOBBY, 10)).orElseThrow();
    assertThat(opened.room()).isEqualTo(record);
    assertThat(opened.head()).isEqualTo(2);
    assertThat(opened.lastAtMs()).isEqualTo(T0 + 1);
    assertThat(opened.members())
        .containsExactly(
            new MemberRecord("ann", Role.OWNER, T0), new MemberRecord("bob", Role.BOT, T0 + 1));
    assertThat(get(store().messages().read(LOBBY, 0, 10)))
        .containsExactly(
            new Event.MemberAdded(1, T0, "ann", Role.OWNER, "ann"),
            new Event.MemberAdded(2, T0 + 1, "bob", Role.BOT, "ann"));
    Room lobby = new Room(LOBBY, 1);
    lobby.append(lobby.post(3, "ann", "welcome"));
    assertThat(lobby.open(1).head()).isEqualTo(3);
  }

  @Test
  void aRoomThatExistsIsNotCreatedAgainAndNothingChanges() {
    Room lobby = founded(LOBBY);
    lobby.posts(2);

    Optional<RoomRecord> again =
        get(
            store()
                .directory()
                .createRoom(
                    LOBBY,
                    RoomType.DM,
                    "Mine",
                    T0 + 9,
                    List.of(new MemberRecord("eve", Role.OWNER, 0)),
                    "eve"));

    assertThat(again).isEmpty();
    assertThat(get(store().directory().room(LOBBY)).orElseThrow().type())
        .isEqualTo(RoomType.PUBLIC);
    assertThat(get(store().directory().members(LOBBY, 10))).isEmpty();
    assertThat(lobby.read(0, 10)).hasSize(2);
    assertThat(founded(ATTIC).number).as("no number is lost").isEqualTo(2);
  }

  @Test
  void aRoomCanBeRenamedAndBecomeOfAnotherType() {
    Room lobby = founded(LOBBY);
    lobby.append(new Event.RoomChanged(1, T0 + 1, "ann", "Attic", RoomType.ANNOUNCEMENT));

    RoomRecord now = new RoomRecord(LOBBY, 1, RoomType.ANNOUNCEMENT, "Attic", T0);
    assertThat(get(store().directory().room(LOBBY))).contains(now);
    assertThat(get(store().directory().roomByNumber("shop", 1))).contains(now);
    assertThat(lobby.open(1).room()).isEqualTo(now);
    assertThat(listed("shop", null, RoomType.ANNOUNCEMENT, 9)).containsExactly("lobby");
    assertThat(listed("shop", null, RoomType.PUBLIC, 9)).isEmpty();
  }

  @Test
  void aMessageIsPinnedUntilAnotherOneIsOrItIsDeleted() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    lobby.append(lobby.post(1, "ann", "one"), lobby.post(2, "ann", "two"));
    lobby.append(new Event.Pinned(3, T0 + 3, "ann", lobby.messageId(1)));
    assertThat(pin(lobby)).isEqualTo(new RoomRecord.Pin(lobby.messageId(1), T0 + 3, "ann"));
    lobby.append(new Event.Pinned(4, T0 + 4, "bob", lobby.messageId(2)));
    RoomRecord.Pin second = new RoomRecord.Pin(lobby.messageId(2), T0 + 4, "bob");
    assertThat(pin(lobby)).isEqualTo(second);
    lobby.append(new Event.RoomChanged(5, T0 + 5, "ann", "Attic", RoomType.PUBLIC));
    lobby.append(new Event.Deleted(6, T0 + 6, lobby.messageId(1), "ann", false, 2));
    lobby.append(new Event.Purged(7, T0 + 7, null, 0, 2, "ann", List.of()));
    lobby.append(new Event.Purged(8, T0 + 8, "ann", 0, 8, "ann", List.of()));
    assertThat(pin(lobby)).as("what else happens leaves it pinned").isEqualTo(second);
    lobby.append(new Event.Deleted(9, T0 + 9, lobby.messageId(2), "ann", false, 3));
    assertThat(pin(lobby)).isNull();

    attic.append(
        attic.post(1, "ann", "one"), new Event.Pinned(2, T0 + 2, "ann", attic.messageId(1)));
    attic.append(new Event.Purged(3, T0 + 3, null, 0, 2, "ann", List.of(attic.messageId(1))));
    assertThat(pin(attic)).as("what retention deletes").isNull();
    attic.append(
        attic.post(4, "ann", "two"), new Event.Pinned(5, T0 + 5, "ann", attic.messageId(4)));
    assertThat(pin(attic)).isNotNull();
    attic.append(new Event.Pinned(6, T0 + 6, "bob", null));
    assertThat(pin(attic)).isNull();
    assertThat(attic.read(4, 10))
        .containsExactly(
            new Event.Pinned(5, T0 + 5, "ann", attic.messageId(4)),
            new Event.Pinned(6, T0 + 6, "bob", null));
  }

  /** As every way to it says. */
  private RoomRecord.@Nullable Pin pin(Room room) {
    RoomRecord now = room.open(1).room();
    assertThat(get(store().directory().room(now.id()))).contains(now);
    assertThat(get(store().directory().roomByNumber("shop", now.number()))).contains(now);
    assertThat(get(store().directory().rooms("shop", null, null, User.named("ann"), 9)))
        .anyMatch(listing -> listing.room().equals(now));
    return now.pin();
  }

  @Test
  void ofADeletedRoomNothingIsLeftButItsEndAndNothingComesAfter() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    List<Event.Durable> told = lobby.oneOfEachKind();
    lobby.append(told);
    lobby.append(new Event.MemberAdded(told.size() + 1L, T0 + 99, "bob", Role.MEMBER, "ann"));
    attic.append(attic.post(1, "ann", "stays"));
    get(store().directory().markRead(LOBBY, "bob", 2));
    long last = told.size() + 2L;
    Event.RoomDeleted end = new Event.RoomDeleted(last, T0 + 100, "ann");
    lobby.append(end);

    assertThat(get(store().messages().open(LOBBY, 10))).isEmpty();
    assertThat(get(store().directory().room(LOBBY))).isEmpty();
    assertThat(get(store().directory().roomByNumber("shop", 1))).isEmpty();
    assertThat(listed("shop", null, null, 9)).containsExactly("attic");
    assertThat(listed("shop", "bob", null, 9)).isEmpty();
    assertThat(get(store().directory().members(LOBBY, 9))).isEmpty();
    assertThat(get(store().messages().page(LOBBY, Long.MAX_VALUE, 100))).isEmpty();
    assertThat(lobby.messages(1L, 2L)).isEmpty();
    assertThat(lobby.read(0, 100)).containsExactly(end);
    assertThat(lobby.read(last - 1, 100)).containsExactly(end);
    assertThat(lobby.read(last, 100)).isEmpty();
    for (long seq : List.of(1L, 3L, last - 1, last, last + 1)) {
      assertThatThrownBy(() -> lobby.append(lobby.post(seq, "bob", "late")))
          .as("seq %s", seq)
          .isInstanceOf(StoreException.class);
    }
    assertThat(lobby.read(0, 100)).containsExactly(end);
    assertThat(create(store(), LOBBY, RoomType.GROUP)).as("its id is used up").isEmpty();
    assertThat(founded(new RoomId("shop", "next")).number).as("and so is its number").isEqualTo(3);
    assertThat(attic.messages(1L)).hasSize(1);
  }

  @Test
  void aRoomThatNobodyMadeIsNotThere() {
    founded(LOBBY);

    assertThat(get(store().directory().room(ATTIC))).isEmpty();
    assertThat(get(store().directory().roomByNumber("shop", 2))).isEmpty();
    assertThat(get(store().directory().roomByNumber("shop", 0))).isEmpty();
    assertThat(get(store().directory().roomByNumber("shop", -1))).isEmpty();
    assertThat(get(store().directory().roomByNumber("school", 1))).isEmpty();
  }

  @Test
  void roomsCreatedAtOnceGetNumbersThatAreUniqueAndWithoutGaps() throws Exception {
    List<List<Long>> numbers =
        together(
            8,
            writer -> {
              List<Long> mine = new ArrayList<>();
              for (int i = 0; i < 20; i++) {
                RoomId id = new RoomId("shop", "room-" + writer + "-" + i);
                mine.add(create(store(), id, RoomType.PUBLIC).orElseThrow().number());
              }
              return mine;
            });

    numbers.forEach(mine -> assertThat(mine).isSorted());
    assertThat(numbers.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 160).boxed().toList());
  }

  @Test
  void ofManyWhoCreateTheSameRoomExactlyOneDoes() throws Exception {
    List<Integer> created =
        together(
            8,
            writer -> {
              int mine = 0;
              for (int i = 0; i < 10; i++) {
                RoomId id = new RoomId("shop", "room-" + i);
                mine += create(store(), id, RoomType.PUBLIC).isPresent() ? 1 : 0;
              }
              return mine;
            });

    assertThat(created.stream().mapToInt(made -> made).sum()).isEqualTo(10);
  }

  @Test
  void roomsAreListedNewestFirstByUserAndByType() {
    Room first = founded(LOBBY);
    create(store(), ATTIC, RoomType.GROUP);
    create(store(), new RoomId("shop", "cellar"), RoomType.GROUP);
    first.append(new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "ann"));
    Room cellar = new Room(new RoomId("shop", "cellar"), 3);
    cellar.append(new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "ann"));
    Room elsewhere = founded(ELSEWHERE);
    elsewhere.append(new Event.MemberAdded(1, T0 + 1, "ann", Role.MEMBER, "ann"));

    assertThat(listed("shop", null, null, 10)).containsExactly("cellar", "attic", "lobby");
    assertThat(listed("shop", null, null, 2)).containsExactly("cellar", "attic");
    assertThat(listed("shop", "ann", null, 10)).containsExactly("cellar", "lobby");
    assertThat(listed("shop", null, RoomType.GROUP, 10)).containsExactly("cellar", "attic");
    assertThat(listed("shop", "ann", RoomType.GROUP, 10)).containsExactly("cellar");
    assertThat(listed("shop", "Ann", null, 10)).isEmpty();
    assertThat(listed("nobody", null, null, 10)).isEmpty();
  }

  @Test
  void unreadCountsMessagesOfOthersAfterWhatWasReadWithoutDeletedOnes() {
    Room lobby = founded(LOBBY);
    lobby.append(
        lobby.post(1, "bob", "a"),
        lobby.post(2, "ann", "mine"),
        lobby.post(3, "bob", "b"),
        lobby.post(4, "bob", "c"),
        lobby.deletion(5, 4, false),
        lobby.reaction(6, 3, "bob", true),
        lobby.post(7, "eve", "d"));

    assertThat(unread("ann")).isEqualTo(3);
    get(store().directory().markRead(LOBBY, "ann", 3));
    assertThat(unread("ann")).isEqualTo(1);
    assertThat(unread("bob")).isEqualTo(2);
    get(store().directory().markRead(LOBBY, "ann", 7));
    assertThat(unread("ann")).isZero();
    assertThat(unread("Ann")).as("another user").isEqualTo(4);
  }

  @Test
  void unreadIsCountedUpToAThousand() {
    Room lobby = founded(LOBBY);
    lobby.posts(1_005);

    assertThat(unread("bob")).isEqualTo(1_000);
    get(store().directory().markRead(LOBBY, "bob", 6));
    assertThat(unread("bob")).isEqualTo(999);
  }

  @Test
  void aReadPositionNeverGoesBack() {
    Room lobby = founded(LOBBY);
    lobby.posts(5);

    get(store().directory().markRead(LOBBY, "bob", 4));
    get(store().directory().markRead(LOBBY, "bob", 2));

    assertThat(unread("bob")).isEqualTo(1);
  }

  @Test
  void onlyWhatAReaderMayReadIsUnread() {
    Room lobby = founded(LOBBY);
    lobby.append(new Event.MemberAdded(1, T0 + 1, "cid", Role.MODERATOR, "ann"));
    lobby.append(lobby.whispered(2, Readers.only(List.of("ann", "bob"))));
    lobby.append(lobby.whispered(6, new Readers(Set.of("ann"), Role.MODERATOR)));
    lobby.append(lobby.post(10, "ann", "aloud"));

    assertThat(unread(User.named("bob"))).isEqualTo(new Unread(2, 0, 2));
    assertThat(unread(User.named("cid"))).isEqualTo(new Unread(2, 0, 6));
    assertThat(unread(User.named("dan"))).isEqualTo(new Unread(1, 0, 10));
    assertThat(unread(new User("dan", Set.of(Role.MODERATOR)))).isEqualTo(new Unread(2, 0, 6));
    assertThat(unread(User.named("ann"))).isEqualTo(new Unread(0, 0, 0));
    assertThat(unread("bob")).isEqualTo(2);
    get(store().directory().markRead(LOBBY, "bob", 2));
    assertThat(unread(User.named("bob"))).isEqualTo(new Unread(1, 2, 10));
    assertThat(get(store().directory().unread(new RoomId("shop", "none"), User.named("bob"))))
        .isEqualTo(new Unread(0, 0, 0));
  }

  private Unread unread(User reader) {
    return get(store().directory().unread(LOBBY, reader));
  }
}
