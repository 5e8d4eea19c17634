package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {
  @Override
  protected Store newStore() {
    return Store.inMemory();
  }

  @Test
  void everyStageIsCompleteWhenItIsReturned() {
    RoomId lobby = new RoomId("shop", "lobby");
    try (Store store = Store.inMemory()) {
      assertThat(
              store
                  .directory()
                  .createRoom(lobby, RoomType.PUBLIC, "Lobby", 1, List.of(), "ann")
                  .toCompletableFuture())
          .isDone();
      assertThat(
              store
                  .messages()
                  .append(lobby, List.of(new Event.MemberAdded(1, 1, "ann", Role.OWNER, "ann")))
                  .toCompletableFuture())
          .isDone();
      assertThat(store.messages().read(lobby, 0, 1).toCompletableFuture()).isDone();
    }
  }

  @Test
  void itPromisesNothing() {
    try (Store store = Store.inMemory()) {
      assertThat(store.durability()).isEqualTo(Store.Durability.NONE);
    }
  }
}
