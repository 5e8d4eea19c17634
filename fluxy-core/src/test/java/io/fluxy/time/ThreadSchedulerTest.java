package io.fluxy.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadSchedulerTest {
  private final RunningScheduler scheduler = Scheduler.start(2);
  private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void whatIsAskedForWhileGatheringRunsOnThisThreadWhenTheAskingIsOver() {
    Thread here = Thread.currentThread();
    scheduler.gather(
        () -> {
          scheduler.runNear(() -> done.add("first " + (Thread.currentThread() == here)));
          scheduler.runNear(() -> done.add("second " + (Thread.currentThread() == here)));
          done.add("asked");
        });
    assertThat(done).containsExactly("asked", "first true", "second true");
  }

  @Test
  void whatThoseTasksAskForIsHandedToAnother() throws Exception {
    CompletableFuture<Thread> other = new CompletableFuture<>();
    scheduler.gather(
        () ->
            scheduler.runNear(
                () -> scheduler.runNear(() -> other.complete(Thread.currentThread()))));
    assertThat(other.get(10, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread());
  }

  @Test
  void withoutGatheringItIsHandedToAnother() throws Exception {
    CompletableFuture<Thread> other = new CompletableFuture<>();
    scheduler.runNear(() -> other.complete(Thread.currentThread()));
    assertThat(other.get(10, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread());
  }

  @Test
  void neitherATaskThatThrowsNorAnAskingThatThrowsKeepsTheOthersFromRunning() {
    assertThatThrownBy(
            () ->
                scheduler.gather(
                    () -> {
                      scheduler.runNear(
                          () -> {
                            throw new IllegalStateException("task");
                          });
                      scheduler.runNear(() -> done.add("second"));
                      throw new IllegalStateException("asking");
                    }))
        .hasMessage("asking");
    assertThat(List.copyOf(done)).containsExactly("second");
  }

  @Test
  void itFinishesWhatIsAskedForAndWhatThatAsksForInTurn() {
    step(1_000);
    assertThat(scheduler.finish(60_000)).isTrue();
    assertThat(done).hasSize(1_000);
  }

  private void step(int left) {
    if (left > 0) {
      scheduler.run(
          () -> {
            done.add("step");
            step(left - 1);
          });
    }
  }

  @Test
  void itDoesNotWaitLongerThanItMayForWhatDoesNotEnd() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    scheduler.run(never::join);
    assertThat(scheduler.finish(1)).isFalse();
    never.complete(null);
    assertThat(scheduler.finish(60_000)).isTrue();
  }
}
