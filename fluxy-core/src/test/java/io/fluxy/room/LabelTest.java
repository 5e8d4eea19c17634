package io.fluxy.room;

import static io.fluxy.room.TestRoom.posted;
import static io.fluxy.room.TestRoom.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal.Reason;
import org.junit.jupiter.api.Test;

/** Messages that are an application's events: a name, and JSON instead of text. */
class LabelTest {
  private final TestRoom lobby = new TestRoom();
  private final TestRoom.Guest ann = lobby.enters("ann");
  private final TestRoom.Guest bob = lobby.enters("bob");

  private static Draft price(String json) {
    return Draft.event(new Label("price", "ticker"), json);
  }

  @Test
  void anEventHasItsPlaceAmongTheMessagesAndNamesNobody() {
    ann.says("before");
    Message event = posted(lobby.asks("ann", new Command.Post(price("{\"to\":\"@bob\"}"))));
    ann.says("after");

    assertThat(event.label()).isEqualTo(new Label("price", "ticker"));
    assertThat(event.mentions()).isEmpty();
    assertThat(bob.read()).containsExactly("before", "{\"to\":\"@bob\"}", "after");
  }

  @Test
  void itsContentIsOneJsonValueAndStaysWhatItIs() {
    for (String bad : new String[] {"", "{", "{} {}", "hello"}) {
      assertThat(refusal(lobby.asks("ann", new Command.Post(price(bad)))))
          .as(bad)
          .isEqualTo(Reason.INVALID);
    }
    Message event = posted(lobby.asks("ann", new Command.Post(price("[1,\"two\",null]"))));
    assertThat(refusal(lobby.asks("ann", new Command.Edit(event.id(), "text"))))
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void whatIsErasedOrDeletedIsNoEventAnyMore() {
    Message event = posted(lobby.asks("ann", new Command.Post(price("1"))));
    assertThat(event.erased(2).label()).isNull();
    assertThat(event.deleted(2).label()).isNull();
    assertThat(event.withoutText().label()).isNull();
  }

  @Test
  void aMemberThatKnowsIsNotToldAndMissesNothingElse() {
    lobby.asks("cid", TestRoom.post("one"));
    lobby.asks("cid", new Command.Post(price("2"), ann.id()));
    lobby.asks("cid", TestRoom.post("three"));

    assertThat(ann.read()).containsExactly("one", "three");
    assertThat(bob.read()).containsExactly("one", "2", "three");
    assertThat(lobby.log()).extracting(Event.Durable::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void namesAreOfSoundTextAndOfSomeLength() {
    assertThat(Label.isName("a".repeat(200))).isTrue();
    for (String bad : new String[] {"", " ", "a".repeat(201), "a\nb", "\ud83d", "a\u0000"}) {
      assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Label.named(bad));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Label("a", "b".repeat(201)));
  }
}
