package io.fluxy.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualSchedulerTest {
  private final List<String> ran = new ArrayList<>();

  @Test
  void nothingRunsInsideTheCallThatAsksForIt() {
    VirtualScheduler time = VirtualScheduler.inOrder();
    time.run(() -> ran.add("task"));
    assertThat(ran).isEmpty();
    time.runUntilIdle();
    assertThat(ran).containsExactly("task");
  }

  @Test
  void timersComeWhenTheirTimeHasComeAndNotBefore() {
    VirtualScheduler time = VirtualScheduler.inOrder();
    time.after(20, () -> ran.add("20 at " + time.ticksMs()));
    time.after(10, () -> time.after(5, () -> ran.add("15 at " + time.ticksMs())));
    Scheduler.Timer cancelled = time.after(12, () -> ran.add("never"));
    cancelled.cancel();

    time.advance(19);
    assertThat(ran).containsExactly("15 at 15");
    time.advance(1);
    assertThat(ran).containsExactly("15 at 15", "20 at 20");
  }

  @Test
  void theWallClockJumpsAndTimersDoNotNotice() {
    VirtualScheduler time = VirtualScheduler.inOrder();
    long before = time.nowMs();
    time.after(10, () -> ran.add("timer"));
    time.jumpWallClock(-7_200_000);

    assertThat(time.nowMs()).isEqualTo(before - 7_200_000);
    time.advance(9);
    assertThat(ran).isEmpty();
    time.advance(1);
    assertThat(ran).containsExactly("timer");
  }

  @Test
  void aSeedDecidesTheOrderAndTheSameSeedDecidesTheSame() {
    assertThat(order(1)).isEqualTo(order(1)).hasSize(20);
    assertThat(order(1)).isNotEqualTo(order(2));
  }

  @Test
  void whatATaskThrowsIsRememberedAndGoesNoFurther() {
    VirtualScheduler time = VirtualScheduler.inOrder();
    time.run(
        () -> {
          throw new IllegalStateException("planned");
        });
    time.run(() -> ran.add("next"));
    time.runUntilIdle();

    assertThat(ran).containsExactly("next");
    assertThat(time.failures()).hasSize(1);
  }

  private static List<Integer> order(long seed) {
    VirtualScheduler time = VirtualScheduler.seeded(seed);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      time.run(() -> order.add(number));
    }
    while (time.step()) {}
    return order;
  }
}
