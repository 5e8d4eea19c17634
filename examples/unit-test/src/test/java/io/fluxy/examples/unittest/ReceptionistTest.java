package io.fluxy.examples.unittest;

import static io.fluxy.examples.unittest.Receptionist.SORRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.testkit.FluxyExtension;
import io.fluxy.testkit.TestChat;
import io.fluxy.testkit.TestClient;
import io.fluxy.testkit.TestRoom;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReceptionistTest {
  @RegisterExtension
  static final FluxyExtension FLUXY =
      FluxyExtension.of(
          (builder, scheduler) -> Receptionist.start(builder, scheduler, Set.of("tess")));

  private TestClient customer;
  private TestClient tess;

  @BeforeEach
  void aCustomerAndTheTeam(TestRoom room) {
    customer = room.enters("customer");
    tess = room.enters("tess");
  }

  @Test
  void whoeverWaitsTwoMinutesIsToldOnceThatSomebodyWillCome() {
    customer.says("hello?");

    customer.within(Duration.ofSeconds(119)).hearsNothing();
    customer.within(Duration.ofSeconds(2)).hears(SORRY);
    customer.says("anybody?");
    customer.within(Duration.ofHours(1)).hearsNothing();
  }

  @Test
  void anAnswerInTimeKeepsItQuiet(TestChat chat) {
    customer.says("hello?");
    chat.passes(Duration.ofSeconds(100));
    tess.says("hi");

    customer.hears("hi");
    customer.within(Duration.ofHours(1)).hearsNothing();
  }

  @Test
  void whileNothingCanBeSavedItTriesAgain(TestChat chat) {
    customer.says("hello?");
    chat.store().goesDown();
    chat.passes(Duration.ofMinutes(10));
    customer.hearsNothing();

    chat.store().recovers();

    customer.within(Duration.ofSeconds(30)).hears(SORRY).hearsNothing();
  }

  @Test
  void whenItCannotKnowWhetherItWasHeardItStillSaysItOnce(TestChat chat, TestRoom room) {
    customer.says("hello?");
    chat.store().losesAnswers();
    chat.passes(Duration.ofMinutes(5));
    chat.store().recovers();
    chat.passes(Duration.ofMinutes(5));

    assertThat(room).hasMessages("hello?", SORRY).isGapFree();
  }

  /** Each repetition has another seed, and so another order. */
  @RepeatedTest(50)
  void anAnswerAtTheLastMomentBreaksNothing(TestChat chat, TestRoom room) {
    customer.says("hello?");
    chat.passes(Duration.ofMillis(119_999));
    chat.atOnce(
        () -> {
          tess.says("hi");
          chat.time().after(1, () -> customer.says("oh, hi"));
        });
    chat.passes(Duration.ofMinutes(10));

    assertThat(room).isGapFree().looksTheSameToEveryone();
    assertThat(customer.sees()).contains("hello?", "hi", "oh, hi");
  }
}
