package io.fluxy.protocol.pusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.RoomType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The socket in exact wire text: connecting, subscribing, presence, client events, errors. */
class SocketTest {
  private static final String OK = "pusher_internal:subscription_succeeded";
  private ChannelServer server = ChannelServer.start();

  @AfterEach
  void nothingWasThrown() {
    assertThat(server.time.failures()).isEmpty();
  }

  private static String succeeded(String channel) {
    return "{\"event\":\"" + OK + "\",\"channel\":\"" + channel + "\",\"data\":\"{}\"}";
  }

  @Test
  void theFirstFrameSaysWhoOneIs() {
    Wire wire = server.opens("/app/testkey-0001?client=java-client&protocol=5&version=2.4.4");

    assertThat(wire.hears())
        .singleElement()
        .asString()
        .matches(
            "\\{\"event\":\"pusher:connection_established\",\"data\":\"\\{\\\\\"socket_id\\\\\":"
                + "\\\\\"\\d+\\.\\d+\\\\\",\\\\\"activity_timeout\\\\\":120}\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/app/nope?protocol=7|4001|App key nope does not exist.",
        "/app/testkey-0001?protocol=99|4007|Unsupported protocol version",
        "/app/testkey-0001?protocol=3|4007|Unsupported protocol version",
        "/app/testkey-0001/more|4005|Path not found",
      })
  void whoCantBeServedIsToldWhyAndClosedWithTheSameCode(String target, int code, String message) {
    Wire wire = server.opens(target);

    assertThat(wire.hears())
        .containsExactly(
            "{\"event\":\"pusher:error\",\"data\":{\"code\":"
                + code
                + ",\"message\":\""
                + message
                + "\"}}");
    assertThat(wire.end()).isEqualTo(code + " " + message);
  }

  @Test
  void aStrictAppWantsProtocolAndVersion() {
    server = ChannelServer.start(app -> app.strict(true));

    assertThat(server.opens("/app/testkey-0001").end()).startsWith("4008");
    assertThat(server.opens("/app/testkey-0001?protocol=7&version=x%20y").end()).startsWith("4006");
    assertThat(server.opens("/app/testkey-0001?protocol=7&version=8.6.0").end()).isEqualTo("open");
  }

  @Test
  void theSubprotocolIsTakenWhenOffered() {
    String target = "/app/testkey-0001?protocol=7";
    Map<String, String> offer =
        Map.of("Sec-WebSocket-Protocol", "soap, pusher-channels-protocol-7");

    assertThat(server.shakes(target, offer).subprotocol()).isEqualTo("pusher-channels-protocol-7");
    assertThat(server.shakes(target, Map.of()).subprotocol()).isNull();
  }

  @Test
  void onlyListedPagesConnect() {
    server =
        ChannelServer.start(
            app -> app.origins(java.util.List.of("https://*.example.org", "https://a.test")));
    String target = "/app/testkey-0001?protocol=7";

    assertThat(server.opens(target, Map.of("Origin", "https://x.example.org")).end())
        .isEqualTo("open");
    assertThat(server.opens(target, Map.of("Origin", "https://a.test")).end()).isEqualTo("open");
    assertThat(server.opens(target, Map.of("Origin", "https://a.test.evil")).end())
        .isEqualTo("4009 Origin not allowed");
    assertThat(server.opens(target, Map.of("Origin", "https://example.org")).end())
        .startsWith("4009");
    assertThat(server.opens(target).end()).as("no page at all").isEqualTo("open");
  }

  @Test
  void pingIsAnswered() {
    Wire wire = server.connects();

    assertThat(wire.says("{\"event\": \"pusher:ping\"}").hears())
        .containsExactly("{\"event\":\"pusher:pong\",\"data\":\"{}\"}");
  }

  @Test
  void aPublicChannelIsOpenToAnyoneWithTheKey() {
    Wire ann = server.connects();

    ann.says("{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\"\",\"channel\":\"news\"}}");
    assertThat(ann.hears()).containsExactly(succeeded("news"));
    assertThat(ann.subscribes("news").hears()).as("again").containsExactly(succeeded("news"));

    assertThat(server.publishes("news", "foo", "{\\\"some\\\":\\\"data\\\"}")).isEqualTo("200 {}");
    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"foo\",\"channel\":\"news\",\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}");

    ann.says("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}");
    server.publishes("news", "foo", "x");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void aPrivateChannelNeedsASignatureOverSocketChannelAndData() {
    Wire ann = server.connects();
    Wire bob = server.connects();

    assertThat(ann.subscribesSigned("private-x", null).hears())
        .containsExactly(succeeded("private-x"));
    assertThat(bob.subscribesSigned("private-x", "{\"any\":1}").hears())
        .containsExactly(succeeded("private-x"));
    assertThat(server.connects().subscribesSigned("private-encrypted-x", null).hears())
        .containsExactly(succeeded("private-encrypted-x"));
  }

  @Test
  void withoutASignatureTheClientIsToldTwiceAndStays() {
    Wire ann = server.connects();
    ann.says(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\",\"auth\":\"testkey-0001:00\"}}");
    String message =
        "Invalid signature: Expected HMAC SHA256 hex digest of "
            + io.fluxy.chat.Names.shown(ann.id() + ":private-x")
            + ", but got 00";

    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"pusher:subscription_error\",\"channel\":\"private-x\",\"data\":"
                + "\"{\\\"type\\\":\\\"AuthError\\\",\\\"error\\\":\\\""
                + message
                + "\\\",\\\"status\\\":401}\"}",
            "{\"event\":\"pusher:error\",\"data\":{\"code\":4009,\"message\":\""
                + message
                + "\"}}");
    assertThat(ann.end()).isEqualTo("open");
    assertThat(ann.subscribes("private-x").hears()).hasSize(2);

    String bobs = ChannelServer.SHOP.authorize("1.1", "private-x");
    ann.says(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\","
            + bobs.substring(1)
            + "}");
    assertThat(ann.hears()).as("a signature for another socket").hasSize(2);
    String theirs = ChannelServer.BANK.authorize(ann.id(), "private-x");
    ann.says(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\","
            + theirs.substring(1)
            + "}");
    assertThat(ann.hears()).as("a signature of another app").hasSize(2);
  }

  @Test
  void badNamesAreRejected() {
    Wire ann = server.connects();

    for (String name : new String[] {"bad channel!", "a:b", "", "#x", "x".repeat(165)}) {
      assertThat(ann.subscribes(name).hears())
          .as(name)
          .hasSize(2)
          .first()
          .asString()
          .contains("subscription_error", "\\\"status\\\":400");
    }
    assertThat(ann.subscribes("x".repeat(164)).hears()).hasSize(1);
    assertThat(ann.subscribes("a_-=@,.;1").hears()).containsExactly(succeeded("a_-=@,.;1"));
  }

  @Test
  void presenceTellsWhoIsThereOncePerUser() {
    Wire ann = server.connects();
    Wire bob = server.connects();
    Wire bobsTab = server.connects();

    ann.subscribesSigned("presence-room", "{\"user_id\":\"u1\",\"user_info\":{\"name\":\"Ann\"}}");
    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\""
                + OK
                + "\",\"channel\":\"presence-room\",\"data\":\"{\\\"presence\\\":"
                + "{\\\"ids\\\":[\\\"u1\\\"],\\\"hash\\\":{\\\"u1\\\":{\\\"name\\\":\\\"Ann\\\"}},"
                + "\\\"count\\\":1}}\"}");
    bob.subscribesSigned("presence-room", "{\"user_id\":\"u2\",\"user_info\":{\"name\":\"Bob\"}}");
    assertThat(bob.hears().get(0))
        .endsWith(
            "{\\\"ids\\\":[\\\"u1\\\",\\\"u2\\\"],\\\"hash\\\":{\\\"u1\\\":{\\\"name\\\":\\\"Ann\\\"},"
                + "\\\"u2\\\":{\\\"name\\\":\\\"Bob\\\"}},\\\"count\\\":2}}\"}");
    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-room\",\"data\":"
                + "\"{\\\"user_id\\\":\\\"u2\\\",\\\"user_info\\\":{\\\"name\\\":\\\"Bob\\\"}}\"}");
    bobsTab.subscribesSigned(
        "presence-room", "{\"user_id\":\"u2\",\"user_info\":{\"name\":\"Bob-second-tab\"}}");
    assertThat(bobsTab.hears().get(0)).contains("\\\"name\\\":\\\"Bob\\\"", "\\\"count\\\":2");
    assertThat(ann.hears()).as("the same user").isEmpty();
    assertThat(bob.hears()).as("the same user").isEmpty();

    bob.says("{\"event\":\"client-hi\",\"channel\":\"presence-room\",\"data\":{\"x\":1}}");
    String hi =
        "{\"event\":\"client-hi\",\"channel\":\"presence-room\",\"data\":\"{\\\"x\\\":1}\",\"user_id\":\"u2\"}";
    assertThat(ann.hears()).containsExactly(hi);
    assertThat(bobsTab.hears()).containsExactly(hi);
    assertThat(bob.hears()).isEmpty();

    bob.leaves();
    assertThat(ann.hears()).isEmpty();
    bobsTab.says("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"presence-room\"}}");
    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"presence-room\",\"data\":"
                + "\"{\\\"user_id\\\":\\\"u2\\\"}\"}");
  }

  @Test
  void presenceTakesAnyIdAndNoInfo() {
    Wire ann = server.connects();
    Wire bob = server.connects();
    ann.subscribesSigned("presence-r", "{\"user_id\":10}");
    assertThat(ann.hears().get(0))
        .endsWith("{\\\"ids\\\":[10],\\\"hash\\\":{\\\"10\\\":null},\\\"count\\\":1}}\"}");

    bob.subscribesSigned("presence-r", "{\"user_id\":\"zo\u00eb@example.org\",\"user_info\":[1]}");
    assertThat(ann.hears().get(0))
        .endsWith("\"{\\\"user_id\\\":\\\"zo\u00eb@example.org\\\",\\\"user_info\\\":[1]}\"}");
    bob.leaves();
    assertThat(ann.hears().get(0)).endsWith("\"{\\\"user_id\\\":\\\"zo\u00eb@example.org\\\"}\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"user_id\":null}",
        "{\"user_id\":\"\"}",
        "{\"user_id\":[1]}",
        "{\"user_id\":{}}",
        "{\"user_id\":true}",
        "[1]",
        "7",
        "x",
      })
  void presenceNeedsAUserId(String channelData) {
    Wire ann = server.connects();

    assertThat(ann.subscribesSigned("presence-r", channelData).hears())
        .hasSize(2)
        .first()
        .asString()
        .contains("subscription_error");
  }

  @Test
  void presenceHasBounds() {
    server =
        ChannelServer.start(app -> app.limits(PusherLimits.builder().presenceUsersMax(2).build()));
    Wire ann = server.connects();
    ann.subscribesSigned("presence-r", "{\"user_id\":\"" + "x".repeat(129) + "\"}");
    assertThat(ann.hears()).hasSize(2);
    ann.subscribesSigned(
        "presence-r", "{\"user_id\":\"1\",\"user_info\":\"" + "x".repeat(1_024) + "\"}");
    assertThat(ann.hears()).hasSize(2);

    ann.subscribesSigned("presence-r", "{\"user_id\":\"1\"}");
    Wire bob = server.connects().subscribesSigned("presence-r", "{\"user_id\":\"2\"}");
    Wire carol = server.connects().subscribesSigned("presence-r", "{\"user_id\":\"3\"}");
    assertThat(carol.hears()).hasSize(2).first().asString().contains("LimitReached");
    Wire tab = server.connects().subscribesSigned("presence-r", "{\"user_id\":\"2\"}");
    assertThat(tab.hears()).hasSize(1);
    bob.leaves();
    tab.leaves();
    assertThat(carol.subscribesSigned("presence-r", "{\"user_id\":\"3\"}").hears()).hasSize(1);
  }

  @Test
  void clientEventsReachTheOthersInTheirOwnWords() {
    Wire ann = server.connects().subscribesSigned("private-x", null);
    Wire bob = server.connects().subscribesSigned("private-x", null);
    ann.quiet();
    bob.quiet();

    ann.says("{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":{\"who\":\"a\",\"n\":1}}");
    ann.says("{\"event\":\"client-b\",\"channel\":\"private-x\",\"data\":\"plain string\"}");
    ann.says("{\"event\":\"client-c\",\"channel\":\"private-x\",\"data\":7,\"user_id\":\"bob\"}");

    assertThat(bob.hears())
        .containsExactly(
            "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":\"{\\\"who\\\":\\\"a\\\",\\\"n\\\":1}\"}",
            "{\"event\":\"client-b\",\"channel\":\"private-x\",\"data\":\"plain string\"}",
            "{\"event\":\"client-c\",\"channel\":\"private-x\",\"data\":\"7\"}");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void clientEventsAreRefusedOneByOne() {
    Wire ann = server.connects().subscribes("news").subscribesSigned("private-x", null);
    Wire bob = server.connects().subscribes("news").subscribesSigned("private-x", null);
    ann.quiet();
    bob.quiet();

    ann.says("{\"event\":\"client-a\",\"channel\":\"news\",\"data\":{}}");
    ann.says("{\"event\":\"client-a\",\"channel\":\"private-y\",\"data\":{}}");
    ann.says("{\"event\":\"other\",\"channel\":\"private-x\",\"data\":{}}");
    ann.says(
        "{\"event\":\"client-" + "x".repeat(200) + "\",\"channel\":\"private-x\",\"data\":{}}");
    ann.says(
        "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":\""
            + "x".repeat(10_241)
            + "\"}");

    assertThat(ann.hears())
        .hasSize(5)
        .allMatch(f -> f.startsWith("{\"event\":\"pusher:error\",\"data\":{\"code\":null,"));
    assertThat(bob.hears()).isEmpty();
    assertThat(ann.end()).isEqualTo("open");
  }

  @Test
  void tooManyClientEventsAreNotSentAndTheSocketStays() {
    Wire ann = server.connects().subscribesSigned("private-x", null).quiet();
    Wire bob = server.connects().subscribesSigned("private-x", null).quiet();

    for (int i = 0; i < 12; i++) {
      ann.says("{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":{}}");
    }
    assertThat(bob.hears()).hasSize(10);
    assertThat(ann.hears()).hasSize(2).allMatch(f -> f.contains("{\"code\":4301,"));
    server.time.advance(1_000);
    ann.says("{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":{}}");
    assertThat(bob.hears()).hasSize(1);
  }

  @Test
  void anAppMayHaveNoClientEvents() {
    server = ChannelServer.start(app -> app.clientEvents(false));
    Wire ann = server.connects().subscribesSigned("private-x", null).quiet();

    ann.says("{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":{}}");
    assertThat(ann.hears()).singleElement().asString().contains("not enabled");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "[]",
        "[1,2]",
        "7",
        "\"x\"",
        "null",
        "{}",
        "{\"event\":7}",
        "{\"event\":null}",
        "{\"event\":{}}",
        "{\"event\":\"pusher:subscribe\"}",
        "{\"event\":\"pusher:subscribe\",\"data\":\"x\"}",
        "{\"event\":\"pusher:subscribe\",\"data\":7}",
        "{\"event\":\"pusher:subscribe\",\"data\":[]}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":7}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":null}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\",\"auth\":{}}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\",\"auth\":\":\"}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-x\",\"channel_data\":7}}",
        "{\"event\":\"pusher:unsubscribe\"}",
        "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":[]}}",
        "{\"event\":\"pusher:signin\"}",
        "{\"event\":\"pusher:signin\",\"data\":\"x\"}",
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":7,\"user_data\":7}}",
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"a:b\",\"user_data\":\"{\"}}",
        "{\"event\":\"pusher:connection_established\",\"data\":\"{}\"}",
        "{\"event\":\"pusher:whatever\",\"data\":{}}",
        "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"news\",\"data\":\"{}\"}",
        "{\"event\":\"client-x\"}",
        "{\"event\":\"client-x\",\"channel\":7}",
        "{\"event\":\"client-x\",\"channel\":\"news\",\"data\":{}}",
        "{\"event\":\"pusher:error\",\"data\":{\"code\":4001}}",
      })
  void aHostileFrameIsAnsweredAndHarmsNobody(String frame) {
    Wire neighbour = server.connects().subscribes("news").quiet();
    Wire ann = server.connects().subscribes("news").quiet();

    ann.says(frame);

    assertThat(ann.hears()).isNotEmpty().allMatch(f -> f.contains("error"));
    assertThat(ann.end()).isEqualTo("open");
    assertThat(neighbour.hears()).isEmpty();
    server.publishes("news", "e", "alive");
    assertThat(ann.hears()).hasSize(1);
    assertThat(neighbour.hears()).hasSize(1);
  }

  @Test
  void depthSizeAndBrokenTextHarmNobody() {
    Wire neighbour = server.connects().subscribes("news").quiet();
    Wire ann = server.connects().quiet();

    ann.says("{\"event\":\"x\",\"data\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}");
    ann.says("{\"event\":\"client-x\",\"data\":\"" + "x".repeat(1_000_000) + "\"}");
    assertThat(ann.hears()).hasSize(2).allMatch(f -> f.contains("pusher:error"));
    ann.says(new byte[] {'{', '"', (byte) 0xc3, '(', '"', '}'});
    assertThat(ann.end()).isEqualTo("1007 not UTF-8");

    assertThat(neighbour.end()).isEqualTo("open");
    assertThat(neighbour.subscribes("more").hears()).containsExactly(succeeded("more"));
  }

  @Test
  void anUnansweredPingEndsItWith4201() {
    Wire ann = server.connects();
    server.time.advance(90_000);

    assertThat(ann.hears())
        .containsExactly(
            "{\"event\":\"pusher:error\",\"data\":{\"code\":4201,\"message\":\"Pong reply not received in time\"}}");
    assertThat(ann.end()).startsWith("4201");
  }

  @Test
  void theEngineSaysGoodbyeWith4200() {
    Wire ann = server.connects();
    server.fluxy.close();

    assertThat(ann.hears()).singleElement().asString().contains("\"code\":4200");
    assertThat(ann.end()).startsWith("4200");
  }

  @Test
  void anAppCanBeSwitchedOffAndOn() {
    Wire ann = server.connects();
    server.pusher.disable("4242");
    assertThat(ann.hears()).singleElement().asString().contains("\"code\":4003");
    assertThat(ann.end()).startsWith("4003");
    assertThat(server.opens("/app/testkey-0001").end()).startsWith("4003");
    assertThat(server.publishes("news", "e", "x")).startsWith("403 ");
    assertThat(server.connects("bankkey-0001").end()).isEqualTo("open");

    server.pusher.enable("4242");
    assertThat(server.connects().end()).isEqualTo("open");
  }

  @Test
  void everyKeyOfAnAppIsGood() {
    server = ChannelServer.start(app -> app.key("second-key", "second-secret"));
    Wire ann = server.connects("second-key");

    assertThat(ann.subscribesSigned("private-x", null).hears()).hasSize(1);
    assertThat(server.pusher.connections("4242")).isEqualTo(1);
  }

  @Test
  void quotasEndWith4004AndALimit() {
    server =
        ChannelServer.start(
            app ->
                app.limits(
                    PusherLimits.builder().connectionsMax(1).channelsPerConnectionMax(2).build()));
    Wire ann = server.connects();

    assertThat(server.opens("/app/testkey-0001").end()).startsWith("4004");
    ann.subscribes("a").subscribes("b").quiet();
    assertThat(ann.subscribes("c").hears()).hasSize(2);
    ann.leaves();
    assertThat(server.connects().end()).isEqualTo("open");
  }

  @Test
  void strangersCantMakeRoomsWithoutEnd() {
    server =
        ChannelServer.start(app -> app.limits(PusherLimits.builder().roomsPerMinute(2).build()));
    Wire ann = server.connects().subscribes("a").subscribes("b").quiet();

    assertThat(ann.subscribes("c").hears()).hasSize(2).first().asString().contains("429");
    assertThat(ann.subscribesSigned("private-c", null).hears()).hasSize(1);
    server.time.advance(60_000);
  }

  @Test
  void aGroupIsNoPublicChannel() {
    server.room("board", RoomType.GROUP, "owner");
    Wire ann = server.connects().subscribes("board");

    assertThat(ann.hears())
        .hasSize(2)
        .first()
        .asString()
        .contains("pusher:subscription_error", "AuthError", "403");
    server.publishes("board", "e", "secret");
    assertThat(ann.hears()).isEmpty();
  }

  @Test
  void projectsDoNotMeet() {
    Wire ann = server.connects().subscribes("news").quiet();
    Wire bea = server.connects("bankkey-0001").subscribes("news").quiet();

    server.publishes("news", "e", "x");
    assertThat(ann.hears()).hasSize(1);
    assertThat(bea.hears()).isEmpty();
  }

  @Test
  void bytesThatAreNoTextDoNotMatter() {
    Wire ann = server.connects();
    ann.says("\ufeff{}".getBytes(StandardCharsets.UTF_16));
    assertThat(ann.hears()).hasSizeLessThan(2);
  }
}
