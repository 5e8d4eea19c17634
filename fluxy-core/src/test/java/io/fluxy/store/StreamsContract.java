package io.fluxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxy.chat.Event;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every store must know of messages that are being written bit by bit; part of {@link
 * StoreContract}.
 */
abstract class StreamsContract extends StoreStories {
  StreamsContract(StoreContract suite) {
    super(suite);
  }

  private static Event.Posted begun(Event.Durable post, String runId) {
    return new Event.Posted(((Event.Posted) post).message(), new Event.Stream(runId));
  }

  private List<OpenStream> streams() {
    return get(store().messages().streams(LOBBY));
  }

  @Test
  void aMessageThatIsBeingWrittenIsKnownUntilAnEditEndsIt() {
    Room lobby = founded(LOBBY);
    Event.Posted begun = begun(lobby.post(1, "bot", "so"), "run-1");
    lobby.append(begun, lobby.post(2, "ann", "whole"));

    assertThat(streams()).containsExactly(new OpenStream(begun.message(), "run-1", 0));
    assertThat(lobby.read(0, 10)).startsWith(begun);
    OpenedRoom opened = get(store().messages().open(LOBBY, 10)).orElseThrow();
    assertThat(opened.streams()).isEqualTo(streams());

    lobby.append(lobby.edit(3, 1, "so it is", 2));
    assertThat(streams()).isEmpty();
    assertThat(lobby.read(0, 1)).containsExactly(begun);
  }

  @Test
  void aDeletionEndsWhatIsBeingWrittenToo() {
    Room lobby = founded(LOBBY);
    lobby.append(begun(lobby.post(1, "bot", ""), ""), begun(lobby.post(2, "ann", ""), ""));
    lobby.append(
        new Event.Deleted(3, T0 + 3, lobby.messageId(1), "bot", false, 2),
        new Event.Deleted(4, T0 + 4, lobby.messageId(2), "ann", true, 2));

    assertThat(streams()).isEmpty();
  }

  @Test
  void aCheckpointIsWhatTheMessageSaysNowAndMovesItsBeat() {
    Room lobby = founded(LOBBY);
    Event.Posted begun = begun(lobby.post(1, "bot", ""), "");
    lobby.append(begun);
    get(store().messages().checkpoint(LOBBY, 1, "so"));
    get(store().messages().checkpoint(LOBBY, 1, "so far"));

    assertThat(streams()).containsExactly(new OpenStream(begun.message().saying("so far"), "", 2));
    assertThat(get(store().messages().page(LOBBY, Long.MAX_VALUE, 1)).get(0).message())
        .isEqualTo(begun.message().saying("so far"));
    assertThat(lobby.read(0, 10)).as("the log has what was told").containsExactly(begun);
  }

  @Test
  void aCheckpointThatComesTooLateChangesNothing() {
    Room lobby = founded(LOBBY);
    lobby.append(begun(lobby.post(1, "bot", ""), ""), lobby.post(2, "ann", "mine"));
    lobby.append(lobby.edit(3, 1, "whole", 2));
    get(store().messages().checkpoint(LOBBY, 1, "late"));
    get(store().messages().checkpoint(LOBBY, 2, "never begun"));
    get(store().messages().checkpoint(LOBBY, 9, "never there"));

    assertThat(get(store().messages().page(LOBBY, Long.MAX_VALUE, 10)))
        .extracting(stored -> stored.message().content())
        .containsExactly("mine", "whole");
  }

  @Test
  void whatWasBeingWrittenIsThereWhenTheStoreIsOpenedAgain() throws Exception {
    Room lobby = founded(LOBBY);
    lobby.append(begun(lobby.post(1, "bot", ""), "run-1"));
    get(store().messages().checkpoint(LOBBY, 1, "so far"));
    store().close();
    Optional<Store> again = reopened();
    assumeTrue(again.isPresent());
    goOnWith(again.get());

    assertThat(streams())
        .singleElement()
        .satisfies(open -> assertThat(open.message().content()).isEqualTo("so far"))
        .satisfies(open -> assertThat(open.runId()).isEqualTo("run-1"));
  }
}
