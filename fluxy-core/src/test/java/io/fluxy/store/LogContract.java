package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every store must do with a room's log and with client message ids; part of {@link
 * StoreContract}.
 */
abstract class LogContract extends StoreStories {
  LogContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void whatIsAppendedIsReadBackInOrder() {
    Room lobby = founded(LOBBY);

    lobby.append(lobby.post(1, "ann", "one"), lobby.post(2, "bob", "two"));
    lobby.append(lobby.post(3, "ann", "three"));

    assertThat(lobby.read(0, 10)).extracting(Event.Durable::seq).containsExactly(1L, 2L, 3L);
    assertThat(lobby.read(0, 10))
        .containsExactly(
            lobby.post(1, "ann", "one"),
            lobby.post(2, "bob", "two"),
            lobby.post(3, "ann", "three"));
  }

  @Test
  void everyKindOfDurableEventComesBackAsItWasTold() {
    Room lobby = founded(LOBBY);
    List<Event.Durable> told = lobby.oneOfEachKind();

    lobby.append(told);

    assertThat(lobby.read(0, 100)).isEqualTo(told);
    Set<Class<?>> kinds = new HashSet<>();
    told.forEach(event -> kinds.add(event.getClass()));
    kinds.add(Event.RoomDeleted.class); // has a story of its own
    assertThat(kinds)
        .as("a new kind of event needs an example here, and room in every store")
        .containsExactlyInAnyOrder(Event.Durable.class.getPermittedSubclasses());
  }

  @Test
  void allToolPhasesAndRolesComeBackAsTheyWereTold() {
    Room lobby = founded(LOBBY);
    List<Event.Durable> told = new ArrayList<>();
    for (Command.ToolPhase phase : Command.ToolPhase.values()) {
      long seq = told.size() + 1L;
      told.add(
          new Event.ToolUsed(
              seq, T0 + seq, "bot", phase, "run", "agent", "call", "n", "[1,{}]", null));
    }
    for (Role role : Role.values()) {
      long seq = told.size() + 1L;
      told.add(new Event.MemberAdded(seq, T0 + seq, "ann", role, "bob"));
    }

    lobby.append(told);

    assertThat(lobby.read(0, 100)).isEqualTo(told);
  }

  @Test
  void aStretchStartsAfterASeqAndIsShortOnlyAtTheEnd() {
    Room lobby = founded(LOBBY);
    lobby.posts(10);

    assertThat(lobby.read(3, 4)).extracting(Event.Durable::seq).containsExactly(4L, 5L, 6L, 7L);
    assertThat(lobby.read(8, 4)).extracting(Event.Durable::seq).containsExactly(9L, 10L);
    assertThat(lobby.read(10, 4)).isEmpty();
    assertThat(lobby.read(99, 4)).isEmpty();
  }

  @Test
  void aSeqThatIsTakenIsRefusedAndNothingIsSaved() {
    Room lobby = founded(LOBBY);
    lobby.posts(3);

    assertThatThrownBy(() -> lobby.append(lobby.post(3, "bob", "late"), lobby.post(4, "bob", "x")))
        .isInstanceOf(SeqTakenException.class)
        .hasMessageContaining("shop/lobby")
        .hasMessageContaining("3");
    assertThat(lobby.read(0, 10)).hasSize(3);
    assertThat(lobby.open(10).head()).isEqualTo(3);
  }

  @Test
  void anAppendGoesOnAfterOneThatWasRefused() {
    Room lobby = founded(LOBBY);
    lobby.posts(3);
    assertThatThrownBy(() -> lobby.append(lobby.post(1, "bob", "late")))
        .isInstanceOf(SeqTakenException.class);

    lobby.append(lobby.post(4, "bob", "in time"));

    assertThat(lobby.read(3, 10)).containsExactly(lobby.post(4, "bob", "in time"));
  }

  @Test
  void aGapIsRefusedAndNothingIsSaved() {
    Room lobby = founded(LOBBY);
    lobby.posts(3);

    assertThatThrownBy(() -> lobby.append(lobby.post(5, "bob", "too far")))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(SeqTakenException.class)
        .hasMessageContaining("next free is 4");
    assertThatThrownBy(() -> lobby.append(lobby.post(4, "bob", "x"), lobby.post(6, "bob", "y")))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> lobby.append(List.of())).isInstanceOf(StoreException.class);
    assertThat(lobby.read(0, 10)).hasSize(3);
  }

  @Test
  void aRoomThatDoesNotExistReadsLikeAnEmptyOneButTakesNoAppends() {
    Room nowhere = new Room(new RoomId("shop", "nowhere"), 7);

    assertThat(get(store().messages().open(nowhere.id, 10))).isEmpty();
    assertThat(nowhere.read(0, 10)).isEmpty();
    assertThat(nowhere.page(Long.MAX_VALUE, 10)).isEmpty();
    assertThat(nowhere.messages(1L)).isEmpty();
    assertThat(nowhere.find("ann", "client-id-1")).isEmpty();
    assertThat(get(store().messages().seqAt(nowhere.id, T0))).isEqualTo(1);
    assertThat(get(store().directory().members(nowhere.id, 10))).isEmpty();
    assertThatThrownBy(() -> nowhere.append(nowhere.post(1, "ann", "hello?")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("shop/nowhere");
    assertThatThrownBy(() -> get(store().directory().markRead(nowhere.id, "ann", 1)))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aClientMessageIdIsTakenOncePerUserForTheLifeOfTheRoom() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.sent(1, "ann", "client-id-1", "first"));
    lobby.append(lobby.post(2, "bob", "between"));

    assertThatThrownBy(
            () ->
                lobby.append(
                    lobby.post(3, "bob", "before it"),
                    lobby.sent(4, "ann", "client-id-1", "again")))
        .isInstanceOf(ClientIdTakenException.class)
        .hasMessageContaining("shop/lobby");
    assertThat(lobby.read(0, 10)).as("all or none").hasSize(2);
    assertThat(lobby.find("ann", "client-id-1"))
        .map(stored -> stored.message().content())
        .contains("first");
  }

  @Test
  void aSeqThatIsTakenIsReportedBeforeAClientMessageIdIs() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.sent(1, "ann", "client-id-1", "first"));

    assertThatThrownBy(() -> lobby.append(lobby.sent(1, "ann", "client-id-1", "first")))
        .isInstanceOf(SeqTakenException.class);
  }

  @Test
  void theSameClientMessageIdOfAnotherUserRoomOrProjectIsFine() {
    Room lobby = founded(LOBBY);
    Room attic = founded(ATTIC);
    Room elsewhere = founded(ELSEWHERE);

    lobby.append(lobby.sent(1, "ann", "client-id-1", "ann"));
    lobby.append(lobby.sent(2, "bob", "client-id-1", "bob"));
    lobby.append(lobby.sent(3, "Ann", "client-id-1", "another Ann"));
    lobby.append(lobby.sent(4, "ann", "CLIENT-id-1", "another id"));
    attic.append(attic.sent(1, "ann", "client-id-1", "attic"));
    elsewhere.append(elsewhere.sent(1, "ann", "client-id-1", "elsewhere"));

    assertThat(lobby.find("ann", "client-id-1").orElseThrow().message().seq()).isEqualTo(1);
    assertThat(lobby.find("bob", "client-id-1").orElseThrow().message().seq()).isEqualTo(2);
    assertThat(lobby.find("Ann", "client-id-1").orElseThrow().message().seq()).isEqualTo(3);
    assertThat(attic.find("ann", "client-id-1").orElseThrow().message().content())
        .isEqualTo("attic");
    assertThat(lobby.find("ann", "client-id-2")).isEmpty();
    assertThat(lobby.find("eve", "client-id-1")).isEmpty();
  }

  @Test
  void twoPostsOfOneAppendCannotShareAClientMessageId() {
    Room lobby = founded(LOBBY);

    assertThatThrownBy(
            () ->
                lobby.append(
                    lobby.sent(1, "ann", "client-id-1", "x"),
                    lobby.sent(2, "ann", "client-id-1", "y")))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(SeqTakenException.class)
        .isNotInstanceOf(ClientIdTakenException.class);
    assertThat(lobby.read(0, 10)).isEmpty();
  }

  @Test
  void manyPostsWithoutAClientMessageIdAreFine() {
    Room lobby = founded(LOBBY);

    lobby.append(lobby.post(1, "ann", "x"), lobby.post(2, "ann", "x"), lobby.post(3, "ann", "x"));

    assertThat(lobby.read(0, 10)).hasSize(3);
  }

  @Test
  void aDeletedMessageIsStillFoundByItsClientMessageId() {
    Room lobby = founded(LOBBY);
    lobby.append(lobby.sent(1, "ann", "client-id-1", "oops"));
    lobby.append(lobby.deletion(2, 1, true));

    StoredMessage found = lobby.find("ann", "client-id-1").orElseThrow();

    assertThat(found.message().isDeleted()).isTrue();
    assertThat(found.message().content()).isEmpty();
  }
}
