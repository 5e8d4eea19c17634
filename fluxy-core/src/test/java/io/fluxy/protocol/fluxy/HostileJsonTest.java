package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON that is broken, or bigger or stranger than it should be, on every way in: catalogue 3.9. */
class HostileJsonTest {
  private final ChatServer server = ChatServer.withLobby();
  private final Client neighbour = server.joins("bob", "lobby");

  @AfterEach
  void nobodyElseIsHarmed() {
    assertThat(neighbour.isOpen()).isTrue();
    neighbour.hears();
    server.says("ann", "lobby", "still here?");
    assertThat(neighbour.last()).contains("still here?");
    Leaks.checkLog();
  }

  private record Route(String method, String target, boolean key) {}

  private static List<Route> routesWithABody() {
    return List.of(
        new Route("POST", "/auth/token", true),
        new Route("POST", "/auth/signin", true),
        new Route("POST", "/tokens/anonymous", true),
        new Route("POST", "/rooms", false),
        new Route("POST", "/rooms/lobby/members", false),
        new Route("POST", "/rooms/lobby/read", false),
        new Route("POST", "/messages", false),
        new Route("PATCH", "/messages/134217731", false),
        new Route("POST", "/messages/134217731/reactions", false),
        new Route("DELETE", "/messages/134217731/reactions", false));
  }

  private static byte[] utf8(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] with(String before, int... odd) {
    byte[] head = utf8(before);
    byte[] tail = utf8("'}");
    byte[] all = new byte[head.length + odd.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    for (int i = 0; i < odd.length; i++) {
      all[head.length + i] = (byte) odd[i];
    }
    System.arraycopy(tail, 0, all, head.length + odd.length, tail.length);
    return all;
  }

  /** What no route and no frame may take for JSON. */
  private static Map<String, byte[]> broken() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("a brace", utf8("{"));
    all.put("no quote", utf8("{'content':'x"));
    all.put("a word", utf8("nope"));
    all.put("a list", utf8("[]"));
    all.put("a list of objects", utf8("[{'content':'x'}]"));
    all.put("a string", utf8("'x'"));
    all.put("a number", utf8("7"));
    all.put("null", utf8("null"));
    all.put("true", utf8("true"));
    all.put("a trailing comma", utf8("{'content':'x',}"));
    all.put("single quotes", "{'content':'x'}".getBytes(StandardCharsets.UTF_8));
    all.put("no quotes", utf8("{content:1}"));
    all.put("a comment", utf8("{/**/'content':'x'}"));
    all.put("junk after it", utf8("{'content':'x'}x"));
    all.put("an object after it", utf8("{'content':'x'}{'content':'y'}"));
    all.put("a bracket after it", utf8("{'content':'x'}]"));
    all.put("duplicate keys", utf8("{'content':'x','content':'y'}"));
    all.put("duplicate keys, escaped", utf8("{'content':'x','c\\u006fntent':'y'}"));
    all.put("duplicate keys inside", utf8("{'x':{'a':1,'a':2}}"));
    all.put("33 deep", utf8("{'x':" + "[".repeat(33) + "]".repeat(33) + "}"));
    all.put("10,000 deep", utf8("{'x':" + "[".repeat(10_000) + "]".repeat(10_000) + "}"));
    all.put("100,000 deep", utf8("{'x':" + "{'x':".repeat(100_000)));
    all.put("100,000 keys", utf8(keys(100_000)));
    all.put("21,000 items", utf8("{'x':[" + "1,".repeat(21_000) + "1]}"));
    all.put("a million digits", utf8("{'x':" + "9".repeat(1_000_000) + "}"));
    all.put("infinity", utf8("{'x':1e999999999}"));
    all.put("infinity in full", utf8("{'x':1e400}"));
    all.put("minus infinity", utf8("{'x':-1e400}"));
    all.put("NaN", utf8("{'x':NaN}"));
    all.put("Infinity", utf8("{'x':Infinity}"));
    all.put("a plus", utf8("{'x':+1}"));
    all.put("a leading zero", utf8("{'x':01}"));
    all.put("hex", utf8("{'x':0x1}"));
    all.put("a string of 2 MiB", utf8("{'content':'" + "x".repeat(2 * 1024 * 1024) + "'}"));
    all.put("a key of 1,000", utf8("{'" + "k".repeat(1_000) + "':1}"));
    all.put("NUL, escaped", utf8("{'content':'a\\u0000b'}"));
    all.put("NUL", with("{'content':'a", 0, 'b'));
    all.put("NUL in a key", utf8("{'con\\u0000tent':'x'}"));
    all.put("half a surrogate pair", utf8("{'content':'a\\ud800b'}"));
    all.put("the other half", utf8("{'content':'a\\udc00b'}"));
    all.put("both the wrong way round", utf8("{'content':'\\udc00\\ud800'}"));
    all.put("half a pair at the end", utf8("{'content':'\\ud83d'}"));
    all.put("half a pair in a key", utf8("{'\\ud800':'x'}"));
    all.put("a line end in a string", utf8("{'content':'a\nb'}"));
    all.put("a bad escape", utf8("{'content':'\\x41'}"));
    all.put("a short escape", utf8("{'content':'\\u00'}"));
    all.put("UTF-16", "{\"content\":\"x\"}".getBytes(StandardCharsets.UTF_16LE));
    all.put("UTF-16, big end first", "{\"content\":\"x\"}".getBytes(StandardCharsets.UTF_16BE));
    all.put("nothing but spaces", utf8("   "));
    return all;
  }

  /** What is not even UTF-8. */
  private static Map<String, byte[]> notUtf8() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("a lone start", with("{'content':'a", 0xC3));
    all.put("a lone continuation", with("{'content':'a", 0x80));
    all.put("0xFF", with("{'content':'a", 0xFF));
    all.put("an overlong slash", with("{'content':'a", 0xC0, 0xAF));
    all.put("an overlong NUL", with("{'content':'a", 0xC0, 0x80));
    all.put("a surrogate", with("{'content':'a", 0xED, 0xA0, 0x80));
    all.put("a pair as CESU-8", with("{'content':'a", 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80));
    all.put("beyond Unicode", with("{'content':'a", 0xF4, 0x90, 0x80, 0x80));
    all.put("latin 1", with("{'content':'caf", 0xE9));
    all.put("UTF-16 with its mark", "{\"content\":\"x\"}".getBytes(StandardCharsets.UTF_16));
    return all;
  }

  private static String keys(int count) {
    StringBuilder json = new StringBuilder("{'k':1");
    for (int i = 0; i < count; i++) {
      json.append(",'k").append(i).append("':1");
    }
    return json.append("}").toString();
  }

  private static Stream<Arguments> arguments(Map<String, byte[]> cases) {
    return cases.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  static Stream<Arguments> allBroken() {
    return Stream.concat(arguments(broken()), arguments(notUtf8()));
  }

  static Stream<Arguments> brokenFrames() {
    return arguments(broken());
  }

  static Stream<Arguments> framesThatAreNotUtf8() {
    return arguments(notUtf8());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allBroken")
  void aBodyThatIsNoDecentJsonIsRefusedByEveryRoute(String what, byte[] body) {
    String ann = server.token("ann");
    for (Route route : routesWithABody()) {
      ChatServer.Call call = server.call(route.method(), route.target()).body(body);
      Reply refused = (route.key() ? call.key(ChatServer.ACME_KEY) : call.token(ann)).now();

      assertThat(refused)
          .as("%s for %s", what, route)
          .hasToString("400 {'traceId':'t-1','error':'invalid_body'}");
    }
    assertThat(neighbour.hears()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenFrames")
  void aFrameThatIsNoDecentJsonIsToldAndTheSocketStays(String what, byte[] frame) {
    Client ann = server.joins("ann", "lobby");
    neighbour.hears();
    ann.says(frame);

    assertThat(ann.hears())
        .as(what)
        .containsExactly(
            frame.length > 256_000
                ? "{'type':'error','message':'payload_too_large'}"
                : "{'type':'error','message':'Invalid message format or internal error'}");
    assertThat(ann.isOpen()).isTrue();
    assertThat(neighbour.hears()).isEmpty();
    assertThat(ann.says("{'type':'ping'}").last()).startsWith("{'type':'pong'");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("framesThatAreNotUtf8")
  void aFrameThatIsNotUtf8EndsItsOwnSocketAlone(String what, byte[] frame) {
    Client ann = server.joins("ann", "lobby");
    ann.says(frame);

    assertThat(ann.end()).as(what).isEqualTo("1007 not UTF-8");
  }

  @Test
  void whatIsStrangeButDecentIsTaken() {
    String[] decent = {
      "{'roomId':'lobby','content':'x','__proto__':{'admin':true},'constructor':1}",
      "\uFEFF{'roomId':'lobby','content':'x'}",
      "  \r\n\t{ 'roomId' : 'lobby' , 'content' : 'x' }  \n",
      "{'roomId':'lobby','content':'x','deep':" + "[".repeat(31) + "]".repeat(31) + "}",
      "{'roomId':'lobby','content':'x','big':12345678901234567890123456789012}",
      "{'roomId':'lobby','content':'x','real':1e300,'zero':-0}",
      "{'':'','roomId':'lobby','content':'x'}",
      "{'roomId':'lobby','content':'\\ud83d\\ude00 💥 \\u202e \\u2028 \\u0007 \\u007f'}",
      "{'room\\u0049d':'lobby','content':'x'}",
    };
    for (String json : decent) {
      assertThat(server.post(server.token("ann"), "/messages", json).status())
          .as(json)
          .isEqualTo(200);
    }
    neighbour.hears();
  }

  @Test
  void aFrameHas256000CharactersAtMost() {
    Client ann = server.joins("ann", "lobby");
    ann.says("{'type':'ping','x':['" + "',' ".repeat(50_000) + "']}");
    assertThat(ann.last()).contains("Invalid message format");
    ann.says(" ".repeat(256_000 - 15) + "{'type':'ping'}");
    assertThat(ann.last()).startsWith("{'type':'pong'");
    ann.says(" ".repeat(256_001 - 15) + "{'type':'ping'}");
    assertThat(ann.last()).isEqualTo("{'type':'error','message':'payload_too_large'}");
    ann.says("é".repeat(200_000));
    assertThat(ann.last()).as("characters, not bytes").contains("Invalid message format");
    ann.says("{'type':'message','content':'" + "x".repeat(256_148 - 30) + "'}");
    assertThat(ann.last()).isEqualTo("{'type':'error','message':'payload_too_large'}");
    assertThat(ann.isOpen()).isTrue();
  }

  @Test
  void valuesOfTheWrongKindAreNeverAnErrorOfOurs() {
    String[] values = {
      "null",
      "true",
      "7",
      "-1",
      "1.5",
      "1e300",
      "9223372036854775808",
      "'x'",
      "''",
      "[]",
      "{}",
      "['x']",
      "{'x':'x'}",
      "'" + "x".repeat(5_000) + "'",
      "[[[[]]]]",
      "'\\u202e'",
      "'%00'",
      "'\\u0027; DROP TABLE rooms--'",
      "-9223372036854775808",
    };
    String[] fields = {
      "roomId",
      "content",
      "userId",
      "replyTo",
      "parentId",
      "clientMessageId",
      "attachments",
      "messageId",
      "emoji",
      "op",
      "roles",
      "ttlSeconds",
      "anonId",
      "displayName",
      "name",
      "type",
      "id",
      "members",
      "role",
      "visibility",
      "visibleTo",
      "isTyping",
      "intent",
    };
    String good =
        "'roomId':'lobby','content':'x','userId':'zed','messageId':134217731,'emoji':'👍',"
            + "'name':'x','type':'group'";
    Client ann = server.joins("ann", "lobby");
    for (String field : fields) {
      for (String value : values) {
        StringBuilder json = new StringBuilder("{'" + field + "':" + value);
        for (String part : good.split(",", -1)) {
          json.append(part.startsWith("'" + field + "'") ? "" : "," + part);
        }
        String body = json.append("}").toString();
        for (Route route : routesWithABody()) {
          ChatServer.Call call = server.call(route.method(), route.target()).json(body);
          String zed = server.token("ann");
          Reply reply =
              (route.key() ? call.key(ChatServer.ACME_KEY).peer(field + value) : call.token(zed))
                  .now();
          assertThat(reply.status()).as("%s %s", route, body).isIn(200, 400, 403, 404, 409, 429);
        }
        for (String type :
            new String[] {"message", "edit", "delete", "reaction", "read", "typing"}) {
          if (!field.equals("type")) {
            ann.says(body.replace("'type':'group'", "'type':'" + type + "'"));
          }
        }
      }
    }
    assertThat(ann.isOpen()).isTrue();
  }
}
