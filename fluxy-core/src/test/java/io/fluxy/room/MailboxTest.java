package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.time.RunningScheduler;
import io.fluxy.time.Scheduler;
import io.fluxy.time.VirtualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final AtomicInteger turns = new AtomicInteger();
  private final Mailbox<String> mailbox = new Mailbox<>(3, time::run, turns::incrementAndGet);

  @Test
  void lettersAreTakenInTheOrderTheyCame() {
    mailbox.offer("a");
    mailbox.offer("b");
    mailbox.offer("c");

    assertThat(mailbox.take(2)).containsExactly("a", "b");
    assertThat(mailbox.take(2)).containsExactly("c");
    assertThat(mailbox.take(2)).isEmpty();
  }

  @Test
  void oneTurnBeginsForManyLettersAndTheNextWhenItIsDone() {
    mailbox.offer("a");
    mailbox.offer("b");
    time.runUntilIdle();
    assertThat(turns).hasValue(1);

    mailbox.take(1);
    mailbox.done(false);
    time.runUntilIdle();
    assertThat(turns).hasValue(2);

    mailbox.take(1);
    mailbox.done(false);
    time.runUntilIdle();
    assertThat(turns).hasValue(2);
  }

  @Test
  void aTurnThatLeftSomethingIsFollowedByAnotherWithoutALetter() {
    mailbox.offer("a");
    time.runUntilIdle();
    mailbox.take(1);
    mailbox.done(true);
    time.runUntilIdle();

    assertThat(turns).hasValue(2);
  }

  @Test
  void aFullMailboxTakesOnlyWhatMustNotBeLost() {
    assertThat(mailbox.offer("a") && mailbox.offer("b") && mailbox.offer("c")).isTrue();
    assertThat(mailbox.offer("d")).isFalse();
    mailbox.put("leave");
    assertThat(mailbox.take(10)).containsExactly("a", "b", "c", "leave");
    assertThat(mailbox.offer("d")).isTrue();
  }

  @Test
  void itIsQuietBetweenTurnsOnly() {
    assertThat(mailbox.isQuiet()).isTrue();
    mailbox.offer("a");
    assertThat(mailbox.isQuiet()).isFalse();
    time.runUntilIdle();
    mailbox.take(1);
    assertThat(mailbox.isQuiet()).isFalse();
    mailbox.done(false);
    assertThat(mailbox.isQuiet()).isTrue();
  }

  @Test
  void noLetterOfManyThreadsIsLostAndNoTwoTurnsMeet() throws InterruptedException {
    int threads = 4;
    int letters = 20_000;
    AtomicInteger inTurn = new AtomicInteger();
    AtomicInteger met = new AtomicInteger();
    int[] last = new int[threads];
    List<String> disorder = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(threads * letters);
    AtomicReference<Mailbox<int[]>> box = new AtomicReference<>();
    try (RunningScheduler pool = Scheduler.start(2)) {
      Runnable turn =
          () -> {
            if (inTurn.incrementAndGet() > 1) {
              met.incrementAndGet();
            }
            for (int[] letter : Objects.requireNonNull(box.get()).take(16)) {
              if (letter[1] != ++last[letter[0]]) {
                disorder.add(letter[0] + " sent " + letter[1]);
              }
              all.countDown();
            }
            inTurn.decrementAndGet();
            Objects.requireNonNull(box.get()).done(false);
          };
      box.set(new Mailbox<>(Integer.MAX_VALUE, pool::run, turn));
      for (int t = 0; t < threads; t++) {
        int sender = t;
        new Thread(
                () -> {
                  for (int i = 1; i <= letters; i++) {
                    Objects.requireNonNull(box.get()).put(new int[] {sender, i});
                  }
                })
            .start();
      }
      assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(met).hasValue(0);
    assertThat(disorder).isEmpty();
  }
}
