package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.protocol.pushflo.PushFloApp.Option;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions come back after a cut, and what was missed with them (contract 6.1, 6.2). */
class RestoreTest {
  private FloServer server = FloServer.start();
  private final String token = server.token("ann");

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private void publishes(int from, int to) {
    for (int n = from; n <= to; n++) {
      assertThat(server.publishes("room", "{\"n\":" + n + "}")).startsWith("201 ");
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(n -> "{\"n\":" + n + "}").toList();
  }

  @Test
  void onlyWhatIsNotCertainToHaveArrivedIsToldAgain() {
    FloWire ann = server.connects(token).subscribes("room").quiet();
    publishes(1, 5);
    server.time.advance(1_000);
    ann.unconfirmed();
    publishes(6, 8);
    server.time.advance(1_000);
    assertThat(ann.data()).isEqualTo(numbers(1, 8));
    ann.isCut();
    publishes(9, 10);

    assertThat(server.connects(token).data()).isEqualTo(numbers(6, 10));
  }

  @Test
  void aSecondCutLosesNothingEither() {
    FloWire ann = server.connects(token).subscribes("room").quiet();
    publishes(1, 2);
    server.time.advance(1_000);
    ann.isCut();
    publishes(3, 400); // more than a room keeps in memory
    FloWire second = server.connectsUnconfirmed(token);
    assertThat(second.data()).isEqualTo(numbers(3, 400));
    second.isCut();
    publishes(401, 402);

    FloWire third = server.connects(token);
    assertThat(third.data()).isEqualTo(numbers(3, 402));
    server.time.advance(1_000);
    third.isCut();
    assertThat(server.connects(token).data()).isEmpty();
  }

  @Test
  void whatWasSaidBeforeTheSubscriptionIsNotToldWithIt() {
    server.connects().subscribes("room");
    publishes(1, 3);
    FloWire ann = server.connectsUnconfirmed(token).subscribes("room");
    ann.isCut();
    publishes(4, 4);

    assertThat(server.connects(token).data()).isEqualTo(numbers(4, 4));
  }

  @Test
  void whoeverClosesByItselfComesBackToNothing() {
    FloWire ann = server.connects(token).subscribes("room").quiet();
    ann.leaves();
    publishes(1, 1);

    assertThat(server.connects(token).hears()).isEmpty();
  }

  @Test
  void aKeyThatAllShareBringsNothingBack() {
    server.connects().subscribes("room").isCut();
    assertThat(server.connects().hears()).isEmpty();
  }

  @Test
  void anAddressAndAPageMayStandForSomebodyIfTheAppSaysSo() {
    server = FloServer.start(app -> app.with(Option.RESTORE_BY_ADDRESS));
    server.connects().subscribes("room").isCut();
    assertThat(server.connects().hears())
        .containsExactly("{\"type\":\"subscribed\",\"channel\":\"room\"}");
  }

  @Test
  void whoeverComesBackTooLateComesBackToNothing() {
    server.connects(token).subscribes("room").isCut();
    server.time.advance(300_001);
    assertThat(server.connects(token).hears()).isEmpty();
  }

  @Test
  void nobodyGetsTheSubscriptionsOfSomebodyElse() {
    server.connects(token).subscribes("room").isCut();
    assertThat(server.connects(server.token("bob")).hears()).isEmpty();
    assertThat(server.connects(token).hears()).hasSize(1);
  }

  @Test
  void oneComesBackForOne() {
    FloWire one = server.connects(token).subscribes("one");
    FloWire two = server.connects(token).subscribes("two");
    one.isCut();
    two.isCut();
    assertThat(server.connects(token).hears()).singleElement().asString().contains("\"one\"");
    assertThat(server.connects(token).hears()).singleElement().asString().contains("\"two\"");
    assertThat(server.connects(token).hears()).isEmpty();
  }

  /** The network went away without a word, and the client has come back before we knew. */
  @Test
  void whoeverIsBackBeforeItsOldSocketIsKnownToBeGoneHearsWhatItMissed() {
    FloWire ann = server.connects(token).subscribes("room").quiet();
    publishes(1, 1);
    server.time.advance(1_000);
    ann.vanishes();
    publishes(2, 2);
    server.time.advance(3_000);
    FloWire again = server.connects(token);
    assertThat(again.hears()).isEmpty();
    publishes(3, 3);

    server.time.advance(6_000);
    assertThat(ann.end()).isEqualTo("4008 heartbeat_timeout");
    assertThat(again.data()).isEqualTo(numbers(2, 3));
    publishes(4, 4);
    assertThat(again.data()).isEqualTo(numbers(4, 4));
  }

  /** What a client sent before its network went away may be read long after it has come back. */
  @Test
  void aPongThatWasUnderWayDoesNotKeepWhoeverIsBackFromWhatItMissed() {
    FloWire ann = server.connects(token).subscribes("room").quiet();
    ann.answersLate();
    publishes(1, 1);
    server.time.advance(1_000);
    ann.vanishes();
    FloWire again = server.connects(token);
    ann.answersThen();
    publishes(2, 2);
    ann.isCut();

    assertThat(again.data()).isEqualTo(numbers(2, 2));
  }

  @Test
  void anotherTabThatIsAliveStaysAndKeepsWhatIsItsOwn() {
    FloWire one = server.connects(token).subscribes("room");
    FloWire two = server.connects(token);
    server.time.advance(10_000);
    assertThat(one.end()).isEqualTo("open");
    assertThat(two.hears()).isEmpty();
    server.time.advance(60_000);
    one.isCut();
    assertThat(two.hears()).as("it was there while the other was").isEmpty();
  }

  @Test
  void whoeverSubscribesWhileItComesBackIsAnsweredToo() {
    server.connects(token).subscribes("room").isCut();
    FloWire again = server.connects(token).subscribes("room");
    publishes(1, 1);
    assertThat(again.hears())
        .satisfiesExactly(
            frame -> assertThat(frame).contains("subscribed"),
            frame -> assertThat(frame).contains("subscribed"),
            frame -> assertThat(frame).contains("{\"n\":1}"));
  }

  @Test
  void aRevokedTokenLeavesNothingBehind() {
    String body = "{\"userId\":\"bob\",\"ttl\":60}";
    String answer = server.call("POST", "/api/v1/auth/token", FloServer.SEC, body);
    String bob = answer.replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
    FloWire wire = server.connects(bob).subscribes("room").quiet();
    server.time.advance(100_000);
    assertThat(wire.end()).startsWith("4001 ");
    assertThat(server.connects(server.token("bob")).hears()).isEmpty();
  }
}
