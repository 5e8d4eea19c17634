package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, what is refused, and what an app may choose. */
class RulesTest {
  private FloServer server = FloServer.start(app -> app.without(Option.NESTED_FRAMES));

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private String userToken(String body) {
    String answer = server.call("POST", "/api/v1/auth/token", FloServer.SEC, body);
    assertThat(answer).startsWith("200 ");
    return answer.replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
  }

  @Test
  void aPrivateChannelIsForMembersForTokensThatNameItAndForServers() {
    String made = "{\"name\":\"P\",\"slug\":\"private\",\"isPrivate\":true}";
    assertThat(server.call("POST", "/api/v1/channels", FloServer.SEC, made)).startsWith("201 ");
    server.room("club", RoomType.GROUP, "ann");
    String forbidden =
        "{\"type\":\"error\",\"error\":\"This channel is not for you\",\"code\":\"FORBIDDEN\",\"channel\":\"%s\"}";
    String subscribed = "{\"type\":\"subscribed\",\"channel\":\"%s\"}";

    FloWire anybody = server.connects().subscribes("private").subscribes("club");
    assertThat(anybody.hears()).hasSize(2).allMatch(frame -> frame.contains("\"FORBIDDEN\""));
    FloWire ann = server.connects(server.token("ann")).subscribes("club").subscribes("private");
    assertThat(ann.hears())
        .containsExactly(subscribed.formatted("club"), forbidden.formatted("private"));
    FloWire bob = server.connects(userToken("{\"userId\":\"bob\",\"channels\":[\"private\"]}"));
    bob.subscribes("private").subscribes("open");
    assertThat(bob.hears())
        .containsExactly(
            subscribed.formatted("private"),
            "{\"type\":\"error\",\"error\":\"The token is not for this channel\",\"code\":\"FORBIDDEN\",\"channel\":\"open\"}");
    FloWire back = server.connects(FloServer.SEC).subscribes("private");
    assertThat(back.hears()).containsExactly(subscribed.formatted("private"));

    server.publishes("private", "{\"n\":1}");
    assertThat(bob.data()).containsExactly("{\"n\":1}");
    assertThat(anybody.hears()).isEmpty();
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void aChannelThatBecomesPrivateIsHeardByNobodyElseFromThenOn() {
    FloWire anybody = server.connects().subscribes("room").quiet();
    String change = "{\"isPrivate\":true}";
    server.call("PATCH", "/api/v1/channels/room", FloServer.MGMT, change);
    server.publishes("room", "{\"n\":1}");
    assertThat(anybody.data()).isEmpty();
  }

  @Test
  void aDeletedChannelTellsWhoeverHearsIt() {
    FloWire ann = server.connects().subscribes("room").quiet();
    assertThat(server.call("DELETE", "/api/v1/channels/room", FloServer.MGMT, ""))
        .isEqualTo("204 ");
    assertThat(ann.hears()).singleElement().asString().contains("\"type\":\"error\"", "\"room\"");
    assertThat(ann.end()).isEqualTo("open");
    assertThat(ann.subscribes("room").hears()).singleElement().asString().contains("\"error\"");
    assertThat(server.publishes("room", "{}")).startsWith("404 ");
  }

  @Test
  void aTokenThatAKeyWasExchangedForIsNobodysWhateverTheClientCallsItself() {
    server.room("club", RoomType.GROUP, "ann");
    String body = "{\"publishKey\":\"pub_k\",\"clientId\":\"ann\",\"userId\":\"ann\"}";
    String answer = server.call("POST", "/api/v1/auth/token", null, body);
    String token = answer.replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
    assertThat(server.connects(token).subscribes("club").hears())
        .singleElement()
        .asString()
        .contains("FORBIDDEN");
    assertThat(server.call("POST", "/api/v1/auth/token", FloServer.PUB, "{\"userId\":\"ann\"}"))
        .startsWith("403 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a--b", "-a", "a-", "a_b", "user:42", "a b", "ü"})
  void whatIsNoSlugIsNoChannel(String name) {
    FloWire ann = server.connects().subscribes(name);
    assertThat(ann.hears()).singleElement().asString().contains("\"code\":\"VALIDATION_ERROR\"");
    String body = "{\"name\":\"N\",\"slug\":\"" + name + "\"}";
    assertThat(server.call("POST", "/api/v1/channels", FloServer.SEC, body)).startsWith("400 ");
  }

  @Test
  void aSlugHasUpTo128CharactersAndAnAppMayTakeAnyRoomsName() {
    assertThat(server.connects().subscribes("a".repeat(128)).hears()).hasSize(1);
    assertThat(server.connects().subscribes("a".repeat(129)).hears().get(0)).contains("error");
    server = FloServer.start(app -> app.with(Option.ANY_NAMES));
    assertThat(server.connects().subscribes("chat:General").hears().get(0)).contains("subscribed");
    assertThat(server.publishes("chat%3AGeneral", "{}")).startsWith("201 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                      | content is required
          {"content":null}                        | content is required
          {"content":[1]}                         | content must be an object
          {"content":"x"}                         | content must be an object
          {"content":{},"eventType":7}            | eventType must be a string
          {"content":{},"eventType":""}           | eventType must have 1 to 200 characters
          {"content":{},"clientId":{}}            | clientId must be a string
          {"content":{},"id":5}                   | id must be a string
          [1]                                     | The body is no JSON object: not an object
          {"content":{"a":1,"a":2}}               | The body is no JSON object: a key comes twice
          {"content":{"a":"\\u0000"}}             | The body is no JSON object: text with NUL or half a surrogate pair
          """)
  void whatIsWrongWithAPublishIsNamed(String body, String complaint) {
    server.connects().subscribes("room");
    String answer = server.call("POST", "/api/v1/channels/room/messages", FloServer.SEC, body);
    assertThat(answer)
        .startsWith("400 {\"success\":false,\"error\":\"" + complaint + "\"")
        .contains("\"code\":\"VALIDATION_ERROR\"");
  }

  @Test
  void anAppMayTakeAnyContentAndMakeChannelsByPublishing() {
    assertThat(server.publishes("room", "{}")).startsWith("404 ");
    server = FloServer.start(app -> app.with(Option.ANY_CONTENT).with(Option.CREATE_ON_PUBLISH));
    assertThat(server.publishes("room", "[1,\"x\"]")).startsWith("201 ");
    assertThat(server.get("/api/v1/channels/room/messages")).contains("\"content\":[1,\"x\"]");
    server = FloServer.start(app -> app.without(Option.CREATE_ON_SUBSCRIBE));
    assertThat(server.connects().subscribes("room").hears())
        .containsExactly(
            "{\"type\":\"error\",\"error\":\"Channel not found\",\"code\":\"CHANNEL_NOT_FOUND\",\"channel\":\"room\"}");
  }

  @Test
  void whatNamesItselfIsPublishedOnce() {
    FloWire ann = server.connects().subscribes("room").quiet();
    String path = "/api/v1/channels/room/messages";
    String body = "{\"content\":{\"n\":1}}";
    Map<String, String> key = Map.of("Idempotency-Key", "order 7");
    ApiResponse first = server.ask("POST", path, FloServer.SEC, body, key);
    ApiResponse second = server.ask("POST", path, FloServer.SEC, body, key);
    assertThat(text(second)).contains("\"repeated\":true").contains(FloServer.id(text(first)));
    String named = "{\"content\":{\"n\":2},\"clientMessageId\":\"message-2\"}";
    assertThat(FloServer.id(server.call("POST", path, FloServer.SEC, named)))
        .isEqualTo(FloServer.id(server.call("POST", path, FloServer.SEC, named)));
    assertThat(ann.data()).containsExactly("{\"n\":1}", "{\"n\":2}");
    server.publishes("room", "{\"n\":3}");
    server.publishes("room", "{\"n\":3}");
    assertThat(ann.data()).as("on purpose").containsExactly("{\"n\":3}", "{\"n\":3}");
  }

  private static String text(ApiResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void historyIsForServersUnlessTheAppSaysOtherwise() {
    server.connects().subscribes("room");
    server.room("club", RoomType.GROUP, "ann");
    for (String path : List.of("/room", "/room/messages", "")) {
      assertThat(server.call("GET", "/api/v1/channels" + path, FloServer.PUB, ""))
          .startsWith("403");
    }
    server = FloServer.start(app -> app.with(Option.PUBLISH_KEYS_READ));
    server.connects().subscribes("room");
    server.room("club", RoomType.GROUP, "ann");
    String token = server.token("ann");
    for (String path : List.of("/room", "/room/messages", "")) {
      assertThat(server.call("GET", "/api/v1/channels" + path, FloServer.PUB, ""))
          .startsWith("200");
    }
    assertThat(server.call("GET", "/api/v1/channels/club/messages", FloServer.PUB, ""))
        .startsWith("404");
    assertThat(server.call("GET", "/api/v1/channels/club/messages", token, "")).startsWith("200");
    assertThat(server.call("GET", "/api/v1/channels", FloServer.PUB, "")).doesNotContain("club");
  }

  @Test
  void whatPeopleSayInTheRoomIsHeardAndInHistory() {
    server.room("room", RoomType.PUBLIC, "ann");
    FloWire flo = server.connects().subscribes("room").quiet();
    server.fluxy.room(new RoomId("shop", "room")).post(User.named("ann"), Draft.text("hello"));
    server.time.runUntilIdle();
    assertThat(flo.hears())
        .singleElement()
        .asString()
        .matches(
            "\\{\"type\":\"message\",\"channel\":\"room\",\"messageId\":\"msg_\\d+\",\"eventType\":\"message\",\"clientId\":\"ann\",\"data\":\\{\"id\":\\d+,\"seq\":2,\"userId\":\"ann\",\"content\":\"hello\",\"createdAt\":\"[^\"]+Z\"\\},\"timestamp\":\\d{13}\\}");
    assertThat(server.get("/api/v1/channels/room/messages")).contains("\"content\":\"hello\"");
  }

  @Test
  void presenceIsToldAsTheStockDemoHasIt() {
    server = FloServer.start(app -> app.with(Option.PRESENCE_EVENTS).without(Option.NESTED_FRAMES));
    FloWire watcher = server.connects().subscribes("room");
    List<String> first = watcher.hears();
    assertThat(first.get(0)).contains("subscribed");
    assertThat(first.get(1))
        .contains("\"eventType\":\"presence:state\"", "\"data\":{\"onlineUsers\":[]}");
    FloWire ann = server.connects(server.token("ann")).subscribes("room");
    assertThat(watcher.hears())
        .filteredOn(frame -> frame.contains("user:join"))
        .singleElement()
        .asString()
        .matches(
            ".*\"data\":\\{\"userId\":\"ann\",\"userName\":\"ann\",\"onlineUsers\":\\[\\{\"userId\":\"ann\",\"userName\":\"ann\",\"joinedAt\":\"[^\"]+Z\"\\}\\]\\}.*");
    ann.leaves();
    assertThat(watcher.data())
        .containsExactly("{\"userId\":\"ann\",\"userName\":\"ann\",\"onlineUsers\":[]}");
  }

  @Test
  void presenceIsNotToldUnlessTheAppWantsIt() {
    FloWire watcher = server.connects().subscribes("room").quiet();
    server.connects(server.token("ann")).subscribes("room");
    assertThat(watcher.hears()).isEmpty();
  }

  @Test
  void whoeverSendsTooMuchOrTooLargeFramesIsSentAway() {
    FloWire loud = server.connects();
    for (int i = 0; i < 1_201; i++) {
      loud.says("{\"type\":\"ping\"}");
    }
    assertThat(loud.end()).isEqualTo("4029 More than 1200 frames a minute");
    assertThat(server.pushFlo.fastPings("shop")).isEqualTo(1_199);
    FloWire large = server.connects();
    large.says("{\"type\":\"ping\",\"x\":\"" + "x".repeat(65_536) + "\"}");
    assertThat(large.end()).startsWith("1009 ");
  }

  @Test
  void oneTokenHasSoManyConnectionsAndNoMore() {
    server =
        FloServer.start(
            app -> app.limits(PushFloLimits.builder().connectionsPerTokenMax(2).build()));
    String token = server.token("ann");
    FloWire first = server.connects(token);
    server.connects(token);
    FloWire third = server.opens("/ws?token=" + token);
    assertThat(third.hears()).singleElement().asString().contains("\"RATE_LIMITED\"");
    assertThat(third.end()).startsWith("4029 ");
    first.leaves();
    server.connects(token);
    assertThat(server.pushFlo.connections("shop")).isEqualTo(2);
  }

  @Test
  void pagesOfOtherOriginsMayAskIfTheAppLetsThem() {
    Map<String, String> page = Map.of("Origin", "https://a.example.org");
    ApiResponse preflight = server.ask("OPTIONS", "/api/v1/channels", null, "", page);
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.headers())
        .containsEntry("Access-Control-Allow-Origin", "https://a.example.org")
        .containsEntry("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE, OPTIONS");
    server = FloServer.start(app -> app.origins(List.of("https://b.example.org")));
    assertThat(server.opens("/ws?token=pub_k", page).end())
        .isEqualTo("4003 This page may not connect");
  }

  @Test
  void unknownRoutesAndMethodsAreSaid() {
    assertThat(server.get("/api/v1/nothing"))
        .isEqualTo("404 {\"success\":false,\"error\":\"No such route\",\"code\":\"NOT_FOUND\"}");
    assertThat(server.call("PUT", "/api/v1/channels", FloServer.SEC, "{}")).startsWith("405 ");
    assertThat(server.get("/ws")).startsWith("400 ");
  }

  @Test
  void keysAreChecked() {
    assertThatThrownBy(() -> PushFloApp.of("shop").key("key_1"))
        .hasMessage("a key begins with pub_, sec_ or mgmt_");
    assertThatThrownBy(() -> PushFloApp.of("shop").key("sec_1"))
        .hasMessage("a sec_ key needs at least 8 characters");
    assertThatThrownBy(() -> new PushFlo(FloServer.SHOP, FloServer.SHOP))
        .hasMessage("two apps of the project shop");
    assertThat(FloServer.SHOP.toString()).doesNotContain("0123456789abcdef");
    server.pushFlo.accept("shop", "pub_new");
    server.connects("pub_new");
  }
}
