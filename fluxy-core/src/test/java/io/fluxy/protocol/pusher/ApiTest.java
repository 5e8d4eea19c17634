package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.RoomType;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.Routes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP API: exact bodies and statuses (contract 4). */
class ApiTest {
  private static final String EVENTS = "/apps/4242/events";
  private static final String BATCH = "/apps/4242/batch_events";
  private static final String CHANNELS = "/apps/4242/channels";

  /** Every route, an example of it, and its status for each kind of caller. */
  private static final List<String> TABLE =
      List.of(
          "POST /apps/:id/events|/events|{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\"}",
          "POST /apps/:id/batch_events|/batch_events|{\"batch\":[]}",
          "GET /apps/:id/channels|/channels|",
          "GET /apps/:id/channels/:channel|/channels/c|",
          "GET /apps/:id/channels/:channel/users|/channels/presence-c/users|",
          "GET /apps/:id/channels/:channel/history|/channels/kept-c/history|",
          "POST /apps/:id/users/:user/terminate_connections|/users/u/terminate_connections|{}");

  private ChannelServer server =
      ChannelServer.start(app -> app.history(PusherHistory.newest(10).of("kept-")));

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  @Test
  void everyRouteIsInTheTable() {
    List<String> routes =
        server.fluxy.protocols().stream()
            .flatMap(protocol -> protocol.routes().all().stream())
            .filter(route -> route.pattern().startsWith("/apps/"))
            .map((Routes.Route route) -> route.method() + " " + route.pattern())
            .toList();

    assertThat(TABLE.stream().map(row -> row.split("\\|", -1)[0]))
        .containsExactlyElementsOf(routes);
  }

  @Test
  void nobodyGetsInWithoutASignatureOfTheAppOfThisRequestOfNow() {
    long now = server.time.nowMs() / 1_000;
    for (String row : TABLE) {
      String[] parts = row.split("\\|", -1);
      String method = parts[0].substring(0, parts[0].indexOf(' '));
      String path = "/apps/4242" + parts[1];
      String body = parts[2];
      String good = ChannelServer.target(method, path, "", body, now);
      String mark = "auth_signature=";

      assertThat(server.call(method, good, body)).as(path).startsWith("200 ");
      assertThat(server.call(method, path, body)).startsWith("401 ");
      assertThat(server.call(method, path + "?auth_key=junk&auth_signature=junk", body))
          .startsWith("401 ");
      assertThat(server.call(method, good.replace(mark, mark + "0"), body)).startsWith("401 ");
      assertThat(server.call(method, good.replace("&" + mark, "&x=y&" + mark), body))
          .startsWith("401 ");
      assertThat(server.call(method, good, body + " ")).startsWith("401 ");
      assertThat(server.call(method, ChannelServer.target(method, path, "", body, now - 601), body))
          .startsWith("401 ");
      assertThat(server.call(method, ChannelServer.target(method, path, "", body, now + 601), body))
          .startsWith("401 ");
      assertThat(server.call(method, ChannelServer.target(method, path, "", body, now - 600), body))
          .startsWith("200 ");
      String theirs = "/apps/4343" + parts[1];
      assertThat(server.call(method, ChannelServer.target(method, theirs, "", body, now), body))
          .as("the key of another app")
          .startsWith("401 ");
      String nobodys = "/apps/99" + parts[1];
      assertThat(server.call(method, ChannelServer.target(method, nobodys, "", body, now), body))
          .startsWith("404 ");
      server.pusher.disable("4242");
      assertThat(server.call(method, good, body)).startsWith("403 ");
      server.pusher.enable("4242");
    }
  }

  @Test
  void unknownRoutesAreMissing() {
    assertThat(server.get("/apps/4242/nothing", "")).startsWith("404 ");
    assertThat(server.get("/apps/4242/events", "")).startsWith("404 ");
    assertThat(server.call("GET", "/apps/", "")).startsWith("404 ");
    assertThat(server.call("GET", "/app/testkey-0001", "")).startsWith("400 ");
    assertThat(server.answer(ApiRequest.tooLarge("POST", EVENTS, Map.of(), "192.0.2.1")).status())
        .isEqualTo(413);
  }

  @Test
  void anEventReachesEveryChannelAndNotWhoeverIsLeftOut() {
    Wire ann = server.connects().subscribes("a").quiet();
    Wire bob = server.connects().subscribes("a").subscribes("b").quiet();
    String body =
        "{\"name\":\"e\",\"channels\":[\"a\",\"b\",\"nobody\"],\"data\":\"x\",\"socket_id\":\"%s\"}";

    assertThat(server.post(EVENTS, body.formatted(ann.id()))).isEqualTo("200 {}");
    assertThat(ann.hears()).isEmpty();
    assertThat(bob.hears())
        .containsExactly(
            "{\"event\":\"e\",\"channel\":\"a\",\"data\":\"x\"}",
            "{\"event\":\"e\",\"channel\":\"b\",\"data\":\"x\"}");
  }

  @Test
  void dataIsTakenAsItIsAndAnythingElseAsText() {
    Wire ann = server.connects().subscribes("a").quiet();
    String event = "{\"name\":\"e\",\"channel\":\"a\",\"data\":%s}";

    for (String data :
        new String[] {
          "\"\"",
          "\" Zo\u00eb \ud83d\ude00\\n\\u0001\\\\\\\" \"",
          "{\"b\":1,\"a\":[true,null,1.5]}",
          "7",
          "false"
        }) {
      assertThat(server.post(EVENTS, event.formatted(data))).isEqualTo("200 {}");
    }
    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"e\",\"channel\":\"a\",\"data\":\"\"}",
            "{\"event\":\"e\",\"channel\":\"a\",\"data\":\" Zo\u00eb \ud83d\ude00\\n\\u0001\\\\\\\" \"}",
            "{\"event\":\"e\",\"channel\":\"a\",\"data\":\"{\\\"b\\\":1,\\\"a\\\":[true,null,1.5]}\"}",
            "{\"event\":\"e\",\"channel\":\"a\",\"data\":\"7\"}",
            "{\"event\":\"e\",\"channel\":\"a\",\"data\":\"false\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "no json|400",
        "[]|400",
        "{}|400",
        "{\"channel\":\"c\",\"data\":\"d\"}|400",
        "{\"name\":\"\",\"channel\":\"c\",\"data\":\"d\"}|400",
        "{\"name\":7,\"channel\":\"c\",\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channel\":7,\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channel\":\"c\"}|400",
        "{\"name\":\"e\",\"channel\":\"c\",\"data\":null}|400",
        "{\"name\":\"e\",\"channels\":[],\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channels\":\"c\",\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channels\":[7],\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channel\":\"bad name\",\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channel\":\"#x\",\"data\":\"d\"}|400",
        "{\"name\":\"pusher:error\",\"channel\":\"c\",\"data\":\"d\"}|400",
        "{\"name\":\"pusher_internal:member_removed\",\"channel\":\"c\",\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\",\"socket_id\":\"x\"}|400",
        "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\",\"socket_id\":7}|400",
        "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\",\"info\":7}|400",
        "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\",\"info\":\"height\"}|400",
        "{\"name\":\"e\",\"channels\":[\"c\",\"private-encrypted-c\"],\"data\":\"d\"}|400",
        "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\",\"socket_id\":\"1.1\"}|200",
        "{\"name\":\"e\",\"channel\":\"#server-to-user-u\",\"data\":\"d\"}|200",
      })
  void eventsAreChecked(String body, int status) {
    assertThat(server.post(EVENTS, body)).startsWith(status + " ");
  }

  @Test
  void eventsHaveBounds() {
    String event = "{\"name\":\"%s\",\"channels\":[%s],\"data\":\"%s\"}";
    StringBuilder names = new StringBuilder("\"c0\"");
    for (int i = 1; i < 100; i++) {
      names.append(",\"c").append(i).append('"');
    }

    assertThat(server.post(EVENTS, event.formatted("e", names, "d"))).isEqualTo("200 {}");
    assertThat(server.post(EVENTS, event.formatted("e", names + ",\"x\"", "d"))).startsWith("400 ");
    assertThat(server.post(EVENTS, event.formatted("e".repeat(200), "\"c\"", "d")))
        .isEqualTo("200 {}");
    assertThat(server.post(EVENTS, event.formatted("e".repeat(201), "\"c\"", "d")))
        .startsWith("400 ");
    assertThat(server.post(EVENTS, event.formatted("e", "\"c\"", "d".repeat(10_240))))
        .isEqualTo("200 {}");
    assertThat(server.post(EVENTS, event.formatted("e", "\"c\"", "d".repeat(10_241))))
        .startsWith("413 ");
    String one = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\"}";
    assertThat(server.post(BATCH, "{\"batch\":[" + one + ("," + one).repeat(9) + "]}"))
        .isEqualTo("200 {}");
    assertThat(server.post(BATCH, "{\"batch\":[" + one + ("," + one).repeat(10) + "]}"))
        .startsWith("400 ");
    assertThat(server.post(BATCH, "{\"batch\":7}")).startsWith("400 ");
    assertThat(server.post(BATCH, "{\"batch\":[7]}")).startsWith("400 ");
  }

  @Test
  void publishersMayAskHowManyHeardThem() {
    server.connects().subscribes("news").subscribesSigned("presence-r", "{\"user_id\":\"1\"}");
    server.connects().subscribesSigned("presence-r", "{\"user_id\":\"1\"}");
    String info = "\"info\":\"user_count,subscription_count\"";

    assertThat(
            server.post(
                EVENTS,
                "{\"name\":\"e\",\"data\":\"d\",\"channels\":[\"news\",\"presence-r\",\"none\"],"
                    + info
                    + "}"))
        .isEqualTo(
            "200 {\"channels\":{\"news\":{\"subscription_count\":1},"
                + "\"presence-r\":{\"subscription_count\":2,\"user_count\":1},"
                + "\"none\":{\"subscription_count\":0}}}");
    assertThat(
            server.post(
                BATCH,
                "{\"batch\":[{\"name\":\"e\",\"channel\":\"presence-r\",\"data\":\"d\","
                    + info
                    + "},{\"name\":\"e\",\"channel\":\"news\",\"data\":\"d\"}]}"))
        .isEqualTo("200 {\"batch\":[{\"subscription_count\":2,\"user_count\":1},{}]}");
  }

  @Test
  void aBatchIsHeardInItsOrder() {
    Wire ann = server.connects().subscribes("a").quiet();
    server.post(
        BATCH,
        "{\"batch\":[{\"name\":\"1\",\"channel\":\"a\",\"data\":\"x\"},"
            + "{\"name\":\"2\",\"channel\":\"a\",\"data\":\"x\"}]}");

    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"1\",\"channel\":\"a\",\"data\":\"x\"}",
            "{\"event\":\"2\",\"channel\":\"a\",\"data\":\"x\"}");
  }

  @Test
  void channelsAreThoseThatSomebodyIsIn() {
    assertThat(server.get(CHANNELS, "")).isEqualTo("200 {\"channels\":{}}");
    Wire ann =
        server.connects().subscribes("news").subscribesSigned("presence-r", "{\"user_id\":\"1\"}");

    assertThat(server.get(CHANNELS, ""))
        .isEqualTo("200 {\"channels\":{\"news\":{},\"presence-r\":{}}}");
    assertThat(server.get(CHANNELS, "filter_by_prefix=presence-&info=user_count"))
        .isEqualTo("200 {\"channels\":{\"presence-r\":{\"user_count\":1}}}");
    assertThat(server.get(CHANNELS, "info=user_count")).startsWith("400 ");
    assertThat(server.get(CHANNELS, "info=subscription_count"))
        .isEqualTo(
            "200 {\"channels\":{\"news\":{\"subscription_count\":1},"
                + "\"presence-r\":{\"subscription_count\":1}}}");
    ann.leaves();
    assertThat(server.get(CHANNELS, "")).isEqualTo("200 {\"channels\":{}}");
  }

  @Test
  void oneChannelSaysWhatItIsAskedFor() {
    server.connects().subscribes("news").subscribesSigned("presence-r", "{\"user_id\":\"1\"}");

    assertThat(server.get(CHANNELS + "/none", "")).isEqualTo("200 {\"occupied\":false}");
    assertThat(server.get(CHANNELS + "/none", "info=subscription_count"))
        .isEqualTo("200 {\"occupied\":false}");
    assertThat(server.get(CHANNELS + "/news", "info=subscription_count"))
        .isEqualTo("200 {\"occupied\":true,\"subscription_count\":1}");
    assertThat(server.get(CHANNELS + "/presence-r", "info=user_count,subscription_count"))
        .isEqualTo("200 {\"occupied\":true,\"subscription_count\":1,\"user_count\":1}");
    assertThat(server.get(CHANNELS + "/news", "info=user_count")).startsWith("400 ");
    assertThat(server.get(CHANNELS + "/a=b@c,d.e;f", "")).isEqualTo("200 {\"occupied\":false}");
    assertThat(server.get(CHANNELS + "/a%20b", "")).startsWith("400 ");
  }

  @Test
  void presenceChannelsKnowTheirUsers() {
    server.connects().subscribesSigned("presence-r", "{\"user_id\":\"ann@example.org\"}");
    server.connects().subscribesSigned("presence-r", "{\"user_id\":10}");
    server.connects().subscribesSigned("presence-r", "{\"user_id\":10}");

    assertThat(server.get(CHANNELS + "/presence-r/users", ""))
        .isEqualTo("200 {\"users\":[{\"id\":\"ann@example.org\"},{\"id\":\"10\"}]}");
    assertThat(server.get(CHANNELS + "/presence-none/users", "")).isEqualTo("200 {\"users\":[]}");
    assertThat(server.get(CHANNELS + "/news/users", "")).startsWith("400 ");
  }

  @Test
  void aRoomOfTheHostCanBePublishedTo() {
    server.room("board", RoomType.ANNOUNCEMENT, "owner");
    Wire owner = server.chats("owner", "board");

    assertThat(server.publishes("board", "news", "hello")).isEqualTo("200 {}");
    assertThat(owner.hears())
        .singleElement()
        .asString()
        .contains("\"type\":\"server_event\"", "\"hello\"");
  }
}
