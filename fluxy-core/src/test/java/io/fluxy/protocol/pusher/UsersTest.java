package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sign-in, what is for one user, watchlists, cache channels, counts (contract 2.5, 2.6). */
class UsersTest {
  private ChannelServer server = ChannelServer.start();

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private static Wire signsIn(Wire wire, String userData) {
    String answer = ChannelServer.SHOP.authenticate(wire.id(), userData);
    return wire.says("{\"event\":\"pusher:signin\",\"data\":" + answer + "}");
  }

  @Test
  void signInEchoesTheUserData() {
    Wire ann = server.connects();

    assertThat(signsIn(ann, "{\"id\":\"77\",\"user_info\":{\"name\":\"Ann\"}}").hears())
        .containsExactly(
            "{\"event\":\"pusher:signin_success\",\"data\":\"{\\\"user_data\\\":"
                + "\\\"{\\\\\\\"id\\\\\\\":\\\\\\\"77\\\\\\\",\\\\\\\"user_info\\\\\\\":"
                + "{\\\\\\\"name\\\\\\\":\\\\\\\"Ann\\\\\\\"}}\\\"}\"}");
    assertThat(signsIn(ann, "{\"id\":\"77\"}").hears()).as("again").hasSize(1);
    assertThat(signsIn(ann, "{\"id\":\"78\"}").hears())
        .singleElement()
        .asString()
        .contains("pusher:error", "somebody else");
    assertThat(ann.end()).isEqualTo("open");
  }

  @Test
  void aBadSignInIsRefused() {
    Wire ann = server.connects();
    for (String bad :
        List.of("{}", "{\"id\":\"\"}", "{\"id\":7}", "x", "{\"id\":\"" + "x".repeat(129) + "\"}")) {
      assertThat(signsIn(ann, bad).hears())
          .singleElement()
          .asString()
          .contains("pusher:error", "4009");
    }
    String theirs = ChannelServer.BANK.authenticate(ann.id(), "{\"id\":\"7\"}");
    ann.says("{\"event\":\"pusher:signin\",\"data\":" + theirs + "}");
    assertThat(ann.hears()).singleElement().asString().contains("pusher:error");
  }

  @Test
  void onlyTheUserHearsWhatIsForTheUser() {
    String channel = "#server-to-user-77";
    Wire ann = signsIn(server.connects(), "{\"id\":\"77\"}").quiet();
    Wire stranger = server.connects();
    Wire other = signsIn(server.connects(), "{\"id\":\"7\"}").quiet();

    assertThat(ann.subscribes(channel).hears())
        .containsExactly(
            "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"#server-to-user-77\",\"data\":\"{}\"}");
    assertThat(stranger.subscribes(channel).hears()).hasSize(2);
    assertThat(other.subscribes(channel).hears()).hasSize(2);
    assertThat(server.publishes(channel, "hey", "{\\\"a\\\":1}")).isEqualTo("200 {}");
    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"hey\",\"channel\":\"#server-to-user-77\",\"data\":\"{\\\"a\\\":1}\"}");
    assertThat(stranger.hears()).isEmpty();
    assertThat(other.hears()).isEmpty();
    assertThat(server.get("/apps/4242/channels", "")).isEqualTo("200 {\"channels\":{}}");
  }

  @Test
  void allConnectionsOfASignedInUserCanBeEnded() {
    Wire ann = signsIn(server.connects(), "{\"id\":\"a/b\"}").quiet();
    Wire anonymous = server.connects();

    assertThat(server.post("/apps/4242/users/a%2Fb/terminate_connections", "{}"))
        .isEqualTo("200 {}");
    assertThat(ann.hears()).singleElement().asString().contains("\"code\":4009");
    assertThat(ann.end()).startsWith("4009 ");
    assertThat(anonymous.end()).isEqualTo("open");
  }

  @Test
  void aSignedInConnectionNeedsNoChannelDataForPresence() {
    Wire ann = signsIn(server.connects(), "{\"id\":\"77\",\"user_info\":{\"n\":1}}").quiet();

    assertThat(ann.subscribesSigned("presence-r", null).hears().get(0))
        .endsWith(
            "{\\\"ids\\\":[\\\"77\\\"],\\\"hash\\\":{\\\"77\\\":{\\\"n\\\":1}},\\\"count\\\":1}}\"}");
    assertThat(server.connects().subscribesSigned("presence-r", null).hears()).hasSize(2);
  }

  @Test
  void whoWatchesIsToldWhoComesAndGoes() {
    Wire bob = signsIn(server.connects(), "{\"id\":\"2\"}");
    Wire ann = signsIn(server.connects(), "{\"id\":\"1\",\"watchlist\":[\"2\",\"3\"]}");
    String before = "{\"event\":\"pusher_internal:watchlist_events\",\"data\":\"{\\\"events\\\":[";
    String online = "{\\\"name\\\":\\\"online\\\",\\\"user_ids\\\":[\\\"%s\\\"]}";
    String offline = "{\\\"name\\\":\\\"offline\\\",\\\"user_ids\\\":[\\\"%s\\\"]}";

    assertThat(ann.hears().get(1))
        .isEqualTo(before + online.formatted("2") + "," + offline.formatted("3") + "]}\"}");
    Wire carol = signsIn(server.connects(), "{\"id\":\"3\"}");
    assertThat(ann.hears()).containsExactly(before + online.formatted("3") + "]}\"}");
    Wire tab = signsIn(server.connects(), "{\"id\":\"2\"}");
    bob.leaves();
    assertThat(ann.hears()).isEmpty();
    tab.leaves();
    carol.leaves();
    assertThat(ann.hears())
        .containsExactly(
            before + offline.formatted("2") + "]}\"}", before + offline.formatted("3") + "]}\"}");
  }

  @Test
  void aLongWatchlistIsCut() {
    StringBuilder ids = new StringBuilder("\"u0\"");
    for (int i = 1; i <= 100; i++) {
      ids.append(",\"u").append(i).append('"');
    }
    List<String> heard =
        signsIn(server.connects(), "{\"id\":\"1\",\"watchlist\":[" + ids + "]}").hears();

    assertThat(heard.get(0)).contains("signin_success");
    assertThat(heard.get(1)).contains("\"code\":4302");
    assertThat(heard.get(2)).contains("u99").doesNotContain("u100");
  }

  @Test
  void anAppMayWantEverybodyToProveSomething() {
    server = ChannelServer.start(app -> app.signedOnly(true));
    Wire ann = server.connects();
    Wire bob = server.connects().subscribesSigned("private-x", null);
    Wire carol = signsIn(server.connects(), "{\"id\":\"1\"}");
    server.time.advance(30_000);

    assertThat(ann.end()).startsWith("4009 ");
    assertThat(bob.end()).isEqualTo("open");
    assertThat(carol.end()).isEqualTo("open");
  }

  @Test
  void aCacheChannelTellsItsLastEvent() {
    Wire ann = server.connects();
    assertThat(ann.subscribes("cache-c").hears())
        .containsExactly(
            "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"cache-c\",\"data\":\"{}\"}",
            "{\"event\":\"pusher:cache_miss\",\"channel\":\"cache-c\",\"data\":\"{}\"}");
    ann.leaves();
    server.publishes("cache-c", "first", "1");
    server.publishes("cache-c", "price", "{\\\"p\\\":1}");

    assertThat(server.connects().subscribes("cache-c").hears())
        .containsExactly(
            "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"cache-c\",\"data\":\"{}\"}",
            "{\"event\":\"price\",\"channel\":\"cache-c\",\"data\":\"{\\\"p\\\":1}\"}");
    assertThat(server.get("/apps/4242/channels/cache-c", "info=cache"))
        .isEqualTo("200 {\"occupied\":true,\"cache\":{\"data\":\"{\\\"p\\\":1}\",\"ttl\":1800}}");
    server.time.advance(1_800_000);
    assertThat(server.get("/apps/4242/channels/cache-c", "info=cache")).endsWith("\"cache\":null}");
  }

  @Test
  void clientEventsAreNotCached() {
    Wire ann = server.connects().subscribesSigned("private-cache-c", null);
    server.publishes("private-cache-c", "e", "1");
    ann.says("{\"event\":\"client-x\",\"channel\":\"private-cache-c\",\"data\":{}}");

    assertThat(server.connects().subscribesSigned("private-cache-c", null).hears().get(1))
        .contains("\"event\":\"e\"");
    assertThat(
            server.connects().subscribesSigned("presence-cache-c", "{\"user_id\":\"1\"}").hears())
        .hasSize(2);
  }

  @Test
  void subscribersAreCountedIfTheAppWantsThat() {
    server = ChannelServer.start(app -> app.subscriptionCounts(true));
    String count =
        "{\"event\":\"pusher_internal:subscription_count\",\"channel\":\"news\",\"data\":\"{\\\"subscription_count\\\":%d}\"}";
    Wire ann = server.connects().subscribes("news");
    assertThat(ann.hears().get(1)).isEqualTo(count.formatted(1));
    Wire bob = server.connects().subscribes("news");
    assertThat(ann.hears()).containsExactly(count.formatted(2));
    bob.leaves();
    assertThat(ann.hears()).containsExactly(count.formatted(1));

    assertThat(server.connects().subscribesSigned("private-encrypted-x", null).hears()).hasSize(1);
    assertThat(server.connects().subscribesSigned("presence-x", "{\"user_id\":\"1\"}").hears())
        .hasSize(1);
  }

  @Test
  void aCrowdIsCountedNowAndThen() {
    server = ChannelServer.start(app -> app.subscriptionCounts(true));
    Wire ann = server.connects().subscribes("news");
    for (int i = 0; i < 120; i++) {
      server.connects().subscribes("news");
    }
    assertThat(ann.hears()).hasSize(101);
    server.time.advance(5_000);
    assertThat(ann.hears()).singleElement().asString().contains("121");
  }
}
