package io.fluxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.time.VirtualScheduler;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final RateLimit limit = new RateLimit(time);

  @BeforeEach
  void beginAMinute() {
    time.jumpWallClock(60_000 - time.nowMs() % 60_000);
  }

  @Test
  void aMinuteHasRoomForSoManyAndTheNextOneTooAgain() {
    assertThat(limit.take("ann", 2)).isEmpty();
    assertThat(limit.take("ann", 2)).isEmpty();
    assertThat(limit.take("ann", 2)).isPresent();

    time.advance(60_000);
    assertThat(limit.take("ann", 2)).isEmpty();
  }

  @Test
  void itSaysInHowManySecondsItMakesSenseToComeBack() {
    assertThat(limit.take("ann", 0)).isEqualTo(Optional.of(60));
    time.advance(500);
    assertThat(limit.take("ann", 0)).isEqualTo(Optional.of(60));
    time.advance(59_400);
    assertThat(limit.take("ann", 0)).isEqualTo(Optional.of(1));
  }

  @Test
  void keysDoNotShare() {
    limit.take("ann", 1);

    assertThat(limit.take("bob", 1)).isEmpty();
    assertThat(limit.take("ann", 1)).isPresent();
  }

  @Test
  void whatWasRefusedDoesNotCount() {
    limit.take("ann", 1);
    for (int i = 0; i < 100; i++) {
      limit.take("ann", 1);
    }

    assertThat(limit.take("ann", 2)).isEmpty();
  }

  @Test
  void aClockThatJumpsBackBeginsAMinuteOfItsOwn() {
    limit.take("ann", 1);
    time.jumpWallClock(-7_200_000);

    assertThat(limit.take("ann", 1)).isEmpty();
    assertThat(limit.take("ann", 1)).isPresent();
  }

  @Test
  void manyThreadsTogetherGetNoMoreThanTheLimit() throws InterruptedException {
    AtomicInteger granted = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      new Thread(
              () -> {
                for (int k = 0; k < 10_000; k++) {
                  if (limit.take("ann", 5_000).isEmpty()) {
                    granted.incrementAndGet();
                  }
                }
                over.countDown();
              })
          .start();
    }
    over.await();

    assertThat(granted).hasValue(5_000);
  }
}
