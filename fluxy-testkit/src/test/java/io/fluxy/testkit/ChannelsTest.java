package io.fluxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.channels.PlainChannels;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import io.fluxy.protocol.pushflo.PushFlo;
import io.fluxy.protocol.pushflo.PushFloApp;
import io.fluxy.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@FluxyTest
class ChannelsTest {
  private static final String ACME = "{\"acme\":10.5}";

  @Test
  void readsLikeAChat(TestChat chat) {
    TestRoom room = chat.room("private-room");
    TestChannels pusher = chat.pusher();
    TestChannelClient ann = pusher.connects("ann").subscribes("private-room");
    TestChannelClient bob = pusher.connects("bob").subscribes("private-room");

    ann.whispers("client-typing", "{\"at\":3}");
    bob.hears("client-typing", "{\"at\":3}").hearsNothing();

    pusher.publishes("private-room", "price", Map.of("acme", 10.5)); // a server, by HTTP
    bob.hears("price", Map.of("acme", 10.5));

    room.posts("cid", "hello");
    bob.hearsMessage("hello");
  }

  // Three wires, one room.

  @Test
  void threeWiresInOneRoomHearOneOrder(TestChat chat, TestRoom room) {
    TestClient ann = room.enters("ann");
    TestChannels pusher = chat.pusher();
    TestChannelClient pat = pusher.connects("pat").subscribes("lobby");
    TestChannelClient flo = chat.pushFlo().connects("flo").subscribes("lobby");
    TestChannelClient pia = chat.plainChannels().connects("pia").subscribes("lobby");

    ann.says("hi");
    chat.plainChannels().publishes("lobby", "price", ACME);
    chat.pushFlo().publishes("lobby", "sold", Map.of("shares", 3));
    pusher.publishes("lobby", "closed", "at noon");

    for (TestChannelClient each : List.of(pat, flo, pia)) {
      each.hearsMessage("hi")
          .hears("price", ACME)
          .hears("sold", Map.of("shares", 3))
          .hears("closed", "at noon")
          .hearsNothing();
    }
    assertThat(room).hasMessageCount(3).hasPresent("ann", "flo").isGapFree();
  }

  @Test
  void whatHappensAtOnceIsHeardInOneOrderOnEveryWire(TestChat chat, TestRoom room) {
    TestClient ann = room.enters("ann");
    TestClient bob = room.enters("bob");
    List<TestChannelClient> all =
        List.of(
            chat.pusher().connects("pat").subscribes("lobby"),
            chat.pushFlo().connects("flo").subscribes("lobby"),
            chat.plainChannels().connects("pia").subscribes("lobby"));

    chat.atOnce(
        () -> {
          for (int i = 0; i < 20; i++) {
            ann.says("a" + i);
            bob.says("b" + i);
          }
        });

    List<String> order = ann.sees();
    assertThat(order).hasSize(40);
    for (TestChannelClient each : all) {
      order.forEach(each::hearsMessage);
      each.hearsNothing();
    }
  }

  // Pusher.

  @Test
  void aPrivateChannelIsSignedForWhomeverTheHostLetsIn(TestChat chat) {
    TestChannels pusher = chat.pusher();
    TestChannelClient ann = pusher.connects("ann").subscribes("private-room");
    TestChannelClient bob = pusher.connects("bob").subscribes("private-room");
    ann.whispers("client-typing", Map.of("at", 3));
    bob.hears("client-typing", "{\"at\":3}");
    ann.hearsNothing();

    pusher.authorizedBy(
        (user, socket, channel) -> user.equals("eve") ? null : "{\"auth\":\"x:y\"}");
    assertThat(pusher.connects("eve").refusalOf("private-room"))
        .hasValue("the host's own server does not authorize private-room");
    TestChannelClient mal = pusher.connects("mal");
    assertThat(mal.refusalOf("private-room").orElse("")).startsWith("Invalid signature");
    assertThatThrownBy(() -> mal.subscribes("private-room"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("mal may not hear private-room: Invalid signature");

    pusher.publishes("private-room", "news", "today");
    bob.hears("news", "today");
    mal.hearsNothing();
    assertThat(mal).isHere().hasChannels();
  }

  @Test
  void whoComesAndGoesIsSeenInAPresenceChannel(TestChat chat) {
    TestChannelClient ann = chat.pusher().connects("ann").subscribes("presence-room");
    TestChannelClient pia = chat.plainChannels().connects("pia").subscribes("presence-room");
    TestChannelClient bob = chat.pusher().connects("bob").subscribes("presence-room", "news");

    assertThat(ann).seesPresent("presence-room", "ann", "pia", "bob");
    assertThat(bob).seesPresent("presence-room", "ann", "pia", "bob");
    bob.unsubscribes("presence-room");

    assertThat(ann).seesPresent("presence-room", "ann", "pia");
    assertThat(pia).seesPresent("presence-room", "ann", "pia");
    assertThat(bob).hasChannels("news");
    pia.leaves();
    assertThat(ann).seesPresent("presence-room", "ann");
  }

  @Test
  void pushersClientsAskForTheirChannelsAgainAndMissWhatWasSaid(TestChat chat, TestRoom room) {
    TestChannelClient bob = chat.pusher().connects("bob").subscribes("lobby", "private-room");
    bob.drops();
    room.posts("ann", "missed");

    bob.comesBack();
    room.posts("ann", "heard");

    assertThat(bob).isHere().hasChannels("lobby", "private-room");
    bob.hearsMessage("heard").hearsNothing();
  }

  // PushFlo.

  @Test
  void pushFlosClientsAreGivenBackTheirChannelsAndWhatTheyMissed(TestChat chat, TestRoom room) {
    TestChannelClient bob = chat.pushFlo().connects("bob").subscribes("lobby");
    room.posts("ann", "one");
    bob.hearsMessage("one");
    chat.passes(Duration.ofSeconds(2)); // what has arrived is known then
    bob.drops();
    room.posts("ann", "two");

    bob.comesBack();
    room.posts("ann", "three");

    bob.hearsMessage("two").hearsMessage("three").hearsNothing();
    assertThat(bob).hasChannels("lobby");
    assertThatThrownBy(() -> bob.whispers("client-hi", "x"))
        .isInstanceOf(UnsupportedOperationException.class);
    bob.leaves();
    bob.comesBack();
    assertThat(bob).isHere().hasChannels();
  }

  @Test
  void aGroupIsClosedToStrangersOnEveryWire(TestChat chat) {
    chat.room("board", "ann", "bob");

    assertThat(chat.pushFlo().connects("bob").refusalOf("board")).isEmpty();
    assertThat(chat.pushFlo().connects("eve").refusalOf("board")).isPresent();
    assertThat(chat.plainChannels().connects("bob").refusalOf("board")).isEmpty();
    assertThat(chat.plainChannels().connects("eve").refusalOf("board")).isPresent();
    assertThat(chat.pusher().connects("bob").refusalOf("board")).isPresent();
  }

  // Plain channels.

  @Test
  void aPlainSocketComesBackToWhereItWas(TestChat chat, TestRoom room) {
    room.posts("ann", "before");
    TestChannelClient bob = chat.plainChannels().connects("bob").subscribes("lobby");
    bob.hearsNothing();
    bob.drops();
    chat.plainChannels().publishes("lobby", "price", ACME);

    bob.comesBack();
    room.posts("ann", "after");

    bob.hears("price", ACME).hearsMessage("after").hearsNothing();
    assertThatThrownBy(() -> bob.subscribes("other")).hasMessageContaining("one channel");
  }

  @Test
  void aPlainPrivateChannelTakesASignature(TestChat chat) {
    TestChannels plain = chat.plainChannels();
    TestChannelClient ann = plain.connects("ann").subscribes("private-room");
    TestChannelClient bob = plain.connects("bob").subscribes("private-room");

    ann.whispers("client-typing", true);

    bob.hears("client-typing", true).hearsNothing();
    plain.authorizedBy((user, socket, channel) -> null);
    assertThat(plain.connects("eve").refusalOf("private-room"))
        .hasValue("the host's own server does not authorize private-room");
  }

  // What goes wrong.

  @Test
  void whoeverStopsReadingMissesNothingThatIsNumbered(TestChat chat, TestRoom room) {
    List<TestChannelClient> all =
        List.of(
            chat.pusher().connects("pat").subscribes("lobby"),
            chat.pushFlo().connects("flo").subscribes("lobby"),
            chat.plainChannels().connects("pia").subscribes("lobby"));
    all.forEach(TestChannelClient::stalls);
    for (int i = 0; i < 200; i++) {
      room.posts("ann", "x".repeat(3_900) + i); // more than the engine keeps for one
    }
    all.forEach(TestChannelClient::hearsNothing);

    all.forEach(TestChannelClient::reads);

    for (TestChannelClient each : all) {
      for (int i = 0; i < 200; i++) {
        each.hearsMessage("x".repeat(3_900) + i);
      }
      each.hearsNothing();
    }
  }

  @Test
  void whoeverVanishesIsLetGoAfterAWhile(TestChat chat) {
    TestChannelClient ann = chat.pusher().connects("ann").subscribes("presence-room");
    TestChannelClient bob = chat.pusher().connects("bob").subscribes("presence-room");
    bob.vanishes();

    chat.passes(Duration.ofMinutes(5));

    assertThat(bob).isGoneWith("4201");
    assertThat(ann).isHere().seesPresent("presence-room", "ann");
  }

  @Test
  void whoeverAnswersPingsMayBeQuietAllDay(TestChat chat, TestRoom room) {
    List<TestChannelClient> all =
        List.of(
            chat.pusher().connects("pat").subscribes("lobby"),
            chat.pushFlo().connects("flo").subscribes("lobby"),
            chat.plainChannels().connects("pia").subscribes("lobby"));

    chat.passes(Duration.ofHours(24));
    room.posts("ann", "good morning");

    all.forEach(each -> each.hearsMessage("good morning"));
  }

  @Test
  void anEngineThatRestartsOrCrashesServesTheSameChannels(TestChat chat, TestRoom room) {
    TestChannelClient pat = chat.pusher().connects("pat").subscribes("lobby");
    TestChannelClient pia = chat.plainChannels().connects("pia").subscribes("lobby");
    room.posts("ann", "one");
    pat.hearsMessage("one");
    pia.hearsMessage("one");

    chat.restarts();
    assertThat(pat).isGoneWith("4200");
    assertThat(pia).isGoneWith("1012");
    pat.comesBack();
    pia.comesBack();
    chat.crashes();
    assertThat(pat).isGone();
    room.posts("ann", "two");
    pat.comesBack();
    pia.comesBack();
    room.posts("ann", "three");

    pat.hearsMessage("three").hearsNothing();
    pia.hearsMessage("two").hearsMessage("three").hearsNothing();
  }

  @Test
  void aSlowStoreIsWaitedForIfThereIsPatience(TestChat chat) {
    TestChannelClient ann = chat.pusher().connects("ann");
    chat.store().slowsDown(Duration.ofSeconds(2));

    ann.within(Duration.ofSeconds(10)).subscribes("news");

    assertThat(ann).hasChannels("news");
  }

  // The host's own apps.

  @Test
  void theHostsOwnAppsAreSpokenTo() {
    PusherApp app = PusherApp.of("4242", "test", "app-key", "app-secret");
    ChannelApp web = ChannelApp.of("test", "web", "web-secret");
    String secretKey = "sec_0123456789";
    try (TestChat chat =
        TestChat.start(
            (builder, scheduler) ->
                builder
                    .protocol(new PusherChannels(app))
                    .protocol(new PlainChannels(web))
                    .protocol(
                        new PushFlo(
                            PushFloApp.of("test")
                                .key(secretKey)
                                .with(PushFloApp.Option.CREATE_ON_PUBLISH)))
                    .start())) {
      TestChannelClient ann = chat.pusher(app).connects("ann").subscribes("private-room");
      TestChannelClient pia = chat.plainChannels(web).connects("pia").subscribes("private-room");
      TestChannelClient flo = chat.pushFlo(secretKey).connects("flo").subscribes("news");

      chat.pusher(app).publishes("private-room", "price", ACME);
      chat.pushFlo(secretKey).publishes("news", "today", Map.of());

      ann.hears("price", ACME);
      pia.hears("price", Json.text(ACME)); // what Pusher publishes is text to the others
      flo.hears("today", "{}");
    }
  }

  // What is said when a test fails.

  @Test
  void aFailureTellsTheStory(TestChat chat) {
    TestChannels pusher = chat.pusher();
    TestChannelClient ann = pusher.connects("ann").subscribes("news");

    assertThatThrownBy(() -> ann.hears("price", ACME))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ann in [news] should hear price {\"acme\":10.5}, but heard nothing");
    pusher.publishes("news", "price", Map.of("acme", 11));
    assertThatThrownBy(() -> ann.hears("price", ACME))
        .hasMessageContaining("but heard news: price {\"acme\":11}")
        .hasMessageContaining("a server publishes to news: price {\"acme\":11}");
    assertThatThrownBy(ann::hearsNothing).hasMessageContaining("should hear nothing");
    assertThatThrownBy(() -> assertThat(ann).hasChannels())
        .hasMessageContaining("ann in [news] should be in [], but is in [news]");
    assertThat(ann.hears("price").data()).isEqualTo("{\"acme\":11}");
    assertThatThrownBy(() -> chat.pushFlo().publishes("news", "x", "text"))
        .hasMessageContaining("publishing x to news is refused: 400");
  }
}
