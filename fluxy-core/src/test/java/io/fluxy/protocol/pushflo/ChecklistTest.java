package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Role;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract's checklist (section 8), a test a line, in its order. */
class ChecklistTest {
  private FloServer server = FloServer.start(app -> app.without(Option.NESTED_FRAMES));

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  @Test
  void line1TheFirstFrameWelcomesWithAClientIdAndATime() {
    FloWire ann = server.opens("/ws?token=pub_k");
    assertThat(ann.hears())
        .singleElement()
        .asString()
        .matches(
            "\\{\"type\":\"connected\",\"clientId\":\"client_[0-9a-f]+\",\"timestamp\":\\d{13}\\}");
  }

  @Test
  void line2SocketsOpenBelowAPathAfterTwoSlashesAndWithAnEncodedToken() {
    server = FloServer.start(app -> app.below("/ctx").key("pub_a/b+c d="));

    assertThat(server.opens("/ctx/ws?token=pub_k").connected()).isNotEmpty();
    assertThat(server.opens("//ws?token=pub_k").connected()).isNotEmpty();
    assertThat(server.opens("/ws?token=pub_a%2Fb%2Bc%20d%3D").connected()).isNotEmpty();
  }

  @Test
  void line3AnUnknownKeyIsToldSoAndClosedWith4001() {
    FloWire stranger = server.opens("/ws?token=pub_unknown");
    assertThat(stranger.hears())
        .containsExactly(
            "{\"type\":\"error\",\"error\":\"Unknown key\",\"code\":\"UNAUTHORIZED\"}");
    assertThat(stranger.end()).isEqualTo("4001 Unknown key");
    assertThat(server.opens("/ws").end()).isEqualTo("4001 A key or token is missing");
  }

  @Test
  void line4ASecondSubscribeIsAnsweredAndDoublesNothing() {
    FloWire ann = server.connects();
    ann.says("{\"type\":\"subscribe\",\"channel\":\"room\"}");
    ann.says("{\"type\":\"subscribe\",\"channel\":\"room\"}");
    assertThat(ann.hears())
        .containsExactly(
            "{\"type\":\"subscribed\",\"channel\":\"room\"}",
            "{\"type\":\"subscribed\",\"channel\":\"room\"}");

    server.publishes("room", "{\"n\":1}");
    assertThat(ann.data()).containsExactly("{\"n\":1}");

    ann.says("{\"type\":\"unsubscribe\",\"channel\":\"room\"}").quiet();
    server.publishes("room", "{\"n\":2}");
    assertThat(ann.hears()).as("one unsubscribe ends it").isEmpty();
  }

  @Test
  void line5UnsubscribingFromNothingIsAnsweredAndNoError() {
    FloWire ann = server.connects();
    ann.says("{\"type\":\"unsubscribe\",\"channel\":\"never\"}");
    assertThat(ann.hears()).containsExactly("{\"type\":\"unsubscribed\",\"channel\":\"never\"}");
  }

  @Test
  void line6APingHasOnePongAndNoneComesUnasked() {
    FloWire ann = server.connects();
    for (int i = 0; i < 3; i++) {
      server.time.advance(25_000);
      assertThat(ann.hears()).as("unasked").isEmpty();
      ann.says("{\"type\":\"ping\"}");
      assertThat(ann.hears()).containsExactly("{\"type\":\"pong\"}");
    }
    assertThat(ann.end()).isEqualTo("open");
  }

  @Test
  void line7AcksAreTakenInSilence() {
    FloWire ann = server.connects().subscribes("room");
    String id = FloServer.id(server.publishes("room", "{\"n\":1}"));
    ann.quiet();
    ann.says("{\"type\":\"ack\",\"messageId\":\"" + id + "\"}");
    ann.says("{\"type\":\"ack\",\"messageId\":\"unknown\"}");
    ann.says("{\"type\":\"ack\"}");
    assertThat(ann.hears()).isEmpty();
    assertThat(ann.end()).isEqualTo("open");
  }

  @Test
  void line8NonsenseIsAnErrorAndEndsNothing() {
    FloWire ann = server.connects();
    ann.says("{not json").says("{\"type\":\"publish\"}").says("{}").says("{\"type\":7}");
    String unknown =
        "{\"type\":\"error\",\"error\":\"Unknown message type\",\"code\":\"VALIDATION_ERROR\"}";
    assertThat(ann.hears())
        .containsExactly(
            "{\"type\":\"error\",\"error\":\"Invalid message format\",\"code\":\"VALIDATION_ERROR\"}",
            unknown,
            unknown,
            unknown);
    assertThat(ann.end()).isEqualTo("open");
    assertThat(ann.says("{\"type\":\"ping\"}").hears()).containsExactly("{\"type\":\"pong\"}");
  }

  @Test
  void line9ASecretKeyPublishesABrowsersKeyDoesNotAndNoKeyIsToldSo() {
    FloWire ann = server.connects().subscribes("room");
    FloWire bob = server.connects().subscribes("room");
    server.connects().subscribes("other");
    ann.quiet();

    String answer = server.publishes("room", "{\"n\":1}");
    assertThat(answer)
        .matches(
            "201 \\{\"success\":true,\"data\":\\{\"id\":\"msg_\\d+\",\"channelSlug\":\"room\","
                + "\"eventType\":\"message\",\"clientId\":\"server\",\"delivered\":2,"
                + "\"createdAt\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\","
                + "\"channel\":\"room\",\"timestamp\":\\d{13}\\}\\}");
    assertThat(ann.hears().get(0)).contains("\"messageId\":\"" + FloServer.id(answer) + "\"");

    String path = "/api/v1/channels/room/messages";
    String body = "{\"content\":{\"n\":1}}";
    assertThat(server.call("POST", path, FloServer.PUB, body))
        .isEqualTo(
            "403 {\"success\":false,\"error\":\"A sec_ key is needed for this\",\"code\":\"FORBIDDEN\"}");
    assertThat(server.call("POST", path, server.token("ann"), body)).startsWith("403 ");
    assertThat(server.call("POST", path, null, body))
        .isEqualTo(
            "401 {\"success\":false,\"error\":\"A key or token is missing\",\"code\":\"UNAUTHORIZED\"}");
    assertThat(server.call("POST", path, "sec_unknown0123456789", body)).startsWith("401 ");
    assertThat(server.call("POST", path, "sec_bank0123456789", body))
        .as("another project's channels are not there")
        .startsWith("404 ");
    assertThat(bob.data()).containsExactly("{\"n\":1}");
  }

  @Test
  void line10TwoRoomsHaveOneOrderEachForAllAndItIsThatOfHistory() {
    FloWire ann = server.connects().subscribes("one").subscribes("two").quiet();
    FloWire bob = server.connects().subscribes("two").subscribes("one").quiet();
    for (int i = 0; i < 1_000; i++) {
      server.publishes(i % 3 == 0 ? "one" : "two", "{\"n\":" + i + "}");
    }
    List<String> annHeard = ann.hears();
    List<String> bobHeard = bob.hears();
    for (String channel : List.of("one", "two")) {
      List<String> anns = ids(annHeard, channel);
      assertThat(anns).isEqualTo(ids(bobHeard, channel)).hasSizeGreaterThan(300);
      List<String> history = new ArrayList<>();
      for (int page = 1; history.size() < anns.size(); page++) {
        history.addAll(items(channel, "page=" + page + "&pageSize=100", "id"));
      }
      Collections.reverse(history);
      assertThat(history).isEqualTo(anns);
    }
  }

  private static List<String> ids(List<String> frames, String channel) {
    return frames.stream()
        .filter(frame -> frame.contains("\"channel\":\"" + channel + "\""))
        .map(frame -> frame.replaceFirst(".*\"messageId\":\"([^\"]+)\".*", "$1"))
        .toList();
  }

  /** A field of the items of a page of history. */
  private List<String> items(String channel, String query, String field) {
    String answer = server.get("/api/v1/channels/" + channel + "/messages?" + query);
    assertThat(answer).startsWith("200 ");
    return ((List<?>) of(data(answer), "items"))
        .stream().map(item -> String.valueOf(((Map<?, ?>) item).get(field))).toList();
  }

  private static Map<?, ?> data(String answer) {
    byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
    return (Map<?, ?>) of(Json.object(body), "data");
  }

  private static Object of(Map<?, ?> object, String field) {
    return Objects.requireNonNull(object.get(field), field);
  }

  @Test
  void line11HistoryIsNewestFirstInPagesByTypeAndByTime() {
    server.connects().subscribes("room");
    List<Long> times = new ArrayList<>();
    for (int i = 1; i <= 130; i++) {
      server.time.advance(10);
      String body =
          "{\"content\":{\"n\":%d},\"eventType\":\"%s\",\"clientId\":\"c\"}"
              .formatted(i, i % 10 == 0 ? "tenth" : "message");
      String answer = server.call("POST", "/api/v1/channels/room/messages", FloServer.SEC, body);
      times.add((Long) of(data(answer), "timestamp"));
    }

    assertThat(server.get("/api/v1/channels/room/messages?pageSize=1"))
        .matches(
            "200 \\{\"success\":true,\"data\":\\{\"items\":\\[\\{\"id\":\"msg_\\d+\",\"channel\":\"room\","
                + "\"channelSlug\":\"room\",\"eventType\":\"tenth\",\"clientId\":\"c\","
                + "\"content\":\\{\"n\":130\\},\"timestamp\":\\d{13},\"createdAt\":\"[^\"]+Z\"\\}\\],"
                + "\"pagination\":\\{\"page\":1,\"pageSize\":1,\"total\":130,\"totalPages\":130\\}\\}\\}");
    assertThat(items("room", "pageSize=3&page=2", "content"))
        .containsExactly("{n=127}", "{n=126}", "{n=125}");
    assertThat(items("room", "", "id")).hasSize(50);
    assertThat(items("room", "pageSize=5000", "id")).as("the cap").hasSize(100);
    assertThat(items("room", "pageSize=100&page=2", "id")).hasSize(30);
    assertThat(items("room", "pageSize=100&page=9", "id")).isEmpty();
    assertThat(items("room", "eventType=tenth&pageSize=2&page=6", "content"))
        .containsExactly("{n=30}", "{n=20}");
    assertThat(server.get("/api/v1/channels/room/messages?eventType=tenth&pageSize=2"))
        .contains("\"total\":13,\"totalPages\":7");
    assertThat(items("room", "after=" + times.get(126) + "&pageSize=9", "content"))
        .as("bounds are exclusive")
        .containsExactly("{n=130}", "{n=129}", "{n=128}");
    assertThat(items("room", "before=" + times.get(2) + "&pageSize=9", "content"))
        .containsExactly("{n=2}", "{n=1}");
    assertThat(items("room", "after=" + times.get(49) + "&before=" + times.get(52), "content"))
        .containsExactly("{n=52}", "{n=51}");
    for (String wrong : List.of("page=0", "pageSize=x", "after=-1", "before=1e3", "page=")) {
      assertThat(server.get("/api/v1/channels/room/messages?" + wrong)).startsWith("400 ");
    }
    assertThat(server.get("/api/v1/channels/none/messages")).startsWith("404 ");
  }

  @Test
  void line12ChannelsAreListedMadeReadChangedAndEnded() {
    String made =
        server.call(
            "POST",
            "/api/v1/channels",
            FloServer.MGMT,
            "{\"name\":\"Orders\",\"slug\":\"orders\",\"description\":\"all\","
                + "\"metadata\":{\"a\":[1,\"ü\"]},\"isPrivate\":true}");
    String time = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"";
    assertThat(made)
        .matches(
            "201 \\{\"success\":true,\"data\":\\{\"id\":\"ch_\\d+\",\"name\":\"Orders\",\"slug\":\"orders\","
                + "\"description\":\"all\",\"metadata\":\\{\"a\":\\[1,\"ü\"\\]\\},\"isPrivate\":true,"
                + "\"messageCount\":0,\"createdAt\":"
                + time
                + ",\"updatedAt\":"
                + time
                + "\\}\\}");
    assertThat(channel("POST", "", "{\"name\":\"Again\",\"slug\":\"orders\"}")).startsWith("409 ");
    assertThat(channel("POST", "", "{\"slug\":\"x\"}"))
        .isEqualTo(
            "400 {\"success\":false,\"error\":\"name is required\",\"code\":\"VALIDATION_ERROR\","
                + "\"details\":{\"name\":[\"name is required\"]}}");
    assertThat(channel("POST", "", "{\"name\":\"X\"}")).startsWith("400 ");
    assertThat(channel("POST", "", "{\"name\":\"X\",\"slug\":\"Not A Slug\"}")).startsWith("400 ");
    assertThat(channel("GET", "/nothing", "")).startsWith("404 ");
    assertThat(channel("PATCH", "/nothing", "{}")).startsWith("404 ");
    assertThat(channel("DELETE", "/nothing", "")).startsWith("404 ");

    server.publishes("orders", "{\"n\":1}");
    server.time.advance(5_000);
    assertThat(channel("GET", "/orders", "")).contains("\"messageCount\":1");
    String changed =
        channel("PATCH", "/orders", "{\"name\":\"All\",\"description\":null,\"isPrivate\":false}");
    assertThat(changed)
        .contains(
            "\"name\":\"All\"",
            "\"description\":null",
            "\"metadata\":{\"a\":[1,\"ü\"]}",
            "\"isPrivate\":false");
    assertThat(changed).isEqualTo(channel("GET", "/orders", ""));
    Map<?, ?> data = data(changed);
    assertThat(of(data, "updatedAt")).isNotEqualTo(of(data, "createdAt"));
    assertThat(channel("PATCH", "/orders", "{\"metadata\":null}"))
        .contains("\"metadata\":null", "\"name\":\"All\"");

    channel("POST", "", "{\"name\":\"B\",\"slug\":\"b\"}");
    assertThat(server.get("/api/v1/channels?pageSize=1&page=2"))
        .matches(
            "200 \\{\"success\":true,\"data\":\\[\\{.*\"slug\":\"b\".*\\}\\],"
                + "\"pagination\":\\{\"page\":2,\"pageSize\":1,\"total\":2,\"totalPages\":2\\}\\}");
    assertThat(channel("DELETE", "/orders", "")).isEqualTo("204 ");
    assertThat(channel("GET", "/orders", "")).startsWith("404 ");
    assertThat(server.get("/api/v1/channels/orders/messages")).startsWith("404 ");
  }

  private String channel(String method, String path, String body) {
    return server.call(method, "/api/v1/channels" + path, FloServer.MGMT, body);
  }

  @Test
  void line13ContentComesOutAsItWentIn() {
    String content =
        "{\"text\":\"héllo 👋 \\\"q\\\" \\\\ \\n\",\"big\":\"123456789012345678901234567890\","
            + "\"deep\":{\"a\":[1,-2,0.5,true,null,{\"b\":[]}]},\"max\":9007199254740991,\"e\":{}}";
    FloWire ann = server.connects().subscribes("room").quiet();

    assertThat(server.publishes("room", content)).startsWith("201 ");
    assertThat(ann.data()).containsExactly(content);
    assertThat(server.get("/api/v1/channels/room/messages"))
        .contains("\"content\":" + content + ",\"timestamp\"");
  }

  @Test
  void line14TheLargestContentIsTakenAndOneByteMoreIs413() {
    FloWire ann = server.connects().subscribes("room").quiet();
    int frame = "{\"t\":\"\"}".length();
    String largest = "{\"t\":\"" + "ü".repeat((32_768 - frame) / 2) + "\"}";
    assertThat(largest.getBytes(StandardCharsets.UTF_8)).hasSize(32_768);

    assertThat(server.publishes("room", largest)).startsWith("201 ");
    assertThat(server.publishes("room", largest.replace("\"}", "x\"}")))
        .isEqualTo(
            "413 {\"success\":false,\"error\":\"Message exceeds 32768 bytes\",\"code\":\"PAYLOAD_TOO_LARGE\"}");
    assertThat(ann.data()).containsExactly(largest);
  }

  @Test
  void line15TheApiIsAtTheRootEvenIfSocketsAreBelowAPath() {
    server = FloServer.start(app -> app.below("/ctx"));
    server.opens("/ctx/ws?token=pub_k").subscribes("room");
    assertThat(server.fluxy.serves("/api/v1/channels")).isTrue();
    assertThat(server.publishes("room", "{}")).startsWith("201 ");
    assertThat(server.get("/api/v1/channels/room")).startsWith("200 ");
  }

  @Test
  void line16WhoeverComesBackAfterACutHearsWhatItMissedOnceAndInOrder() {
    String token = server.token("ann");
    FloWire ann = server.connects(token).subscribes("room").subscribes("other").quiet();
    server.publishes("room", "{\"n\":1}");
    server.time.advance(1_000); // the cursor's ping is answered
    assertThat(ann.data()).containsExactly("{\"n\":1}");

    ann.isCut();
    server.publishes("room", "{\"n\":2}");
    server.publishes("room", "{\"n\":3}");
    FloWire again = server.connects(token);
    List<String> heard = again.hears();
    assertThat(heard)
        .satisfiesExactlyInAnyOrder(
            frame -> assertThat(frame).contains("subscribed", "\"room\""),
            frame -> assertThat(frame).contains("subscribed", "\"other\""),
            frame -> assertThat(frame).contains("{\"n\":2}"),
            frame -> assertThat(frame).contains("{\"n\":3}"));
    assertThat(index(heard, "\"subscribed\",\"channel\":\"room\""))
        .isLessThan(index(heard, "{\"n\":2}"));
    assertThat(index(heard, "{\"n\":2}")).isLessThan(index(heard, "{\"n\":3}"));
    server.publishes("room", "{\"n\":4}");
    assertThat(again.data()).containsExactly("{\"n\":4}");
  }

  private static int index(List<String> frames, String part) {
    return IntStream.range(0, frames.size())
        .filter(i -> frames.get(i).contains(part))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void line17AKeyIsExchangedForATokenThatOpensASocketUntilItExpires() {
    String answer =
        server.call(
            "POST",
            "/api/v1/auth/token",
            null,
            "{\"publishKey\":\"pub_k\",\"clientId\":\"web-1\"}");
    assertThat(answer)
        .matches(
            "200 \\{\"success\":true,\"data\":\\{\"token\":\"pub_eyJ[^\"]+\",\"expiresAt\":\"[^\"]+Z\","
                + "\"endpoint\":\"ws://localhost/ws\",\"clientId\":\"web-1\"\\}\\}");
    String token = (String) of(data(answer), "token");
    FloWire ann = server.opens("/ws?token=" + token);
    assertThat(ann.connected()).isEqualTo("web-1");
    assertThat(server.opens("/ws?token=" + token.substring(4)).connected())
        .as("without the prefix too")
        .isEqualTo("web-1");
    assertThat(server.call("POST", "/api/v1/auth/token", FloServer.SEC, "{}")).startsWith("400 ");
    assertThat(server.call("POST", "/api/v1/auth/token", null, "{\"publishKey\":\"pub_no\"}"))
        .startsWith("401 ");

    ann.subscribes("room").quiet();
    server.time.advance(3_700_000);
    String expired =
        "{\"type\":\"error\",\"error\":\"The token has expired\",\"code\":\"INVALID_TOKEN\"}";
    assertThat(ann.hears()).containsExactly(expired);
    assertThat(ann.end()).startsWith("4001 ");
    FloWire late = server.opens("/ws?token=" + token);
    assertThat(late.hears()).containsExactly(expired);
    assertThat(late.end()).isEqualTo("4001 The token has expired");
  }

  @Test
  void line18ARevokedKeyEndsItsSocketsAndComingBackCostsTheStoreNothing() {
    AtomicInteger asked = new AtomicInteger();
    server =
        FloServer.start(app -> app.key("pub_other"), new AskedStore(asked).store(), builder -> {});
    FloWire ann = server.connects().subscribes("room").quiet();
    FloWire bob = server.connects("pub_other").subscribes("room").quiet();
    String exchange = "{\"publishKey\":\"pub_k\"}";
    String answer = server.call("POST", "/api/v1/auth/token", null, exchange);
    String exchanged = (String) of(data(answer), "token");
    FloWire eve = server.connects(exchanged);

    assertThat(server.pushFlo.revoke("shop", "pub_k")).isTrue();
    server.time.runUntilIdle();
    String revoked =
        "{\"type\":\"error\",\"error\":\"The key has been revoked\",\"code\":\"UNAUTHORIZED\"}";
    assertThat(ann.hears()).containsExactly(revoked);
    assertThat(ann.end()).isEqualTo("4001 The key has been revoked");
    assertThat(eve.hears()).as("a token it was exchanged for").containsExactly(revoked);
    assertThat(bob.end()).isEqualTo("open");

    server.opens("/ws?token=" + exchanged);
    asked.set(0);
    for (int i = 0; i < 100; i++) {
      server.time.advance(300);
      assertThat(server.opens("/ws?token=pub_k").end()).isEqualTo("4001 Unknown key");
      assertThat(server.opens("/ws?token=" + exchanged).end()).startsWith("4001 ");
    }
    assertThat(asked).as("questions to the store").hasValueLessThan(5);
    assertThat(server.pushFlo.revoke("shop", "pub_k")).isFalse();
  }

  @Test
  void line19FramesSayItTwiceForOldClientsAsLongAsTheyAreSmall() {
    server = FloServer.start();
    FloWire ann = server.connects().subscribes("room").quiet();
    String id = FloServer.id(server.publishes("room", "{\"n\":1}"));
    String frame = ann.hears().get(0);
    assertThat(frame)
        .matches(
            "\\{\"type\":\"message\",\"channel\":\"room\",\"messageId\":\"%s\",\"eventType\":\"message\",\"clientId\":\"server\",\"data\":\\{\"n\":1\\},\"timestamp\":(\\d+),\"message\":\\{\"id\":\"%s\",\"eventType\":\"message\",\"clientId\":\"server\",\"content\":\\{\"n\":1\\},\"timestamp\":\\1\\}\\}"
                .formatted(id, id));

    String large = "{\"t\":\"" + "x".repeat(4_096) + "\"}";
    server.publishes("room", large);
    assertThat(ann.hears()).singleElement().asString().doesNotContain("\"message\":{");

    server = FloServer.start(app -> app.without(Option.NESTED_FRAMES));
    FloWire bob = server.connects().subscribes("room").quiet();
    server.publishes("room", "{\"n\":1}");
    assertThat(bob.hears()).singleElement().asString().doesNotContain("\"message\":{");
  }

  @Test
  void line20ASocketWithoutASubscriptionIsClosedAfterAWhile() {
    FloWire idle = server.connects();
    FloWire ann = server.connects().subscribes("room").quiet();
    server.time.advance(300_000);
    FloWire left = server.connects().subscribes("room");
    left.says("{\"type\":\"unsubscribe\",\"channel\":\"room\"}").quiet();

    server.time.advance(300_000);
    assertThat(idle.hears())
        .containsExactly(
            "{\"type\":\"error\",\"error\":\"No subscription for 600 s\",\"code\":\"CONNECTION_CLOSED\"}");
    assertThat(idle.end()).isEqualTo("4008 No subscription for 600 s");
    assertThat(left.end()).isEqualTo("open");
    server.time.advance(300_000);
    assertThat(left.end()).startsWith("4008 ");
    assertThat(ann.end()).isEqualTo("open");
    assertThat(server.token("x", Role.MEMBER)).isNotEmpty();
  }
}
