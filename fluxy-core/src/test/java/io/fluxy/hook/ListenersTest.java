package io.fluxy.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final User ANN = User.named("ann");

  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final List<String> heard = new ArrayList<>();

  private Fluxy open(Fluxy.Builder builder) {
    Fluxy fluxy = builder.scheduler(time).project(Project.named("shop")).start();
    now(fluxy.createRoom(LOBBY, RoomType.GROUP, "Lobby", "ann"));
    return fluxy;
  }

  @Test
  void aListenerHearsWhatHappensInOrderAndTypedOnesTheirKindOnly() {
    List<Long> seqs = new ArrayList<>();
    Fluxy fluxy =
        open(
            Fluxy.builder()
                .listener((room, event) -> seqs.add(event.seq()))
                .listener(
                    Event.Posted.class,
                    (room, posted) -> heard.add(room.id() + ": " + posted.message().content())));

    long id = now(fluxy.room(LOBBY).post(ANN, Draft.text("one"))).id();
    now(fluxy.room(LOBBY).submit(ANN, new Command.React(id, "👍", true)));
    now(fluxy.room(LOBBY).submit(ANN, new Command.Type(true, Command.Intent.COMPOSING)));
    now(fluxy.room(LOBBY).post(ANN, Draft.text("two")));

    assertThat(seqs).containsExactly(2L, 3L, 4L);
    assertThat(heard).containsExactly("shop/lobby: one", "shop/lobby: two");
  }

  @Test
  void aListenerThatThrowsIsCountedAndHarmsNobody() {
    Fluxy fluxy =
        open(
            Fluxy.builder()
                .listener(
                    (room, event) -> {
                      throw new IllegalStateException("planned");
                    })
                .listener(Event.Posted.class, (room, e) -> heard.add(e.message().content())));

    now(fluxy.room(LOBBY).post(ANN, Draft.text("one")));
    now(fluxy.room(LOBBY).post(ANN, Draft.text("two")));

    assertThat(heard).containsExactly("one", "two");
    assertThat(fluxy.listenerCounts())
        .containsExactly(new Listeners.Counts(2, 2, 0, 0), new Listeners.Counts(2, 0, 0, 0));
  }

  @Test
  void aListenerThatBlocksDelaysItselfAloneAndMissesWhatItsQueueCannotHold() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(5);
    Limits limits = Limits.defaults().toBuilder().listenerEventsMax(2).build();
    try (Fluxy fluxy =
        Fluxy.builder()
            .limits(limits)
            .listener(
                (room, event) -> {
                  begun.countDown();
                  blocked.await();
                })
            .listener((room, event) -> other.countDown())
            .project(Project.named("shop"))
            .start()) {
      now(fluxy.createRoom(LOBBY, RoomType.GROUP, "Lobby", "ann"));
      now(fluxy.room(LOBBY).post(ANN, Draft.text("1")));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      for (int i = 2; i <= 5; i++) {
        int left = 5 - i;
        now(fluxy.room(LOBBY).post(ANN, Draft.text("" + i)));
        while (other.getCount() > left) { // its queue is short as well
          Thread.onSpinWait();
        }
      }

      assertThat(fluxy.listenerCounts().get(0)).isEqualTo(new Listeners.Counts(1, 0, 2, 2));
      assertThat(fluxy.listenerCounts().get(1).missed()).isZero();
      blocked.countDown();
    }
  }

  private <T> T now(CompletionStage<T> stage) {
    time.runUntilIdle();
    return stage.toCompletableFuture().join();
  }
}
