package io.fluxy.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.time.Scheduler;
import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PeerSocketTest {
  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final List<String> heard = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();
  private final Server server = new Server();

  /** A server that remembers; a write is over when the test says so, or at once. */
  private class Server extends PeerSocket {
    final List<String> writes = new ArrayList<>();
    boolean atOnce;
    boolean calledBack; // within the write
    boolean oneByOne;
    boolean broken;
    int cuts;
    int ends;
    private int next;
    private int size;

    Server() {
      super(Runnable::run);
    }

    @Override
    protected boolean write(List<Frames> frames) throws IOException {
      if (broken) {
        throw new IOException("no route");
      }
      size = frames.size();
      StringBuilder text = new StringBuilder();
      for (Frames each : oneByOne ? frames.subList(next, next + 1) : frames) {
        text.append(text.isEmpty() ? "" : " ").append(word(each));
      }
      next = oneByOne ? next + 1 : size;
      writes.add(text.toString());
      if (calledBack) {
        written();
      }
      return atOnce;
    }

    @Override
    protected boolean isWritten() {
      boolean all = next >= size;
      next = all ? 0 : next;
      return all;
    }

    @Override
    protected void closeWritten() {
      ends++;
    }

    @Override
    protected void cut() {
      cuts++;
    }

    @Override
    protected Scheduler.Timer after(long delayMs, Runnable task) {
      return time.after(delayMs, task);
    }

    void isDone() {
      written();
    }

    void fails() {
      broken(new IOException("reset"));
    }
  }

  private static String word(Frames some) {
    if (some.isClose()) {
      return "close:" + some.closeCode() + ":" + some.closeReason();
    }
    String text = UTF_8.decode(some.bytes()).toString();
    return some.pinging() != null ? "ping" : text.startsWith("\uFFFD") ? "pong" : text;
  }

  private final class Ear implements Socket.Listener {
    private final Consumer<String> then;

    Ear(Consumer<String> then) {
      this.then = then;
    }

    private void hear(String what) {
      heard.add(what);
      then.accept(what);
    }

    @Override
    public void text(byte[] bytes) {
      hear(new String(bytes, UTF_8));
    }

    @Override
    public void pong() {
      hear("alive");
    }

    @Override
    public void pong(ByteBuffer payload) {
      hear("pong " + UTF_8.decode(payload));
    }

    @Override
    public void goodbye(int code) {
      hear("goodbye " + code);
    }

    @Override
    public void closed() {
      hear("closed");
    }
  }

  private void opens() {
    opens(what -> {});
  }

  private void opens(Consumer<String> then) {
    assertThat(server.open(socket -> new Ear(then))).isTrue();
  }

  private void sends(String... texts) {
    List<Frames> frames = new ArrayList<>();
    for (String text : texts) {
      frames.add(FakeSocket.frame(text));
    }
    server.send(frames, ok -> sent.add(String.join("", texts) + (ok ? " sent" : " lost")));
  }

  private void says(String text) {
    server.tell(() -> server.text(text.getBytes(UTF_8)));
  }

  // Sending.

  @Test
  void whatWantsToGoOutDuringAWriteGoesOutInTheNextAllTogether() {
    sends("a");
    server.ping();
    server.ping();
    server.tell(() -> server.pinged(new byte[] {1}));
    assertThat(server.writes).containsExactly("a");

    server.isDone();
    assertThat(sent).containsExactly("a sent");
    assertThat(server.writes).containsExactly("a", "pong ping");
    sends("b", "c");
    server.close(4000, "bye");
    server.isDone();
    assertThat(server.writes).endsWith("b c close:4000:bye");
    assertThat(sent).containsExactly("a sent");

    server.isDone();
    assertThat(sent).containsExactly("a sent", "bc sent");
    assertThat(server.writes).hasSize(3);
  }

  @Test
  void aWriteThatIsOverAtOnceNeedsNoCallback() {
    server.atOnce = true;
    sends("a");
    sends("b");
    assertThat(server.writes).containsExactly("a", "b");
    assertThat(sent).containsExactly("a sent", "b sent");
  }

  @Test
  void sendingFromSentDoesNotDeepenTheStackHoweverTheServerAnswers() {
    for (boolean calledBack : new boolean[] {true, false}) {
      Server eager = new Server();
      eager.calledBack = calledBack;
      eager.atOnce = !calledBack;
      int[] depth = {0};
      int[] left = {10_000};
      List<Frames> frames = List.of(FakeSocket.frame("x"));
      Socket.Sent again =
          new Socket.Sent() {
            @Override
            public void sent(boolean ok) {
              if (left[0] % 1_000 == 0) {
                depth[0] = Math.max(depth[0], new Throwable().getStackTrace().length);
              }
              if (--left[0] > 0) {
                eager.send(frames, this);
              }
            }
          };
      int before = new Throwable().getStackTrace().length;
      eager.send(frames, again);
      assertThat(eager.writes).hasSize(10_000);
      assertThat(depth[0] - before).isLessThan(20);
    }
  }

  @Test
  void aServerThatTakesOneMessageAtATimeIsAskedUntilAllAreWritten() {
    server.oneByOne = true;
    sends("a", "b");
    server.close(1000, "");
    server.isDone();
    assertThat(server.writes).containsExactly("a", "b");
    assertThat(sent).isEmpty();
    server.isDone();
    assertThat(sent).containsExactly("ab sent");
    assertThat(server.writes).containsExactly("a", "b", "close:1000:");
    assertThat(server.ends).isZero();
    server.isDone();
    assertThat(server.ends).isEqualTo(1);
  }

  @Test
  void aWriteThatFailsEndsItAndTheListenerHearsSo() {
    opens();
    sends("a");
    server.fails();
    assertThat(sent).containsExactly("a lost");
    assertThat(heard).containsExactly("closed");
    assertThat(server.cuts).isEqualTo(1);
  }

  @Test
  void aWriteThatThrowsEndsIt() {
    opens();
    server.broken = true;
    sends("a");
    assertThat(sent).containsExactly("a lost");
    assertThat(heard).containsExactly("closed");
    assertThat(server.cuts).isEqualTo(1);
  }

  // The end.

  @Test
  void afterACloseNothingIsSentAndASecondCloseIsNotSaid() {
    server.close(4001, "first");
    server.close(4002, "second");
    sends("late");
    server.ping();
    server.isDone();
    assertThat(server.writes).containsExactly("close:4001:first");
    assertThat(sent).containsExactly("late lost");
    assertThat(server.ends).isEqualTo(1);
  }

  @Test
  void aCloseThatIsNotAnsweredIsCutAfterFiveSeconds() {
    opens();
    server.close(1000, "");
    server.isDone();
    time.advance(4_999);
    assertThat(server.cuts).isZero();
    time.advance(1);
    assertThat(server.cuts).isEqualTo(1);
    assertThat(heard).containsExactly("closed");
  }

  @Test
  void aCloseThatWaitsForAWriteInVainIsCutAfterFiveSeconds() {
    opens();
    sends("stuck");
    server.close(1000, "");
    time.advance(5_000);
    assertThat(server.writes).containsExactly("stuck");
    assertThat(server.cuts).isEqualTo(1);
    assertThat(sent).containsExactly("stuck lost");
    assertThat(heard).containsExactly("closed");
  }

  @Test
  void aCloseThatIsAnsweredIsNotCut() {
    opens();
    server.close(1000, "");
    server.isDone();
    server.over();
    time.advance(60_000);
    assertThat(server.cuts).isZero();
    assertThat(heard).containsExactly("closed");
  }

  @Test
  void anAbortWaitsForNothingAndIsOverForEverybody() {
    opens();
    sends("stuck");
    server.abort();
    server.abort();
    assertThat(server.cuts).isEqualTo(1);
    assertThat(sent).containsExactly("stuck lost");
    assertThat(heard).containsExactly("closed");

    server.isDone(); // the server says so late
    server.over();
    server.close(1000, "");
    server.ping();
    sends("late");
    says("hello?");
    assertThat(server.writes).containsExactly("stuck");
    assertThat(sent).containsExactly("stuck lost", "late lost");
    assertThat(heard).containsExactly("closed");
  }

  // What the client does.

  @Test
  void whatTheClientDoesIsHeardInOrderAndClosedIsTheLastCall() {
    opens();
    says("one");
    server.tell(
        () -> {
          server.text("two".getBytes(UTF_8));
          server.pong(ByteBuffer.wrap("3".getBytes(UTF_8)));
        });
    server.goodbye(1001);
    server.over();
    server.over();
    says("four");
    assertThat(heard).containsExactly("one", "two", "pong 3", "goodbye 1001", "closed");
  }

  @Test
  void whoeverIsSentAwaySaysNoGoodbyeAndIsNotHeardAnyMore() {
    opens();
    server.close(4000, "out");
    says("wait");
    server.goodbye(4000);
    server.over();
    assertThat(heard).containsExactly("closed");
  }

  @Test
  void theEndDuringACallIsToldAfterIt() {
    opens(
        what -> {
          if (what.equals("bye")) {
            server.abort();
            heard.add("bye is heard");
          }
        });
    says("bye");
    assertThat(heard).containsExactly("bye", "bye is heard", "closed");
  }

  @Test
  void theEndWhileItIsOpenedIsToldToWhomItWasOpenedFor() {
    boolean goesOn =
        server.open(
            socket -> {
              socket.abort();
              return new Ear(what -> {});
            });
    assertThat(goesOn).isFalse();
    assertThat(heard).containsExactly("closed");
  }

  @Test
  void aListenerThatThrowsEndsTheSocketWithAnInternalError() {
    opens(
        what -> {
          if (what.equals("poison")) {
            throw new IllegalStateException("secret");
          }
        });
    says("poison");
    assertThat(server.writes).containsExactly("close:1011:internal error");
    server.isDone();
    server.over();
    assertThat(heard).containsExactly("poison", "closed");
  }
}
