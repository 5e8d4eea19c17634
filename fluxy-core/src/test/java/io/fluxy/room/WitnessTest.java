package io.fluxy.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.room.MoodyStore.Mood;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever watches what a process writes sees each event of it once, however late it is found. */
class WitnessTest {
  private final TestRoom lobby = new TestRoom();

  @Test
  void whatThisProcessWritesIsWitnessedOnceAndInOrder() {
    lobby.asks("ann", TestRoom.post("one"));
    lobby.asks("bob", TestRoom.post("two"));

    assertThat(witnessed()).containsExactly("one", "two");
  }

  @Test
  void anAppendThatFailedButWasSavedIsWitnessedOnce() {
    lobby.store.appends = Mood.SAVES_AND_FAILS;
    lobby.asks("ann", TestRoom.post("saved"));
    lobby.store.appends = Mood.FINE;
    lobby.asks("ann", TestRoom.post("next"));

    assertThat(witnessed()).containsExactly("saved", "next");
  }

  @Test
  void anAppendWhoseFateIsFoundOutLaterIsWitnessedThen() {
    lobby.store.appends = Mood.SAVES_AND_FAILS;
    lobby.store.reads = Mood.FAILS;
    lobby.asks("ann", TestRoom.post("saved"));
    assertThat(witnessed()).isEmpty();

    lobby.store.goOn();
    lobby.time.advance(1_000);

    assertThat(witnessed()).containsExactly("saved");
    lobby.asks("ann", TestRoom.post("next"));
    assertThat(witnessed()).containsExactly("saved", "next");
  }

  @Test
  void anAppendThatIsSavedLongAfterItWasRefusedIsWitnessedThen() {
    lobby.store.appends = Mood.WAITS;
    lobby.room.submit(io.fluxy.chat.User.named("ann"), TestRoom.post("late"));
    lobby.time.advance(lobby.limits.storeTimeoutMs() + 1_000L);
    assertThat(witnessed()).isEmpty();

    lobby.store.goOn();
    lobby.asks("ann", TestRoom.post("next"));

    assertThat(witnessed()).containsExactly("late", "next");
  }

  @Test
  void anAppendThatFailedForGoodIsNeverWitnessed() {
    lobby.store.appends = Mood.FAILS;
    lobby.asks("ann", TestRoom.post("lost"));
    lobby.store.appends = Mood.FINE;
    lobby.asks("bob", TestRoom.post("kept"));

    assertThat(witnessed()).containsExactly("kept");
  }

  @Test
  void whatAnotherWriterHasAddedIsToldButNotWitnessed() {
    Message first = TestRoom.posted(lobby.asks("ann", TestRoom.post("ours")));
    long seq = first.seq() + 1;
    TestRoom.now(
        lobby
            .store
            .inner()
            .messages()
            .append(
                TestRoom.ID,
                List.of(
                    new Event.Edited(
                        seq, first.createdAtMs() + 1, first.id(), "ann", "theirs", 2))));
    lobby.asks("bob", TestRoom.post("ours again"));

    assertThat(lobby.log()).hasSize(6);
    assertThat(witnessed()).containsExactly("ours", "ours again");
    assertThat(lobby.witnessed).hasSize(2);
  }

  private List<String> witnessed() {
    return lobby.witnessed.stream()
        .filter(Event.Posted.class::isInstance)
        .map(event -> ((Event.Posted) event).message().content())
        .toList();
  }
}
