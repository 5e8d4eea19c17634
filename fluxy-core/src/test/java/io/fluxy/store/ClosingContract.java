package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxy.chat.Event;
import io.fluxy.chat.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every store must still have when it is opened again; part of {@link StoreContract}. */
abstract class ClosingContract extends StoreStories {
  ClosingContract(StoreContract suite) {
    super(suite);
  }

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    Room lobby = founded(LOBBY);
    List<Event.Durable> told = lobby.oneOfEachKind();
    lobby.append(told);
    lobby.append(lobby.sent(told.size() + 1, "ann", "client-id-9", "kept"));
    get(store().directory().saveProject(project("shop", "a")));
    get(store().directory().markRead(LOBBY, "bob", 2));
    List<Event.Durable> log = lobby.read(0, 100);
    OpenedRoom opened = lobby.open(100);
    List<Directory.RoomListing> rooms =
        get(store().directory().rooms("shop", null, null, User.named("bob"), 9));

    store().close();
    Optional<Store> again = reopened();
    assumeTrue(again.isPresent(), "nothing outlives a close of this store");
    goOnWith(again.get());

    assertThat(lobby.read(0, 100)).isEqualTo(log);
    assertThat(lobby.open(100)).isEqualTo(opened);
    assertThat(get(store().directory().rooms("shop", null, null, User.named("bob"), 9)))
        .isEqualTo(rooms);
    assertThat(get(store().directory().project("shop"))).contains(project("shop", "a"));
    assertThatThrownBy(() -> lobby.append(log.get(0))).isInstanceOf(SeqTakenException.class);
    long next = log.size() + 1L;
    assertThatThrownBy(() -> lobby.append(lobby.sent(next, "ann", "client-id-9", "again")))
        .isInstanceOf(ClientIdTakenException.class);
    lobby.append(lobby.post(next, "ann", "on we go"));
    assertThat(founded(ATTIC).number).isEqualTo(2);
  }

  @Test
  void aClosedStoreSavesWhatWasHandedInAndRefusesTheRest() throws Exception {
    Room lobby = founded(LOBBY);
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (long seq = 1; seq <= 100; seq++) {
      stages.add(store().messages().append(LOBBY, List.of(lobby.post(seq, "ann", "x"))));
    }

    store().close();

    stages.forEach(StoreStories::get);
    assertThatThrownBy(() -> lobby.append(lobby.post(101, "ann", "late")))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> lobby.read(0, 1)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> get(store().directory().project("shop")))
        .isInstanceOf(StoreException.class);
    store().close();
    Optional<Store> again = reopened();
    if (again.isPresent()) {
      goOnWith(again.get());
      assertThat(lobby.open(1).head()).isEqualTo(100);
    }
  }
}
