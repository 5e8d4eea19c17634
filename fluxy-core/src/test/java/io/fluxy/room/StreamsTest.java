package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.User;
import io.fluxy.store.OpenStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that are written bit by bit. */
class StreamsTest {
  private static final Limits LIMITS = Limits.defaults();
  private static final long DEAD_MS = 5L * LIMITS.streamBeatMs();

  private final TestRoom lobby = new TestRoom();
  private final TestRoom.Guest ann = lobby.enters("ann");
  private final TestRoom.Guest bob = lobby.enters("bob");

  private static Command start(String content) {
    return new Command.StartStream(content, null, "");
  }

  private static Command grow(String content) {
    return new Command.GrowStream(content);
  }

  private List<String> told() {
    return bob.all(Event.Streamed.class).stream().map(Event.Streamed::content).toList();
  }

  private List<OpenStream> open() {
    return TestRoom.now(lobby.store.inner().messages().streams(TestRoom.ID));
  }

  private String newest() {
    return lobby.page(lobby.room, "ann", Long.MAX_VALUE, 1).get(0);
  }

  @Test
  void itsBeginningAndItsEndAreNumberedAndWhatIsBetweenIsNot() {
    ann.asks(start(""));
    ann.asks(grow("so"));
    lobby.time.advance(LIMITS.streamPauseMs());
    ann.asks(grow("so far"));
    ann.asks(new Command.EndStream("so far, so good"));

    assertThat(bob.seqs()).containsExactly(4L, 5L);
    assertThat(bob.last(Event.Posted.class).stream()).isEqualTo(new Event.Stream(""));
    assertThat(told()).containsExactly("so", "so far");
    assertThat(bob.last(Event.Edited.class).content()).isEqualTo("so far, so good");
    assertThat(ann.last(Event.StreamStarted.class).messageId())
        .isEqualTo(bob.last(Event.Posted.class).message().id());
    assertThat(bob.all(Event.StreamStarted.class)).isEmpty();
    assertThat(newest()).isEqualTo("so far, so good");
    assertThat(lobby.log()).hasSize(5);
  }

  @Test
  void whatItSaysSoFarIsToldNowAndThenAndWhole() {
    ann.asks(start(""));
    for (int i = 1; i <= 100; i++) {
      ann.asks(grow("x".repeat(i)));
      lobby.time.advance(10);
    }

    assertThat(told()).hasSizeBetween(8, 10);
    lobby.time.advance(LIMITS.streamPauseMs());
    assertThat(told().get(told().size() - 1)).hasSize(100);
    int tellings = told().size();
    lobby.time.advance(1_000);
    assertThat(told()).hasSize(tellings);
  }

  @Test
  void whoComesMeanwhileSeesWhatItSaysSoFar() {
    ann.asks(start("a"));
    ann.asks(grow("a b"));
    ann.asks(grow("a b c"));

    assertThat(newest()).isEqualTo("a b c");
    TestRoom.Guest cid = lobby.enters(User.named("cid"), 10);
    assertThat(cid.last(Event.Snapshot.class).messages().get(0).message().content())
        .isEqualTo("a b c");
    assertThat(cid.all(Event.StreamState.class)).isEmpty();
    TestRoom.Guest again = lobby.enters(User.named("ann"), 0);
    assertThat(again.last(Event.StreamState.class).message().content()).isEqualTo("a b c");
    assertThat(again.heard.indexOf(again.last(Event.StreamState.class)))
        .isLessThan(again.heard.indexOf(again.last(Event.Welcomed.class)));
  }

  @Test
  void aUserWritesOneAtATime() {
    ann.asks(start("one"));

    assertThat(TestRoom.refusal(lobby.asks("ann", start("two"))))
        .isEqualTo(Reason.STREAM_ALREADY_ACTIVE);
    assertThat(lobby.asks("bob", start("mine"))).isInstanceOf(Answer.Done.class);
    ann.asks(new Command.EndStream(null));
    assertThat(lobby.asks("ann", start("two"))).isInstanceOf(Answer.Done.class);
  }

  @Test
  void twoBeginningsInOneTurnAreOneTooMany() {
    lobby.room.submit(ann, start("one"));
    lobby.room.submit(ann, start("two"));
    lobby.room.submit(ann, new Command.EndStream("one."));
    lobby.room.submit(ann, start("three"));
    lobby.time.runUntilIdle();

    assertThat(bob.read()).containsExactly("one", "three");
    assertThat(ann.last(Event.Refused.class).refusal().reason())
        .isEqualTo(Reason.STREAM_ALREADY_ACTIVE);
  }

  @Test
  void whoWritesNothingCanNeitherGoOnNorEnd() {
    for (Command command :
        List.of(grow("x"), new Command.EndStream("x"), new Command.AbortStream())) {
      assertThat(TestRoom.refusal(lobby.asks("ann", command))).isEqualTo(Reason.STREAM_NOT_ACTIVE);
    }
  }

  @Test
  void itIsNoLongerThanAnyMessage() {
    ann.asks(start("x"));

    String tooLong = "x".repeat(LIMITS.contentCharsMax() + 1);
    assertThat(TestRoom.refusal(lobby.asks("ann", grow(tooLong))))
        .isEqualTo(Reason.CONTENT_TOO_LONG);
    assertThat(TestRoom.refusal(lobby.asks("ann", new Command.EndStream(tooLong))))
        .isEqualTo(Reason.CONTENT_TOO_LONG);
    assertThat(lobby.asks("ann", new Command.EndStream("y"))).isInstanceOf(Answer.Done.class);
  }

  @Test
  void whatIsAbortedOrSaysNothingIsDeleted() {
    ann.asks(start("x"));
    ann.asks(new Command.AbortStream());
    ann.asks(start(""));
    ann.asks(new Command.EndStream(null));

    assertThat(bob.all(Event.Deleted.class)).hasSize(2);
    assertThat(lobby.page(lobby.room, "ann", Long.MAX_VALUE, 10)).isEmpty();
    assertThat(open()).isEmpty();
  }

  @Test
  void anEditOfItEndsItToo() {
    ann.asks(start("x"));
    long id = bob.last(Event.Posted.class).message().id();
    ann.asks(new Command.Edit(id, "that is all"));

    assertThat(TestRoom.refusal(lobby.asks("ann", grow("y")))).isEqualTo(Reason.STREAM_NOT_ACTIVE);
    lobby.time.advance(DEAD_MS);
    assertThat(newest()).isEqualTo("that is all");
  }

  @Test
  void itIsKeptAtEveryBeatAndNotMoreOften() {
    ann.asks(start(""));
    for (int i = 1; i <= 90; i++) {
      ann.asks(grow("x".repeat(i)));
      lobby.time.advance(100);
    }

    assertThat(lobby.store.checkpoints).isBetween(2, 3);
    assertThat(open().get(0).message().content().length()).isGreaterThan(50);
  }

  @Test
  void whatNobodyGoesOnWithEndsByItself() {
    ann.asks(start("x"));
    ann.asks(grow("x y"));
    ann.leaves();
    lobby.time.advance(LIMITS.streamIdleMs() + 2L * LIMITS.streamBeatMs());

    assertThat(bob.last(Event.Edited.class).content()).isEqualTo("x y");
    assertThat(open()).isEmpty();
  }

  // What becomes of it when its process is gone.

  private TestRoom.Guest crashed(String soFar, String runId) {
    ann.asks(new Command.StartStream("", null, runId));
    ann.asks(grow(soFar));
    lobby.time.advance(LIMITS.streamBeatMs());
    ann.asks(grow(soFar + " and what was not kept"));
    return lobby.joinsAnotherNode("cid");
  }

  @Test
  void aMessageWhoseProcessDiedKeepsWhatItSaidAndItsRunIsMarked() {
    TestRoom.Guest cid = crashed("so far", "run-1");
    lobby.dies();
    lobby.time.advance(DEAD_MS);

    assertThat(cid.last(Event.Edited.class).content()).isEqualTo("so far");
    assertThat(cid.last(Event.RunReported.class).json())
        .isEqualTo(
            "{\"id\":\"run-1\",\"status\":\"interrupted\",\"room_id\":\"lobby\","
                + "\"error\":\"the server that ran it is gone\"}");
    assertThat(cid.all(Event.RunReported.class)).hasSize(1);
    assertThat(open()).isEmpty();
  }

  @Test
  void aMessageThatAnotherNodeWritesIsLeftAloneForAsLongAsItLives() {
    TestRoom.Guest cid = crashed("so far", "run-1");
    for (int i = 0; i < 20; i++) {
      ann.asks(grow("more " + i));
      lobby.time.advance(LIMITS.streamBeatMs());
    }

    assertThat(cid.all(Event.Edited.class)).isEmpty();
    ann.asks(new Command.EndStream("done"));
    assertThat(newest()).isEqualTo("done");
  }

  @Test
  void aStoreThatDoesNotAnswerInterruptsNobody() {
    TestRoom.Guest cid = crashed("so far", "run-1");
    lobby.dies();
    lobby.elsewhere.reads = MoodyStore.Mood.FAILS;
    lobby.time.advance(4 * DEAD_MS);
    assertThat(cid.all(Event.Edited.class)).isEmpty();
    assertThat(lobby.log()).hasSize(4);
  }

  @Test
  void whoComesBackGoesOnWritingOnAnotherNode() {
    crashed("so far", "");
    lobby.dies();
    TestRoom.Guest again = lobby.joinsAnotherNode("ann");
    assertThat(again.last(Event.StreamState.class).message().content()).isEqualTo("so far");
    again.asks(grow("so far and on"));
    lobby.time.advance(2 * DEAD_MS);
    again.asks(new Command.EndStream(null));

    assertThat(again.last(Event.Edited.class).content()).isEqualTo("so far and on");
    assertThat(again.all(Event.Edited.class)).hasSize(1);
  }

  @Test
  void aRoomInWhichSomebodyWritesStaysInMemory() {
    ann.asks(start("x"));
    ann.leaves();
    bob.leaves();
    lobby.released();
    lobby.time.advance(LIMITS.roomIdleMs() + 1_000L);
    assertThat(lobby.registry.size()).isEqualTo(1);
    lobby.time.advance(LIMITS.streamIdleMs() + LIMITS.roomIdleMs() + 1_000L);
    assertThat(lobby.registry.size()).isEqualTo(0);
    assertThat(open()).isEmpty();
  }
}
