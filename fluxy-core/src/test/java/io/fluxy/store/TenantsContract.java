package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every store must keep apart, and byte for byte: rooms, users, text; part of {@link
 * StoreContract}.
 */
abstract class TenantsContract extends StoreStories {
  TenantsContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void roomsOfTheSameNameInTwoProjectsNeverMeet() {
    Room shop = founded(LOBBY);
    Room school = founded(ELSEWHERE);
    shop.append(shop.post(1, "ann", "shop"));
    school.append(school.post(1, "ann", "school"), school.post(2, "ann", "more"));

    assertThat(shop.number).isEqualTo(1);
    assertThat(school.number).as("each project counts by itself").isEqualTo(1);
    assertThat(shop.read(0, 10)).containsExactly(shop.post(1, "ann", "shop"));
    assertThat(school.read(0, 10)).hasSize(2);
    assertThat(shop.open(10).head()).isEqualTo(1);
    assertThat(shop.page(Long.MAX_VALUE, 10)).hasSize(1);
    assertThat(shop.messages(2L)).isEmpty();
    assertThat(get(store().directory().roomByNumber("school", 1)).orElseThrow().id())
        .isEqualTo(ELSEWHERE);
  }

  @Test
  void roomNamesThatDifferInCaseOnlyAreTwoRooms() {
    Room lower = founded(new RoomId("shop", "lobby"));
    Room upper = founded(new RoomId("shop", "LOBBY"));
    Room loud = founded(new RoomId("Shop", "lobby"));
    lower.posts(1);
    upper.posts(2);
    loud.posts(3);

    assertThat(lower.open(1).head()).isEqualTo(1);
    assertThat(upper.open(1).head()).isEqualTo(2);
    assertThat(loud.open(1).head()).isEqualTo(3);
  }

  @Test
  void usersThatDifferInCaseOnlyAreTwoUsers() {
    Room lobby = founded(LOBBY);
    lobby.append(
        new Event.MemberAdded(1, T0 + 1, "ann", Role.OWNER, "ann"),
        new Event.MemberAdded(2, T0 + 2, "Ann", Role.GUEST, "ann"),
        lobby.post(3, "ann", "x"),
        lobby.reaction(4, 3, "ann", true),
        lobby.reaction(5, 3, "Ann", true),
        lobby.reaction(6, 3, "ann", false));

    assertThat(get(store().directory().members(LOBBY, 10)))
        .extracting(MemberRecord::userId)
        .containsExactly("ann", "Ann");
    assertThat(lobby.messages(3L).get(0).reactions()).isEqualTo(Map.of("👍", Set.of("Ann")));
  }

  @Test
  void textComesBackByteForByte() {
    Room lobby = founded(LOBBY);
    List<String> texts =
        List.of(
            "👩‍👩‍👧‍👦 family, 🇫🇷 flag, 👍🏽 skin",
            "שלום عليكم mixed ltr",
            "\u202Eoverride\u202C",
            "İıIi ﬁ ß ẞ",
            "e\u0301 and \u00e9",
            "trailing spaces   ",
            " leading\tand\nlines\r\n",
            "'; drop table fluxy_log; --",
            "\\ % _ \" ` $1 ? :x {0} ${y}",
            "\u0001\u001f\ufffd\uffff",
            "𝔘𝔫𝔦 \uD83D\uDE00",
            "x".repeat(4_000),
            "漢".repeat(4_000),
            "🙂".repeat(2_000));
    List<Event.Durable> told = new ArrayList<>();
    for (String text : texts) {
      told.add(lobby.post(told.size() + 1, "ann", text));
    }
    long seq = told.size();
    told.add(lobby.edit(seq + 1, 1, texts.get(12), 2));
    told.add(
        new Event.Reacted(seq + 2, T0 + seq + 2, lobby.messageId(2), "ann", "👩‍👩‍👧‍👦", true));
    told.add(new Event.Reacted(seq + 3, T0 + seq + 3, lobby.messageId(2), "ann", "👩", true));

    lobby.append(told);

    assertThat(lobby.read(0, 100)).isEqualTo(told);
    assertThat(lobby.messages(1L).get(0).message().content()).isEqualTo(texts.get(12));
    assertThat(lobby.messages(2L).get(0).reactions().keySet())
        .containsExactlyInAnyOrder("👩‍👩‍👧‍👦", "👩");
  }

  @Test
  void namesOfRoomsAndProjectsComeBackByteForByte() {
    String name = "Küche 🍳 '\"; İ ";
    RoomId odd = new RoomId("shop", "_-=@,.;:");
    get(store().directory().createRoom(odd, RoomType.DM, name, T0, List.of(), "ann"));

    assertThat(get(store().directory().room(odd)).orElseThrow().name()).isEqualTo(name);
    assertThat(get(store().messages().open(odd, 1)).orElseThrow().room().id()).isEqualTo(odd);
  }
}
