package io.fluxy.connection;

import static io.fluxy.connection.FakeSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Frames;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final FakeSocket socket = new FakeSocket();
  private final AtomicInteger drained = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final Outbox outbox =
      new Outbox(socket, time, 10, drained::incrementAndGet, failed::incrementAndGet);

  @Test
  void oneWriteIsUnderWayAndWhatComesMeanwhileGoesOutInTheNext() {
    outbox.offer(frame("a"));
    outbox.offer(frame("b"));
    outbox.offer(frame("c"));
    assertThat(socket.writes).containsExactly("a");

    socket.written(true);
    assertThat(socket.writes).containsExactly("a", "bc");
    socket.written(true);
    assertThat(outbox.isIdle()).isTrue();
    outbox.offer(frame("d"));
    assertThat(socket.writes).containsExactly("a", "bc", "d");
  }

  @Test
  void whatIsOverTheBudgetIsNotTaken() {
    outbox.offer(frame("under way"));
    assertThat(outbox.offer(frame("12345"))).isTrue();
    assertThat(outbox.offer(frame("67890"))).isTrue();
    assertThat(outbox.offer(frame("x"))).isFalse();

    socket.written(true);
    assertThat(socket.writes).endsWith("1234567890");
    assertThat(outbox.offer(frame("x"))).isTrue();
  }

  @Test
  void somethingLargeFitsIntoAnEmptyQueue() {
    String large = "x".repeat(100);
    assertThat(outbox.offer(frame(large))).isTrue();
    assertThat(outbox.offer(frame(large))).isTrue();
    assertThat(outbox.offer(frame("y"))).isFalse();
  }

  @Test
  void itSaysOnceThatItHasDrainedAfterItTurnedSomethingAway() {
    outbox.offer(frame("under way"));
    outbox.offer(frame("1234567890"));
    outbox.offer(frame("x"));
    outbox.offer(frame("y"));
    socket.written(true);
    assertThat(drained).hasValue(0);
    socket.written(true);
    assertThat(drained).hasValue(1);

    outbox.offer(frame("z"));
    socket.written(true);
    assertThat(drained).hasValue(1);
  }

  @Test
  void aSocketThatIsDoneAtOnceDoesNotDeepenTheStack() {
    int[] depth = {0};
    FakeSocket eager =
        new FakeSocket() {
          @Override
          public void send(List<Frames> frames, Sent sent) {
            depth[0] = Math.max(depth[0], new Throwable().getStackTrace().length);
            sent.sent(true);
          }
        };
    Outbox[] own = new Outbox[1];
    own[0] = new Outbox(eager, time, 1 << 30, () -> {}, () -> {});
    own[0].offer(frame("a"));
    int before = depth[0];
    for (int i = 0; i < 10_000; i++) {
      own[0].offer(frame("b"));
    }
    assertThat(depth[0]).isEqualTo(before);
  }

  @Test
  void aBacklogLargerThanOneWriteGoesOutInPiecesAndInOrder() {
    Outbox large = new Outbox(socket, time, 1 << 30, () -> {}, () -> {});
    large.offer(frame("first"));
    for (char c = 'a'; c < 'f'; c++) {
      large.offer(frame(String.valueOf(c).repeat(100_000)));
    }
    while (socket.isWriting()) {
      socket.written(true);
    }

    assertThat(socket.writes).hasSize(4);
    assertThat(socket.writes.stream().skip(1).mapToInt(String::length).max()).hasValue(200_000);
    assertThat(String.join("", socket.writes).replaceAll("(.)\\1+", "$1")).isEqualTo("firstabcde");
  }

  @Test
  void aWriteThatFailedEndsIt() {
    outbox.offer(frame("a"));
    outbox.offer(frame("b"));
    socket.written(false);

    assertThat(failed).hasValue(1);
    assertThat(socket.writes).containsExactly("a");
    assertThat(outbox.offer(frame("c"))).isTrue();
    assertThat(socket.writes).containsExactly("a");
  }

  @Test
  void onceClosedNothingMoreIsWritten() {
    outbox.offer(frame("a"));
    outbox.offer(frame("b"));
    outbox.close();
    socket.written(true);

    assertThat(socket.writes).containsExactly("a");
    assertThat(outbox.isIdle()).isTrue();
  }

  @Test
  void itKnowsForHowLongAWriteHasBeenGoingOn() {
    assertThat(outbox.writingForMs()).isZero();
    outbox.offer(frame("a"));
    time.advance(700);
    assertThat(outbox.writingForMs()).isEqualTo(700);
    outbox.offer(frame("b"));
    socket.written(true);
    assertThat(outbox.writingForMs()).isZero();
  }

  @Test
  void framesOfNothingAreTakenAndNotWritten() {
    assertThat(outbox.offer(frame(""))).isTrue();
    assertThat(socket.writes).isEmpty();
  }
}
