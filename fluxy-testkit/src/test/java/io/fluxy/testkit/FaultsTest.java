package io.fluxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.RefusedException;
import io.fluxy.store.WebhookRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@FluxyTest
class FaultsTest {
  private TestChat chat;
  private TestRoom room;
  private TestClient ann;
  private TestClient bob;

  @BeforeEach
  void twoPeopleInARoom(TestChat chat, TestRoom room) {
    this.chat = chat;
    this.room = room;
    this.ann = room.enters("ann");
    this.bob = room.enters("bob");
  }

  // The store.

  @Test
  void aSlowStoreDelaysTheAnswerAndLosesNothing() {
    chat.store().slowsDown(Duration.ofSeconds(2));

    Sent hi = ann.says("hi");
    assertThat(hi).isUnanswered();
    bob.hearsNothing();
    chat.passes(Duration.ofSeconds(3));

    assertThat(hi).isAcknowledged();
    bob.hears("hi");
  }

  @Test
  void whileTheStoreIsDownASendIsRefusedAndLaterItIsNot() {
    chat.store().goesDown();
    Sent hi = ann.says("hi");
    assertThat(hi).isRefusedWith("storage_unavailable");
    assertThatThrownBy(() -> room.posts("ann", "me too"))
        .hasCauseInstanceOf(RefusedException.class);

    chat.store().recovers();
    chat.passes(Duration.ofSeconds(5));
    ann.repeats(hi);

    assertThat(hi).isAcknowledged();
    bob.hears("hi").hearsNothing();
    assertThat(room).hasMessages("hi").isGapFree();
  }

  @Test
  void aFullDiskStillShowsWhatIsThere() {
    ann.says("hi");
    chat.store().fillsUp();

    assertThat(ann.says("more")).isRefused();
    TestClient cid = room.enters("bob");

    assertThat(cid).sees("hi");
    assertThat(room).hasMessages("hi");
  }

  @Test
  void aCommitOfUnknownOutcomeIsFoundOutAndSaidOnce() {
    chat.store().losesAnswers();
    Sent hi = ann.says("hi");
    chat.passes(Duration.ofSeconds(1));
    chat.store().recovers();
    chat.passes(Duration.ofSeconds(5));
    ann.repeats(hi);

    assertThat(hi).isAcknowledged();
    bob.hears("hi").hearsNothing();
    assertThat(room).hasMessages("hi").isGapFree();
  }

  @Test
  void aSilentStoreDoesNotHoldASendForEver() {
    chat.store().goesSilent();

    Sent hi = ann.says("hi");
    assertThat(hi).isUnanswered();
    chat.passes(Duration.ofMinutes(1));

    assertThat(hi).isRefusedWith("storage_unavailable");
    chat.store().recovers();
    chat.passes(Duration.ofSeconds(10));
    assertThat(ann.repeats(hi)).isAcknowledged();
    assertThat(room).hasMessages("hi").isGapFree();
  }

  // The network.

  @Test
  void whoeverComesBackHearsWhatItMissedOnce() {
    ann.says("one");
    bob.hears("one");
    bob.drops();
    assertThat(bob).isGoneWith("dropped");
    assertThat(room).hasPresent("ann");
    ann.says("two");

    bob.comesBack();
    ann.says("three");

    bob.hears("two", "three").hearsNothing();
    assertThat(bob).isHere().sees("one", "two", "three");
  }

  @Test
  void moreThanASnapshotIsMissedAndNoneIsLost() {
    bob.drops();
    for (int i = 0; i < 300; i++) {
      ann.says("m" + i);
    }

    bob.comesBack();

    assertThat(bob.sees()).hasSize(300);
    assertThat(room).isGapFree().looksTheSameToEveryone();
  }

  @Test
  void whoeverStopsReadingIsOnlyBehindAndMissesNothing() {
    bob.stalls();
    for (int i = 0; i < 200; i++) {
      ann.says("x".repeat(3_900) + i); // more than the engine keeps for one who does not read
    }
    bob.hearsNothing();

    bob.reads();
    ann.says("last");

    assertThat(bob.sees()).hasSize(201).endsWith("last");
    assertThat(room).looksTheSameToEveryone();
  }

  @Test
  void whoeverNeverReadsAgainIsLetGo() {
    bob.stalls();
    ann.says("hi");

    chat.passes(Duration.ofMinutes(2));

    assertThat(bob).isGone();
    assertThat(room).hasPresent("ann");
  }

  @Test
  void whoeverVanishesIsMissedAfterAWhileAndOnlyThen() {
    bob.vanishes();
    ann.says("are you there?");
    chat.passes(Duration.ofSeconds(30));
    assertThat(room).hasPresent("ann", "bob");

    chat.passes(Duration.ofSeconds(60));

    assertThat(bob).isGoneWith("4000 heartbeat_timeout");
    assertThat(room).hasPresent("ann");
    bob.comesBack();
    bob.hears("are you there?").hearsNothing();
  }

  @Test
  void whoeverAnswersPingsMayBeQuietAllDay() {
    chat.passes(Duration.ofHours(24));

    assertThat(ann).isHere();
    ann.says("hi");
    bob.hears("hi");
  }

  // The engine.

  @Test
  void aRestartSaysGoodbyeAndForgetsNothing() {
    ann.says("before");
    bob.hears("before");

    chat.restarts();

    assertThat(bob).isGoneWith("1012 going_away");
    ann.comesBack();
    bob.comesBack();
    ann.says("after");
    bob.hears("after").hearsNothing();
    assertThat(room).hasMessages("before", "after").isGapFree();
  }

  @Test
  void aCrashLosesOnlyWhatNobodyWasToldIsSaved() {
    Sent saved = ann.says("saved");
    chat.store().goesSilent();
    Sent lost = ann.says("lost");

    chat.store().recovers();
    chat.crashes();

    assertThat(saved).isAcknowledged();
    assertThat(lost).isUnanswered();
    assertThat(ann).isGone();
    ann.comesBack();
    ann.repeats(lost);
    assertThat(room).hasMessages("saved", "lost").isGapFree();
  }

  @Test
  void aTokenThatHasExpiredEndsTheConnection() {
    try (TestChat other = TestChat.setup().tokensFor(Duration.ofMinutes(10)).start()) {
      TestClient cid = other.room("lobby").enters("cid");

      other.passes(Duration.ofMinutes(11));

      assertThat(cid).isGoneWith("4001 token_expired");
    }
  }

  @Test
  void aClockThatIsSetBackDoesNotTurnTheOrder() {
    ann.says("one");
    chat.clockJumps(Duration.ofHours(-2));
    ann.says("two");

    assertThat(room).hasMessages("one", "two").isGapFree();
  }

  // Webhooks.

  @Test
  void aWebhookThatCannotBeDeliveredIsTriedAgain() {
    String url = "https://hooks.example/fluxy";
    WebhookRecord webhook =
        new WebhookRecord(chat.project(), "h1", url, null, List.of("mention"), 0);
    TestChat.now(chat.store().inner().webhooks().saveWebhook(webhook));
    chat.passes(Duration.ofSeconds(10)); // until the engine has seen it
    chat.webhooks().goesDown();
    ann.says("hello @bob");
    chat.passes(Duration.ofSeconds(1));
    assertThat(chat.webhooks().calls()).isNotEmpty();

    chat.webhooks().recovers();
    chat.passes(Duration.ofMinutes(2));

    assertThat(chat.webhooks().calls())
        .singleElement()
        .satisfies(call -> assertThat(call.url()).isEqualTo(url))
        .satisfies(call -> assertThat(call.body()).contains("\"toUserIds\":[\"bob\"]"));
  }
}
