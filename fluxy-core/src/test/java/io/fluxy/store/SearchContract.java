package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store must find, and what not; part of {@link StoreContract}. */
abstract class SearchContract extends StoreStories {
  private long clock = T0;

  SearchContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void aMessageIsFoundByTheBeginningOfItsWordsInAnyOrderAndCase() {
    Room lobby = new Room("shop", "lobby", RoomType.PUBLIC);
    lobby.posts("ann", "The Quick brown fox: 100% sure, isn't it?");
    lobby.posts("bob", "quick as a hare");
    lobby.posts("ann", "ÜBERMUT tut selten gut");

    assertThat(find("quick")).containsExactly("lobby 2", "lobby 1");
    assertThat(find("FOX qui")).containsExactly("lobby 1");
    assertThat(find("quick, (fox) OR hare")).isEmpty();
    assertThat(find("100")).containsExactly("lobby 1");
    assertThat(find("übermut")).containsExactly("lobby 3");
    assertThat(find("slow")).isEmpty();
  }

  @Test
  void signsOfTheDatabaseAreNothingButSigns() {
    Room lobby = new Room("shop", "lobby", RoomType.PUBLIC);
    lobby.posts("ann", "a_b 50%off \"near\" NOT words:x* ^y drop'table");

    for (String typed :
        List.of("%off", "50%off", "\"near\"", "NOT words:", "^y", "drop'table", "off*", "(near")) {
      assertThat(find(typed)).as(typed).containsExactly("lobby 1");
    }
    assertThat(find("a%b%c")).isEmpty();
    assertThat(find("5%0off")).isEmpty();
  }

  @Test
  void whatIsFoundIsTheTextAsItStands() {
    Room lobby = new Room("shop", "lobby", RoomType.PUBLIC);
    lobby.posts("ann", "first version");
    lobby.posts("ann", "gone soon");
    lobby.posts("ann", "wiped soon");
    assertThat(find("version")).containsExactly("lobby 1");
    assertThat(find("soon")).containsExactly("lobby 3", "lobby 2");

    lobby.append(new Event.Edited(4, clock++, lobby.id(1), "ann", "second try", 2));
    lobby.append(new Event.Deleted(5, clock++, lobby.id(2), "ann", false, 2));
    lobby.append(new Event.Deleted(6, clock++, lobby.id(3), "ann", true, 2));

    assertThat(find("version")).isEmpty();
    assertThat(find("try")).containsExactly("lobby 1");
    assertThat(find("soon")).isEmpty();
  }

  @Test
  void aMessageThatIsPostedEditedAndDeletedBeforeAnyoneSearchesIsNotFound() {
    Room lobby = new Room("shop", "lobby", RoomType.PUBLIC);
    lobby.posts("ann", "alpha");
    lobby.append(new Event.Edited(2, clock++, lobby.id(1), "ann", "beta", 2));
    lobby.posts("ann", "alpha and beta");
    lobby.append(new Event.Deleted(4, clock++, lobby.id(3), "ann", false, 2));

    assertThat(find("alpha")).isEmpty();
    assertThat(find("beta")).containsExactly("lobby 1");
  }

  @Test
  void theNewestOfAllRoomsComeFirstAndNoMoreThanWanted() {
    Room lobby = new Room("shop", "lobby", RoomType.PUBLIC);
    Room attic = new Room("shop", "attic", RoomType.PUBLIC);
    lobby.posts("ann", "word one");
    attic.posts("ann", "word two");
    lobby.posts("ann", "word three");
    attic.posts("ann", "word four");

    assertThat(find("word")).containsExactly("attic 2", "lobby 2", "attic 1", "lobby 1");
    assertThat(find("shop", "word", null, null, 3))
        .containsExactly("attic 2", "lobby 2", "attic 1");
    assertThat(find("shop", "word", "attic", null, 9)).containsExactly("attic 2", "attic 1");
    assertThat(find("shop", "word", "cellar", null, 9)).isEmpty();
  }

  @Test
  void aMemberFindsItsOwnRoomsAndPublicOnesAndNobodyFindsAnotherProject() {
    Room open = new Room("shop", "open", RoomType.PUBLIC);
    Room anns = new Room("shop", "anns", RoomType.GROUP, "ann");
    Room bobs = new Room("shop", "bobs", RoomType.GROUP, "bob");
    Room theirs = new Room("school", "theirs", RoomType.PUBLIC, "ann");
    for (Room room : List.of(open, anns, bobs, theirs)) {
      room.posts("ann", "secret word");
    }

    assertThat(find("shop", "secret", null, "ann", 9)).containsExactly("anns 2", "open 1");
    assertThat(find("shop", "secret", null, "bob", 9)).containsExactly("bobs 2", "open 1");
    assertThat(find("shop", "secret", null, null, 9)).containsExactly("bobs 2", "anns 2", "open 1");
    assertThat(find("shop", "secret", "bobs", "ann", 9)).isEmpty();
    assertThat(find("school", "secret", null, null, 9)).containsExactly("theirs 2");
    assertThat(find("church", "secret", null, null, 9)).isEmpty();
    assertThat(find("shop", "p73686f70", null, null, 9)).isEmpty();
  }

  @Test
  void manyMessagesAreAllFound() {
    Room lobby = new Room("shop", "lobby", RoomType.PUBLIC);
    List<Event.Durable> many = new ArrayList<>();
    for (int i = 1; i <= 700; i++) {
      many.add(lobby.post(i, "ann", i % 7 == 0 ? "needle" : "hay"));
    }
    lobby.append(many.toArray(new Event.Durable[0]));

    assertThat(find("shop", "needle", null, null, 1_000)).hasSize(100).startsWith("lobby 700");
  }

  @Test
  void roomsAreFoundByName() {
    new Room("shop", "a", RoomType.PUBLIC);
    new Room("shop", "b", RoomType.GROUP, "ann");
    new Room("shop", "c", RoomType.GROUP, "bob");
    new Room("school", "d", RoomType.PUBLIC);

    assertThat(rooms("shop", "room", "ann")).containsExactly("b", "a");
    assertThat(rooms("shop", "ROOM of shop", null)).containsExactly("c", "b", "a");
    assertThat(rooms("shop", "cellar", null)).isEmpty();
  }

  private List<String> find(String typed) {
    return find("shop", typed, null, null, 100);
  }

  private List<String> find(
      String project, String typed, @Nullable String room, @Nullable String memberId, int max) {
    SearchQuery query = new SearchQuery(project, SearchQuery.words(typed), room, memberId, max);
    return get(store().search().messages(query)).stream()
        .map(hit -> hit.room().id().name() + " " + hit.seq())
        .toList();
  }

  private List<String> rooms(String project, String typed, @Nullable String memberId) {
    SearchQuery query = new SearchQuery(project, SearchQuery.words(typed), null, memberId, 10);
    return get(store().search().rooms(query)).stream().map(room -> room.id().name()).toList();
  }

  /** A room whose log goes on by itself. */
  private final class Room {
    private final RoomId id;
    private final long number;
    private long head;

    Room(String project, String name, RoomType type, String... members) {
      id = new RoomId(project, name);
      List<MemberRecord> founders = new ArrayList<>();
      for (String member : members) {
        founders.add(new MemberRecord(member, Role.MEMBER, clock));
      }
      String title = "Room of " + project;
      number =
          get(store().directory().createRoom(id, type, title, clock, founders, "ann"))
              .orElseThrow()
              .number();
      clock += members.length;
      head = members.length;
    }

    long id(long seq) {
      return Message.id(number, seq);
    }

    Event.Posted post(long seq, String userId, String text) {
      return new Event.Posted(
          new Message(
              seq, id(seq), userId, text, clock++, null, null, List.of(), List.of(), 1, null,
              null));
    }

    void posts(String userId, String text) {
      append(post(head + 1, userId, text));
    }

    void append(Event.Durable... events) {
      get(store().messages().append(id, List.of(events)));
      head += events.length;
    }
  }
}
