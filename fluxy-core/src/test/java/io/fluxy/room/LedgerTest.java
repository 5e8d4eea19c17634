package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.MemberRecord;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.RoomRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Sight ALL = new Sight(User.named("ann"), null, 0);

  private static final RoomRecord ROOM =
      new RoomRecord(TestRoom.ID, 1, RoomType.GROUP, "Lobby", 1_000);
  private static final Limits THREE =
      Limits.defaults().toBuilder().recentMessagesMax(3).clientIdsMax(2).turnLettersMax(2).build();

  @Test
  void anEventThatIsNotTheNextIsNotTaken() {
    Ledger ledger = empty(THREE);
    ledger.apply(posted(1));

    assertThatThrownBy(() -> ledger.apply(posted(1))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ledger.apply(posted(3))).hasMessage("seq 3 after 1");
    assertThat(ledger.head()).isEqualTo(1);
  }

  @Test
  void itKnowsTheWholeRoomUntilItForgetsTheOldest() {
    Ledger ledger = empty(THREE);
    for (int seq = 1; seq <= 3; seq++) {
      ledger.apply(posted(seq));
    }
    assertThat(seqs(ledger.page(ALL, Long.MAX_VALUE, Long.MAX_VALUE, 10)))
        .containsExactly(3L, 2L, 1L);

    ledger.apply(posted(4));
    assertThat(ledger.page(ALL, Long.MAX_VALUE, Long.MAX_VALUE, 10)).isNull();
    assertThat(seqs(ledger.page(ALL, Long.MAX_VALUE, Long.MAX_VALUE, 3)))
        .containsExactly(4L, 3L, 2L);
    assertThat(ledger.page(ALL, 3, Long.MAX_VALUE, 2)).isNull();
  }

  @Test
  void aDeletedMessageLeavesThePageAndNoRoomIsMadeForAnOlderOne() {
    Ledger ledger = empty(THREE);
    for (int seq = 1; seq <= 4; seq++) {
      ledger.apply(posted(seq));
    }
    ledger.apply(new Event.Deleted(5, 1_005, Message.id(1, 3), "ann", false, 2));

    assertThat(ledger.message(3)).isNull();
    assertThat(ledger.page(ALL, Long.MAX_VALUE, Long.MAX_VALUE, 3)).isNull();
    assertThat(seqs(ledger.page(ALL, Long.MAX_VALUE, Long.MAX_VALUE, 2))).containsExactly(4L, 2L);
  }

  @Test
  void pagesGoByTimeToo() {
    Ledger ledger = empty(THREE);
    for (int seq = 1; seq <= 3; seq++) {
      ledger.apply(posted(seq));
    }
    assertThat(seqs(ledger.page(ALL, Long.MAX_VALUE, 1_003, 10))).containsExactly(2L, 1L);
    assertThat(seqs(ledger.page(ALL, Long.MAX_VALUE, 1_003, 1))).containsExactly(2L);
    assertThat(seqs(ledger.page(ALL, Long.MAX_VALUE, 0, 1))).isEmpty();
  }

  @Test
  void reactionsComeAndGoAndAnEditKeepsThem() {
    Ledger ledger = empty(THREE);
    ledger.apply(posted(1));
    ledger.apply(new Event.Reacted(2, 1_002, Message.id(1, 1), "bob", "👍", true));
    ledger.apply(new Event.Reacted(3, 1_003, Message.id(1, 1), "cid", "👍", true));
    ledger.apply(new Event.Edited(4, 1_004, Message.id(1, 1), "ann", "new", 2));
    assertThat(message(ledger).reactions()).isEqualTo(Map.of("👍", Set.of("bob", "cid")));
    assertThat(message(ledger).message().content()).isEqualTo("new");

    ledger.apply(new Event.Reacted(5, 1_005, Message.id(1, 1), "bob", "👍", false));
    ledger.apply(new Event.Reacted(6, 1_006, Message.id(1, 1), "cid", "👍", false));
    assertThat(message(ledger).reactions()).isEmpty();
  }

  @Test
  void aChangeOfRoleKeepsTheTimeOfJoining() {
    Ledger ledger = empty(THREE);
    ledger.apply(new Event.MemberAdded(1, 1_001, "ann", Role.OWNER, "ann"));
    ledger.apply(new Event.MemberAdded(2, 1_002, "bob", Role.MEMBER, "ann"));
    ledger.apply(new Event.MemberAdded(3, 1_003, "bob", Role.ADMIN, "ann"));
    assertThat(ledger.member("bob")).isEqualTo(new MemberRecord("bob", Role.ADMIN, 1_002));

    ledger.apply(new Event.MemberRemoved(4, 1_004, "bob", "ann"));
    assertThat(ledger.member("bob")).isNull();
    assertThat(ledger.memberCount()).isEqualTo(1);
  }

  @Test
  void itRemembersAsManyClientIdsAsItMayAndForgetsTheOldest() {
    Ledger ledger = empty(THREE);
    for (int seq = 1; seq <= 3; seq++) {
      ledger.apply(posted(seq));
    }
    assertThat(ledger.seqOf("ann", "send-0001")).isZero();
    assertThat(ledger.seqOf("ann", "send-0003")).isEqualTo(3);
    assertThat(ledger.seqOf("bob", "send-0003")).isZero();
  }

  @Test
  void aRoomThatIsOpenedKnowsWhatOneKnowsThatHasBeenThereAllTheTime() {
    Ledger stayed = empty(THREE);
    List<StoredMessage> newest = new ArrayList<>();
    for (int seq = 1; seq <= 5; seq++) {
      stayed.apply(posted(seq));
      newest.add(0, new StoredMessage(posted(seq).message(), Map.of()));
    }
    Ledger opened =
        new Ledger(new OpenedRoom(ROOM, 5, 1_005, List.of(), newest.subList(0, 3)), THREE);

    for (int max = 1; max <= 5; max++) {
      for (long before = 1; before <= 6; before++) {
        assertThat(opened.page(ALL, before, Long.MAX_VALUE, max))
            .isEqualTo(stayed.page(ALL, before, Long.MAX_VALUE, max));
      }
    }
    assertThat(opened.lastAtMs()).isEqualTo(stayed.lastAtMs());
  }

  private static Ledger empty(Limits limits) {
    return new Ledger(new OpenedRoom(ROOM, 0, 0, List.of(), List.of()), limits);
  }

  private static StoredMessage message(Ledger ledger) {
    StoredMessage message = ledger.message(1);
    assertThat(message).isNotNull();
    return Objects.requireNonNull(message);
  }

  private static Event.Posted posted(long seq) {
    return new Event.Posted(
        new Message(
            seq,
            Message.id(1, seq),
            "ann",
            "m" + seq,
            1_000 + seq,
            null,
            "send-000" + seq,
            List.of(),
            List.of(),
            1,
            null,
            null));
  }

  private static List<Long> seqs(@Nullable List<StoredMessage> page) {
    return Objects.requireNonNull(page).stream().map(stored -> stored.message().seq()).toList();
  }
}
