package io.fluxy.protocol.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.FakeClient;
import io.fluxy.store.OperatorStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP routes of plain channels, by their exact text. */
class ApiTest {
  private final PlainServer server = PlainServer.start();

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private static String event(String channel, Object data) {
    return "{\"channel\":\"%s\",\"event\":\"e\",\"data\":%s}".formatted(channel, data);
  }

  private static String timeless(String text) {
    return text.replaceAll("\"at\":\"[^\"]+Z\"", "\"at\":\"T\"");
  }

  @Test
  void publishingAnswersIdAndSeq() {
    assertThat(timeless(server.publishes(event("prices", 1))))
        .isEqualTo(
            "201 {\"published\":[{\"channel\":\"prices\",\"id\":134217729,\"seq\":1,\"at\":\"T\"}]}");
  }

  @Test
  void oneRequestReachesSeveralChannelsEachOnce() {
    FakeClient a = server.opens("/ws/a").quiet();
    FakeClient b = server.opens("/ws/b").quiet();
    String answer =
        server.publishes("{\"channels\":[\"a\",\"b\",\"a\"],\"event\":\"e\",\"data\":1}");

    assertThat(answer).startsWith("201 ").contains("\"channel\":\"a\"", "\"channel\":\"b\"");
    assertThat(a.hears()).hasSize(1);
    assertThat(b.hears()).hasSize(1);
  }

  @Test
  void thePublishersOwnSocketIsNotTold() {
    FakeClient other = server.opens("/ws/a").quiet();
    FakeClient own = server.opens("/ws/a");
    String id = own.hears().get(0).replaceAll(".*\"socketId\":\"([\\d.]+)\".*", "$1");
    server.publishes("{\"channel\":\"a\",\"event\":\"e\",\"data\":1,\"socketId\":\"" + id + "\"}");
    server.publishes(event("a", 2));

    assertThat(own.hears()).singleElement().asString().contains("\"data\":2,\"seq\":2");
    assertThat(other.hears()).hasSize(2);
  }

  @Test
  void theSameKeyIsTheSameEvent() {
    FakeClient client = server.opens("/ws/a").quiet();
    Map<String, String> headers =
        Map.of("X-Fluxy-Api-Key", server.key, "Idempotency-Key", "order 4711/ü");
    String first = server.calls("POST", "/events/publish", headers, event("a", 1));
    ApiResponse again = server.answers("POST", "/events/publish", headers, event("a", 1));

    assertThat(first).isEqualTo("201 " + new String(again.body(), StandardCharsets.UTF_8));
    assertThat(again.headers()).containsEntry("Idempotent-Replayed", "true");
    assertThat(client.hears()).hasSize(1);
    String other = "{\"channel\":\"a\",\"event\":\"other\",\"data\":1}";
    assertThat(server.calls("POST", "/events/publish", headers, other))
        .isEqualTo(
            "422 {\"error\":\"idempotency_key_reused\",\"message\":\"this Idempotency-Key was used for another event\"}");
  }

  @Test
  void whoPublishesWhatIsOnTheAuditLog() {
    server.publishes(event("a", 1));
    server.posts("/events/publish", server.token("boss", Role.OWNER), event("b", 1));
    List<OperatorStore.AuditRecord> audits = server.now(server.store.operators().audits("shop", 9));

    assertThat(audits)
        .extracting(
            each ->
                each.actor()
                    + " "
                    + each.actorRoles()
                    + " "
                    + each.action()
                    + " "
                    + each.targetType()
                    + " "
                    + each.targetId()
                    + " "
                    + each.metadata().replaceAll("fc_.{5}", "fc_....."))
        .containsExactly(
            "boss owner channel.publish room b {\"event\":\"e\",\"credential\":\"token\",\"peer\":\"192.0.2.1\"}",
            "server admin channel.publish room a {\"event\":\"e\",\"credential\":\"key fc_.....\",\"peer\":\"192.0.2.1\"}");
    assertThat(audits.toString()).doesNotContain(server.key);
  }

  @Test
  void onlyServersPublish() {
    String missing =
        "{\"error\":\"%s\",\"message\":\"an API key of the project is needed, or a token of its owner or an admin\"}";
    assertThat(server.calls("POST", "/events/publish", Map.of(), event("a", 1)))
        .isEqualTo("401 " + missing.formatted("unauthorized"));
    for (Role role : List.of(Role.MEMBER, Role.GUEST, Role.BOT, Role.MODERATOR)) {
      assertThat(server.posts("/events/publish", server.token("ann", role), event("a", 1)))
          .isEqualTo("403 " + missing.formatted("forbidden"));
    }
    assertThat(
            server.posts("/events/publish", "fc_00000000000000000000000000000000", event("a", 1)))
        .isEqualTo("401 {\"error\":\"unauthorized\",\"message\":\"the API key is no good\"}");
    assertThat(server.posts("/events/publish", "a.b.c", event("a", 1))).startsWith("401 ");
  }

  @Test
  void wrongKeysAreFewAMinute() {
    for (int i = 0; i < 120; i++) {
      assertThat(server.posts("/events/publish", "wrong-key-" + i, "{}")).startsWith("401 ");
    }
    String tooMany = "429 {\"error\":\"rate_limited\",\"message\":\"too many wrong keys\"}";
    assertThat(server.posts("/events/publish", "wrong-key-121", "{}")).isEqualTo(tooMany);
    assertThat(server.refuses("/ws/a?token=a.b.c")).as("tokens too").isEqualTo(tooMany);

    assertThat(server.publishes(event("a", 1))).as("a good key").startsWith("201 ");
    assertThat(server.gets("/channels/a/messages", server.token("ann")))
        .as("a good token from the same address")
        .startsWith("200 ");
    server.time.advance(60_000);
    assertThat(server.posts("/events/publish", "wrong-key", "{}")).startsWith("401 ");
  }

  @Test
  void wrongTokensAreFewAMinuteOnSocketsToo() {
    for (int i = 0; i < 120; i++) {
      assertThat(server.refuses("/ws/a?token=a.b." + i)).startsWith("401 ");
    }
    assertThat(server.refuses("/ws/a?token=a.b.c")).startsWith("429 ");
    server.opens("/ws/a?token=" + server.token("ann"));
  }

  @Test
  void aKeyIsGoodForItsOwnProject() {
    FakeClient client = server.opens("/ws/a").quiet();
    assertThat(server.posts("/events/publish", server.bankKey, event("a", 1))).startsWith("201 ");
    assertThat(client.hears()).isEmpty();
    assertThat(server.gets("/channels/a/messages", server.bankKey)).contains("\"head\":1");
    assertThat(server.gets("/channels/a/messages")).contains("\"head\":0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          | the body is no JSON object: not an object
          { | the body is no JSON object: not valid JSON, or beyond its bounds
          [] | the body is no JSON object: not an object
          {} | event must be a string of 1 to 200 characters
          {"event":7} | event must be a string of 1 to 200 characters
          {"event":"a\\u0007","data":1,"channel":"a"} | event must be a string of 1 to 200 characters
          {"event":"channel:joined","data":1,"channel":"a"} | names that begin with channel: or client- are reserved
          {"event":"client-x","data":1,"channel":"a"} | names that begin with channel: or client- are reserved
          {"event":"e","channel":"a"} | data is missing
          {"event":"e","data":1} | either channel or channels must be given
          {"event":"e","data":1,"channel":"a","channels":["b"]} | either channel or channels must be given
          {"event":"e","data":1,"channels":[]} | channels must be a list of 1 to 100 names
          {"event":"e","data":1,"channels":"a"} | channels must be a list of 1 to 100 names
          {"event":"e","data":1,"channels":["a",7]} | a channel's name must be a string
          {"event":"e","data":1,"channel":"a b"} | a channel's name has 1 to 164 letters, digits or _ - = @ , . ;
          {"event":"e","data":1,"channel":"a","socketId":"x"} | socketId must be digits, a dot, digits
          {"event":"e","data":1,"channel":"a","socketId":7} | socketId must be digits, a dot, digits
          {"event":"e","data":1e999999,"channel":"a"} | the body is no JSON object: a number is beyond bounds
          {"event":"e","data":1,"data":2,"channel":"a"} | the body is no JSON object: a key comes twice
          """)
  void whatIsWrongIsNamed(String body, String message) {
    String answer = server.publishes(body == null ? "" : body);
    assertThat(answer)
        .startsWith("400 {\"error\":\"inv")
        .endsWith("\"message\":\"" + message + "\"}");
  }

  @Test
  void dataAndChannelsAreBounded() {
    assertThat(server.publishes(event("a", "\"" + "x".repeat(32_766) + "\""))).startsWith("201 ");
    assertThat(server.publishes(event("a", "\"" + "x".repeat(32_767) + "\"")))
        .isEqualTo("413 {\"error\":\"too_large\",\"message\":\"data has more than 32768 bytes\"}");
    String names =
        IntStream.range(0, 101).mapToObj(i -> "\"c" + i + "\"").collect(Collectors.joining(","));
    assertThat(server.publishes("{\"channels\":[" + names + "],\"event\":\"e\",\"data\":1}"))
        .startsWith("400 ");
  }

  @Test
  void publishesAreCountedByChannel() {
    PlainServer small =
        PlainServer.start(app -> app.limits(ChannelLimits.builder().publishesPerMinute(3).build()));
    assertThat(small.publishes("{\"channels\":[\"a\",\"b\"],\"event\":\"e\",\"data\":1}"))
        .startsWith("201 ");
    assertThat(small.publishes(event("a", 1))).startsWith("201 ");
    Map<String, String> headers = Map.of("X-Fluxy-Api-Key", small.key);
    ApiResponse late = small.answers("POST", "/events/publish", headers, event("a", 1));
    assertThat(late.status()).isEqualTo(429);
    assertThat(Integer.parseInt(late.headers().get("Retry-After"))).isBetween(1, 60);
    small.time.advance(60_000);
    assertThat(small.publishes(event("a", 1))).startsWith("201 ");
  }

  @Test
  void whatCannotBeToldInOneChannelIsToldInTheOthers() {
    server.publishes(event("gone", 1));
    User boss = new User("boss", Set.of(Role.OWNER));
    server.now(
        server.fluxy.room(new RoomId("shop", "gone")).submit(boss, new Command.DeleteRoom()));
    String answer = server.publishes("{\"channels\":[\"a\",\"gone\"],\"event\":\"e\",\"data\":1}");
    assertThat(timeless(answer))
        .isEqualTo(
            "404 {\"published\":[{\"channel\":\"a\",\"id\":268435457,\"seq\":1,\"at\":\"T\"}],\"failed\":[{\"channel\":\"gone\",\"error\":\"channel_not_found\",\"message\":\"no such channel, or not for you\"}]}");
  }

  // History.

  private static List<Integer> data(String page) {
    List<Integer> data = new ArrayList<>();
    var matcher = Pattern.compile("\"data\":(\\d+)").matcher(page);
    while (matcher.find()) {
      data.add(Integer.parseInt(matcher.group(1)));
    }
    return data;
  }

  @Test
  void historyIsAStretchOfTheLogAsItWasTold() {
    FakeClient live = server.opens("/ws/a").quiet();
    for (int i = 1; i <= 7; i++) {
      server.publishes(event("a", i));
    }
    List<String> told = live.hears();

    String all = server.gets("/channels/a/messages");
    assertThat(all)
        .isEqualTo(
            "200 {\"channel\":\"a\",\"messages\":["
                + String.join(",", told)
                + "],\"from\":1,\"to\":7,\"head\":7}");
    String since = server.gets("/channels/a/messages?since=2&limit=3");
    assertThat(data(since)).containsExactly(3, 4, 5);
    assertThat(since).endsWith("\"from\":3,\"to\":5,\"head\":7}");
    String before = server.gets("/channels/a/messages?before=6&limit=2");
    assertThat(data(before)).containsExactly(4, 5);
    assertThat(before).endsWith("\"from\":4,\"to\":5,\"head\":7}");
    assertThat(server.gets("/channels/a/messages?since=7"))
        .isEqualTo("200 {\"channel\":\"a\",\"messages\":[],\"from\":8,\"to\":7,\"head\":7}");
    assertThat(server.gets("/channels/a/messages?before=1")).contains("\"messages\":[]");
    assertThat(server.gets("/channels/a/messages?since=99")).contains("\"messages\":[]");
  }

  @Test
  void pagesForwardAndBackwardHaveAllOfIt() {
    String large = "\"" + "x".repeat(30_000) + "\"";
    for (int i = 1; i <= 23; i++) {
      server.publishes(event("a", i % 5 == 0 ? large : i));
    }
    int seqs = 0;
    for (long since = 0; since < 23; ) {
      String page = server.gets("/channels/a/messages?limit=10&since=" + since);
      seqs += count(page);
      since = Long.parseLong(page.replaceAll(".*\"to\":(\\d+).*", "$1"));
    }
    assertThat(seqs).isEqualTo(23);
    seqs = 0;
    for (long before = 24; before > 1; ) {
      String page = server.gets("/channels/a/messages?limit=10&before=" + before);
      seqs += count(page);
      before = Long.parseLong(page.replaceAll(".*\"from\":(\\d+).*", "$1"));
    }
    assertThat(seqs).isEqualTo(23);
  }

  private static int count(String page) {
    return page.split("\"event\":", -1).length - 1;
  }

  @Test
  void historyOfAPrivateChannelIsForWhoeverMayEnter() {
    server.room("private-board", RoomType.GROUP, "ann");
    server.publishes(event("private-board", 1));
    assertThat(server.gets("/channels/private-board/messages")).startsWith("401 ");
    assertThat(server.gets("/channels/private-board/messages", server.token("ann")))
        .startsWith("200 ");
    String foreign = server.gets("/channels/private-board/messages", server.token("bob"));
    assertThat(foreign)
        .startsWith("404 ")
        .isEqualTo(server.gets("/channels/private-none/messages", server.token("bob")))
        .isEqualTo(server.gets("/channels/none/messages"));
    assertThat(server.gets("/presence/private-board", server.token("bob"))).isEqualTo(foreign);
    String ask = "{\"socketId\":\"1.2\"}";
    assertThat(server.posts("/channels/private-board/auth", server.token("bob"), ask))
        .isEqualTo(foreign);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=-1",
        "limit=x",
        "since=",
        "since=1.5",
        "before=9999999999999999",
        "since=1&before=2"
      })
  void badNumbersAreRefused(String query) {
    server.publishes(event("a", 1));
    assertThat(server.gets("/channels/a/messages?" + query))
        .startsWith("400 {\"error\":\"invalid\"");
  }

  @Test
  void aMessageThatIsGoneHasNoTextInHistory() {
    var lobby = server.fluxy.room(new RoomId("shop", "lobby"));
    server.room("lobby", RoomType.PUBLIC, "ann");
    long id = server.now(lobby.post(User.named("ann"), Draft.text("secret"))).id();
    server.now(lobby.submit(User.named("ann"), new Command.Delete(id, false)));
    assertThat(server.gets("/channels/lobby/messages"))
        .doesNotContain("secret")
        .contains("\"event\":\"message_deleted\"");
  }

  // Signatures.

  @Test
  void authSignsForTheTokensUserWhateverTheCallerSays() {
    server.room("presence-staff", RoomType.GROUP, "ann");
    String ask =
        "{\"socketId\":\"1.2\",\"channelData\":{\"user_id\":\"boss\",\"user_info\":{\"a\":1}}}";
    String data = "{\"user_id\":\"ann\",\"user_info\":{\"a\":1}}";
    assertThat(server.posts("/channels/presence-staff/auth", server.token("ann"), ask))
        .isEqualTo("200 " + PlainServer.SHOP.authorize("1.2", "presence-staff", data));
  }

  @Test
  void theSignatureIsPushers() {
    ChannelApp app = ChannelApp.of("shop", "testkey-0001", "testsecret-0001");
    assertThat(app.authorize("123456.7890123", "private-orders", null))
        .isEqualTo(
            "{\"auth\":\"testkey-0001:2ca72dd6a2cc8c61b5424d07f151cad234562bbc77097d82b523efcd9e00f6e8\"}");
    String data = "{\"user_id\":\"u-1\",\"user_info\":{\"name\":\"Zoë 😀\"}}";
    assertThat(app.authorize("123456.7890123", "presence-lobby", data))
        .contains("testkey-0001:25b1f61723ba76152adc9a520f7f9023ddcb5a199d54d35d13d65f4470c4d1b1");
  }

  @Test
  void authNeedsATokenAndASocket() {
    server.room("private-x", RoomType.GROUP, "ann");
    assertThat(server.calls("POST", "/channels/private-x/auth", Map.of(), "{}")).startsWith("401 ");
    String ann = server.token("ann");
    for (String body :
        new String[] {"", "[]", "{}", "{\"socketId\":1}", "{\"socketId\":\"1.2:x\"}"}) {
      assertThat(server.posts("/channels/private-x/auth", ann, body)).as(body).startsWith("400 ");
    }
    assertThat(server.posts("/channels/x/auth", ann, "{\"socketId\":\"1.2\"}"))
        .isEqualTo(
            "400 {\"error\":\"invalid\",\"message\":\"a public channel needs no signature\"}");
    String long_ = "{\"socketId\":\"1.2\",\"channelData\":\"" + "x".repeat(2_000) + "\"}";
    assertThat(server.posts("/channels/private-x/auth", ann, long_)).startsWith("400 ");
  }

  @Test
  void pagesOfListedOriginsMayAsk() {
    Map<String, String> page = Map.of("Origin", "https://page.example", "Host", "chat.example");
    ApiResponse preflight = server.answers("OPTIONS", "/events/publish", page, "");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.headers())
        .containsEntry("Access-Control-Allow-Origin", "https://page.example")
        .containsEntry(
            "Access-Control-Allow-Headers",
            "Content-Type,Authorization,X-Fluxy-Api-Key,Idempotency-Key");
    Map<String, String> evil = Map.of("Origin", "https://evil.example", "Host", "chat.example");
    assertThat(server.calls("GET", "/presence/a", evil, "")).startsWith("403 ");
  }

  @Test
  void otherPathsAndMethodsAreNone() {
    assertThat(server.gets("/channels/a")).startsWith("404 {\"error\":\"not_found\"");
    assertThat(server.gets("/events/publish")).startsWith("405 ");
    assertThat(server.gets("/ws/a")).startsWith("426 ");
    assertThat(server.gets("/presence/")).isEqualTo("404 Not Found");
    assertThat(server.gets("/presence/a/b")).isEqualTo("404 Not Found");
  }

  @Test
  void readsAreBounded() {
    PlainServer small =
        PlainServer.start(app -> app.limits(ChannelLimits.builder().readsPerMinute(2).build()));
    small.publishes(event("a", 1));
    assertThat(small.gets("/presence/a")).startsWith("200 ");
    assertThat(small.gets("/channels/a/messages")).startsWith("200 ");
    assertThat(small.gets("/presence/a")).startsWith("429 ");
    assertThat(small.gets("/presence/a", small.key)).startsWith("200 ");
  }
}
