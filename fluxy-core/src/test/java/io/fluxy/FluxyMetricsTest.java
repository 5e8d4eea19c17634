package io.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class FluxyMetricsTest {
  @Test
  void countsWhatThisEngineHasPostedAndHolds() {
    RoomId lobby = new RoomId("shop", "lobby");
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Fluxy fluxy = Fluxy.builder().project(Project.named("shop")).start()) {
      new FluxyMetrics(fluxy).bindTo(registry);
      fluxy.createRoom(lobby, RoomType.GROUP, "Lobby", "ann").toCompletableFuture().join();
      for (int i = 0; i < 3; i++) {
        fluxy
            .room(lobby)
            .post(User.named("ann"), Draft.text("hello " + i))
            .toCompletableFuture()
            .join();
      }
      assertThat(registry.get("fluxy.messages").functionCounter().count()).isEqualTo(3);
      assertThat(registry.get("fluxy.events").functionCounter().count()).isEqualTo(3);
      assertThat(registry.get("fluxy.rooms").gauge().value()).isEqualTo(1);
      assertThat(registry.get("fluxy.rooms.waiting").gauge().value()).isZero();
      assertThat(registry.get("fluxy.rooms.deepest").gauge().value()).isZero();
      assertThat(registry.get("fluxy.connections").gauge().value()).isZero();
      assertThat(registry.get("fluxy.listeners.missed").functionCounter().count()).isZero();
    }
  }
}
