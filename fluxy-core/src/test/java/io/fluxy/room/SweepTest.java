package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Limits;
import io.fluxy.chat.RoomType;
import io.fluxy.store.Expiries;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SweepTest {
  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final RoomRegistry rooms =
      RoomRegistry.local(Store.inMemory(), time, Limits.defaults(), (record, event) -> {});
  private final List<CompletableFuture<List<Expiries.Expiring>>> asked = new ArrayList<>();
  private final Sweep sweep = new Sweep(this::ask, time);

  private CompletableFuture<List<Expiries.Expiring>> ask(int max) {
    CompletableFuture<List<Expiries.Expiring>> next = new CompletableFuture<>();
    asked.add(next);
    return next;
  }

  private Expiries.Expiring due(long atMs) {
    RoomRecord room = new RoomRecord(TestRoom.ID, 1, RoomType.GROUP, "Room", 0, null);
    return new Expiries.Expiring(room, 1, atMs);
  }

  @Test
  void aStoreThatFallsSilentIsAskedAgainAMinuteLater() {
    sweep.start(rooms);
    time.advance(59_999);
    assertThat(asked).hasSize(1);
    time.advance(2);
    assertThat(asked).hasSize(2);

    asked.get(1).complete(List.of());
    asked.get(0).complete(List.of(due(time.nowMs() + 1))); // too late to count
    time.advance(1_000);
    assertThat(asked).hasSize(2);
  }
}
