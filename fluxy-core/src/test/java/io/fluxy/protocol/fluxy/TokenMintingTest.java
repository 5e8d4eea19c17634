package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.wire.Json;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a backend with an API key gets tokens for its users: contract 1.3. */
class TokenMintingTest {
  private final ChatServer server = ChatServer.start();

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private Reply mint(String route, String json) {
    return server.call("POST", route).key(ChatServer.ACME_KEY).json(json).now();
  }

  private static String without(Reply minted, String... strings) {
    String text = minted.toString();
    for (String string : strings) {
      text = text.replace(string, "...");
    }
    return text;
  }

  private static Map<?, ?> claims(Reply minted) {
    return (Map<?, ?>) minted.get("claims");
  }

  /** What the token itself says, by name. */
  private static String claimsOf(Reply minted) {
    String payload = minted.token().split("\\.", -1)[1];
    return new TreeMap<>(Json.object(Base64.getUrlDecoder().decode(payload))).toString();
  }

  @Test
  void aTokenForAUserWithRolesAndALifetime() {
    Reply minted = mint("/auth/token", "{'userId':'alice','roles':['member'],'ttlSeconds':3600}");

    assertThat(without(minted, minted.token()))
        .isEqualTo(
            "200 {'token':'...','expiresIn':3600,"
                + "'claims':{'sub':'alice','tid':'acme','roles':['member']}}");
    assertThat(claimsOf(minted))
        .isEqualTo("{exp=1769864400, iat=1769860800, roles=[member], sub=alice, tid=acme}");
    assertThat(minted.token()).startsWith("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."); // HS256
    assertThat(server.get(minted.token(), "/rooms")).hasToString("200 {'rooms':[]}");
  }

  @Test
  void aTokenWithoutRolesIsAMembers() {
    Reply minted = mint("/auth/token", "{'userId':'alice'}");

    assertThat(claims(minted)).hasToString("{sub=alice, tid=acme, roles=[member]}");
    assertThat(minted.get("expiresIn")).isEqualTo(3_600L);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 60",
    "60, 60",
    "61, 61",
    "86400, 86400",
    "999999, 86400",
    "-1, 60",
    "9223372036854775807, 86400",
    "0, 60",
  })
  void aLifetimeIsHeldBetweenAMinuteAndADay(long wanted, long got) {
    Reply minted = mint("/auth/token", "{'userId':'alice','ttlSeconds':" + wanted + "}");

    assertThat(minted.get("expiresIn")).isEqualTo(got);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "'x'", "[]", "1.5", "{}", "true"})
  void aLifetimeThatIsNoneIsAnHour(String ttl) {
    Reply minted = mint("/auth/token", "{'userId':'alice','ttlSeconds':" + ttl + "}");

    assertThat(minted.get("expiresIn")).isEqualTo(3_600L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "['owner','moderator','zzz'] | [moderator, owner]",
        "['zzz']                     | [member]",
        "['mod']                     | [moderator]",
        "['admin']                   | [admin]",
        "['guest']                   | [guest]",
        "['bot']                     | [bot]",
        "[]                          | [member]",
        "'owner'                     | [member]",
        "[1,null,{}]                 | [member]",
      })
  void rolesWeKnowGetThroughAndModIsAModerator(String roles, String got) {
    Reply minted = mint("/auth/token", "{'userId':'alice','roles':" + roles + "}");

    assertThat(claims(minted).get("roles")).hasToString(got);
  }

  @Test
  void signingInTellsWhereTheUserChannelIs() {
    Reply minted = mint("/auth/signin", "{'userId':'alice','roles':['member']}");

    assertThat(without(minted, minted.token()))
        .isEqualTo(
            "200 {'token':'...','expiresIn':3600,"
                + "'claims':{'sub':'alice','tid':'acme','roles':['member']},"
                + "'signin':true,'userId':'alice','projectId':'acme',"
                + "'userChannel':{'websocketPath':'/ws/user/alice',"
                + "'eventsPath':'/users/alice/events'}}");
  }

  @Test
  void anAnonymousTokenIsAGuestsUnderARandomName() {
    Reply minted = mint("/tokens/anonymous", "{}");
    String userId = minted.text("userId");

    assertThat(userId).matches("anon_[0-9a-f]{16}");
    assertThat(without(minted, minted.token(), userId))
        .isEqualTo(
            "200 {'token':'...','expiresIn':3600,'userId':'...',"
                + "'claims':{'sub':'...','tid':'acme','roles':['guest'],'anon':true}}");
    assertThat(mint("/tokens/anonymous", "{}").text("userId")).isNotEqualTo(userId);
  }

  @Test
  void anAnonymousGuestMayKeepItsIdAndBringAName() {
    Reply minted = mint("/tokens/anonymous", "{'anonId':'anon_abc','displayName':'Zed'}");

    assertThat(without(minted, minted.token()))
        .isEqualTo(
            "200 {'token':'...','expiresIn':3600,'userId':'anon_abc',"
                + "'claims':{'sub':'anon_abc','tid':'acme','roles':['guest'],'anon':true}}");
    assertThat(claimsOf(minted))
        .isEqualTo(
            "{anon=true, exp=1769864400, iat=1769860800, name=Zed, roles=[guest], sub=anon_abc,"
                + " tid=acme}");
  }

  @Test
  void anAnonymousTokenNeedsNoBodyAndLivesFiveMinutesAtLeast() {
    assertThat(mint("/tokens/anonymous", "").status()).isEqualTo(200);
    assertThat(mint("/tokens/anonymous", "{'ttlSeconds':5}").get("expiresIn")).isEqualTo(300L);
    assertThat(mint("/tokens/anonymous", "{'ttlSeconds':99999}").get("expiresIn"))
        .isEqualTo(86_400L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'alice'", "'anon_a b'", "7", "''", "{}", "'anon_é'"})
  void anAnonymousGuestCannotTakeAUsersName(String anonId) {
    assertThat(mint("/tokens/anonymous", "{'anonId':" + anonId + "}"))
        .hasToString("400 {'traceId':'t-1','error':'invalid_anon_id','code':'invalid_anon_id'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/auth/token       | {'traceId':'t-1','error':'api key required'}",
        "/auth/signin      | {'traceId':'t-1','error':'api key required'}",
        "/tokens/anonymous | "
            + "{'traceId':'t-1','error':'api_key_required','code':'unauthorized'}",
      })
  void withoutAKeyThereIsNoToken(String route, String body) {
    assertThat(server.post(null, route, "{'userId':'alice'}")).hasToString("401 " + body);
    assertThat(server.call("POST", route).key("").json("{'userId':'alice'}").now())
        .hasToString("401 " + body);
  }

  @Test
  void aTokenIsNoKey() {
    assertThat(server.post(server.token("ann"), "/auth/token", "{'userId':'alice'}"))
        .hasToString("401 {'traceId':'t-1','error':'api key required'}");
  }

  /** Catalogue 3.7. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fc_",
        "fc_00112",
        "fc_00112233445566778899aabbccddeef",
        "fc_00112233445566778899aabbccddeeff0",
        "FC_00112233445566778899AABBCCDDEEFF",
        "fc_00112233445566778899AABBCCDDEEFF",
        "00112233445566778899aabbccddeeff",
        " fc_00112233445566778899aabbccddeeff",
        "fc_00112233445566778899aabbccddeeff\0",
        "fc_00112233445566778899aabbccddee%",
        "%",
        "fc_%",
        "' OR '1'='1",
        "fc_00112233445566778899aabbccddeefé",
        "é",
      })
  void aKeyThatIsNotExactlyOursIsRefused(String key) {
    assertThat(server.call("POST", "/auth/token").key(key).json("{'userId':'alice'}").now())
        .hasToString("401 {'traceId':'t-1','error':'invalid api key'}");
    assertThat(server.call("POST", "/auth/signin").key(key).json("{'userId':'alice'}").now())
        .hasToString("401 {'traceId':'t-1','error':'invalid api key'}");
    assertThat(server.call("POST", "/tokens/anonymous").key(key).json("{}").now())
        .hasToString("401 {'traceId':'t-1','error':'invalid_api_key','code':'unauthorized'}");
  }

  @Test
  void aTokenInTheHeaderForKeysIsRefused() {
    Reply refused =
        server
            .call("POST", "/auth/token")
            .key(server.token("ann"))
            .json("{'userId':'alice'}")
            .now();

    assertThat(refused).hasToString("401 {'traceId':'t-1','error':'invalid api key'}");
  }

  @Test
  void theKeyMayComeInTheQuery() {
    Reply minted =
        server.post(null, "/auth/token?apiKey=" + ChatServer.ACME_KEY, "{'userId':'alice'}");

    assertThat(claims(minted).get("sub")).isEqualTo("alice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rooms", "/api/messages?roomId=lobby", "/rooms/lobby/members"})
  void aKeyOpensNoChatRoute(String target) {
    assertThat(server.call("GET", target).key(ChatServer.ACME_KEY).now())
        .hasToString("401 Unauthorized");
    assertThat(server.get(ChatServer.ACME_KEY, target)).hasToString("401 Invalid token");
    String query = target + (target.contains("?") ? "&" : "?") + "apiKey=" + ChatServer.ACME_KEY;
    assertThat(server.get(null, query)).hasToString("401 Unauthorized");
  }

  @Test
  void aKeyMintsForItsOwnProjectOnly() {
    Reply minted =
        server
            .call("POST", "/auth/token")
            .key(ChatServer.GLOBEX_KEY)
            .json("{'userId':'alice','tid':'acme','projectId':'acme'}")
            .now();

    assertThat(claims(minted).get("tid")).isEqualTo("globex");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'userId':null}"})
  void aTokenNeedsAUser(String body) {
    assertThat(mint("/auth/token", body))
        .hasToString("400 {'traceId':'t-1','error':'userId required'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'al ice'",
        "''",
        "7",
        "['alice']",
        "{}",
        "true",
        "'../alice'",
        "'alice\\r\\nX: y'",
        "'al.ice'",
        "'álice'",
        "'alice\\u2028'",
        "'a;drop table'",
        "'%00'",
        "'@alice'",
      })
  void aUserIdThatIsNoneIsRefused(String userId) {
    assertThat(mint("/auth/token", "{'userId':" + userId + "}"))
        .hasToString(
            "400 {'traceId':'t-1',"
                + "'error':'userId required: must be 1-128 chars, alphanumeric with _ -'}");
  }

  @Test
  void aUserIdHas128CharactersAtMost() {
    assertThat(mint("/auth/token", "{'userId':'" + "a".repeat(128) + "'}").status()).isEqualTo(200);
    assertThat(mint("/auth/token", "{'userId':'" + "a".repeat(129) + "'}").status()).isEqualTo(400);
  }

  @Test
  void aBodyThatIsNoObjectIsRefused() {
    for (String body : new String[] {"", "{", "null", "[]", "'x'", "7", "{} {}"}) {
      assertThat(mint("/auth/token", body))
          .hasToString("400 {'traceId':'t-1','error':'invalid_body'}");
    }
  }

  @Test
  void thirtyTokensAMinuteComeOfOneKeyAndAddress() {
    for (int i = 0; i < 30; i++) {
      assertThat(mint("/auth/token", "{'userId':'alice'}").status()).isEqualTo(200);
    }
    server.time.pass(15_000);
    Reply refused = mint("/auth/signin", "{'userId':'alice'}");

    assertThat(refused)
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':45}");
    assertThat(refused.header("Retry-After")).contains("45");

    ChatServer.Call elsewhere = server.call("POST", "/auth/token").key(ChatServer.ACME_KEY);
    Reply minted = elsewhere.peer("192.0.2.2").json("{'userId':'alice'}").now();
    assertThat(minted.status()).isEqualTo(200);
    server.time.pass(45_000);
    assertThat(mint("/auth/token", "{'userId':'alice'}").status()).isEqualTo(200);
  }

  @Test
  void aHundredAndTwentyWrongKeysAMinuteAreEnough() {
    for (int i = 0; i < 120; i++) {
      String key = "fc_%032x".formatted(i);
      assertThat(server.call("POST", "/auth/token").key(key).json("{}").now().status())
          .isEqualTo(401);
    }
    Reply refused = server.call("POST", "/auth/token").key("fc_other").json("{}").now();

    assertThat(refused)
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':60}");
    assertThat(mint("/auth/token", "{'userId':'alice'}").status()).isEqualTo(200);
  }

  @Test
  void aKeyThatTheHostHasMintedWorks() {
    String key = server.fluxy.mintKey("acme").toCompletableFuture().join().text();
    Leaks.secret(key);
    Reply minted = server.call("POST", "/auth/token").key(key).json("{'userId':'bo'}").now();

    assertThat(key).matches("fc_[0-9a-f]{32}");
    assertThat(claimsOf(minted)).contains("sub=bo, tid=acme");
  }
}
