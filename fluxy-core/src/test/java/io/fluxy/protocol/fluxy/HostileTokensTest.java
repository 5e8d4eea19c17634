package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that prove nothing, on every way in: catalogue 3.1. */
class HostileTokensTest {
  private static final String UNAUTHORIZED = "Unauthorized";
  private static final String INVALID = "Invalid token";
  private static final String EXPIRED = "Token expired";

  private final ChatServer server = ChatServer.withLobby();

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private static Arguments of(String what, String token, String answer) {
    return Arguments.of(what, token, answer);
  }

  static Stream<Arguments> bad() {
    List<Arguments> all = new ArrayList<>();
    for (String alg :
        new String[] {"none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "none\\u0000"}) {
      String json = "'" + alg + "'";
      all.add(of("alg " + json + ", signed", Jwt.acme().header("alg", json).sign(), UNAUTHORIZED));
      all.add(of("alg " + json, Jwt.acme().header("alg", json).unsigned(), UNAUTHORIZED));
    }
    for (String json : new String[] {"null", "7", "[]", "['HS256']", "{}"}) {
      all.add(of("alg " + json, Jwt.acme().header("alg", json).sign(), UNAUTHORIZED));
    }
    for (String alg : new String[] {"RS256", "ES256", "PS256", "EdDSA", "HS384", "HS512", "dir"}) {
      all.add(
          of(
              alg + " over an HMAC",
              Jwt.acme().header("alg", "'" + alg + "'").sign(),
              UNAUTHORIZED));
    }
    all.add(of("no alg", Jwt.acme().withoutHeader("alg").sign(), UNAUTHORIZED));
    all.add(
        of(
            "a real HS512",
            Jwt.acme().header("alg", "'HS512'").algorithm("HmacSHA512").sign(),
            UNAUTHORIZED));
    all.add(of("crit", Jwt.acme().header("crit", "['exp']").sign(), UNAUTHORIZED));
    all.add(
        of(
            "unencoded payload",
            Jwt.acme().header("crit", "['b64']").header("b64", "false").sign(),
            UNAUTHORIZED));
    all.add(of("an empty key", Jwt.acme().key("").sign(), UNAUTHORIZED));
    all.add(of("key secret", Jwt.acme().key("secret").sign(), UNAUTHORIZED));
    all.add(of("a key of zeros", Jwt.acme().key(new byte[32]).sign(), UNAUTHORIZED));
    all.add(of("the api key as key", Jwt.acme().key(ChatServer.ACME_KEY).sign(), UNAUTHORIZED));
    all.add(of("the project as key", Jwt.acme().key("acme").sign(), UNAUTHORIZED));
    all.add(of("another's key", Jwt.acme().key(ChatServer.GLOBEX_SECRET).sign(), UNAUTHORIZED));
    all.add(
        of(
            "another's key and kid",
            Jwt.acme().header("kid", "'globex'").key(ChatServer.GLOBEX_SECRET).sign(),
            UNAUTHORIZED));
    all.add(of("ours for another", Jwt.acme().claim("tid", "'globex'").sign(), UNAUTHORIZED));
    all.add(of("an unknown project", Jwt.acme().claim("tid", "'nobody'").sign(), UNAUTHORIZED));
    for (String tid :
        new String[] {
          "['acme']", "null", "7", "''", "'acme '", "'../acme'", "'acme\\u0000'", "{}"
        }) {
      all.add(of("tid " + tid, Jwt.acme().claim("tid", tid).sign(), UNAUTHORIZED));
    }
    all.add(of("no tid", Jwt.acme().without("tid").sign(), UNAUTHORIZED));
    for (String sub :
        new String[] {
          "''",
          "['ann']",
          "null",
          "7",
          "'../ann'",
          "'ann\\r\\nX: y'",
          "'ann '",
          "'a.b'",
          "{}",
          "'" + "a".repeat(129) + "'",
          "'ann\\u0000'",
          "'\\u202eann'"
        }) {
      all.add(of("sub " + sub, Jwt.acme().claim("sub", sub).sign(), UNAUTHORIZED));
    }
    all.add(of("no sub", Jwt.acme().without("sub").sign(), UNAUTHORIZED));
    for (String exp : new String[] {"true", "'1769864400'", "[1769864400]", "{}", "'never'"}) {
      all.add(of("exp " + exp, Jwt.acme().claim("exp", exp).sign(), UNAUTHORIZED));
    }
    all.add(of("no exp", Jwt.acme().without("exp").sign(), "Token missing exp claim"));
    for (String exp : new String[] {"0", "-1", "1769860681", "1769860770", "1769860770.5", "1e3"}) {
      all.add(of("exp " + exp, Jwt.acme().claim("exp", exp).sign(), EXPIRED));
    }
    all.add(of("nbf in an hour", Jwt.acme().claim("nbf", "1769864400").sign(), UNAUTHORIZED));
    for (String nbf : new String[] {"'soon'", "[0]", "null", "true"}) {
      all.add(of("nbf " + nbf, Jwt.acme().claim("nbf", nbf).sign(), UNAUTHORIZED));
    }
    for (String room : new String[] {"7", "['lobby']", "{}", "true"}) {
      all.add(of("roomId " + room, Jwt.acme().claim("roomId", room).sign(), UNAUTHORIZED));
    }
    String good = Jwt.acme().sign();
    String[] parts = good.split("\\.", -1);
    String unsigned = parts[0] + "." + parts[1];
    all.add(of("no signature", unsigned + ".", UNAUTHORIZED));
    all.add(of("a short signature", good.substring(0, good.length() - 4), UNAUTHORIZED));
    all.add(of("half a signature", good.substring(0, good.length() - 22), UNAUTHORIZED));
    all.add(of("a signature of zeros", unsigned + "." + "A".repeat(43), UNAUTHORIZED));
    all.add(of("a signature doubled", good + parts[2], UNAUTHORIZED));
    all.add(
        of(
            "another payload under the old signature",
            parts[0]
                + "."
                + Jwt.base64("{\"sub\":\"root\",\"tid\":\"acme\",\"exp\":1769864400}")
                + "."
                + parts[2],
            UNAUTHORIZED));
    all.add(
        of(
            "another header over the old signature",
            Jwt.base64("{\"typ\":\"JWT\",\"alg\":\"HS256\"}") + "." + parts[1] + "." + parts[2],
            UNAUTHORIZED));
    all.add(of("two parts", unsigned, INVALID));
    all.add(of("four parts", good + ".x", INVALID));
    all.add(of("five parts", good + ".x.y", INVALID));
    all.add(of("dots", "..", INVALID));
    all.add(of("one dot", ".", INVALID));
    all.add(of("junk", "junk", INVALID));
    all.add(of("junk in parts", "a.b.c", INVALID));
    all.add(of("not base64", "***.***.***", INVALID));
    all.add(of("not JSON", Jwt.base64("x") + "." + Jwt.base64("x") + ".x", INVALID));
    all.add(of("a list as payload", Jwt.acme().signed("[]"), UNAUTHORIZED));
    all.add(of("null as payload", Jwt.acme().signed("null"), INVALID));
    all.add(of("text as payload", Jwt.acme().signed("'x'"), INVALID));
    all.add(of("an empty payload", Jwt.acme().signed(""), INVALID));
    all.add(of("too long", good + "a".repeat(9_000), INVALID));
    all.add(
        of("claims of 6 kB", Jwt.acme().claim("x", "'" + "x".repeat(6_200) + "'").sign(), INVALID));
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void aTokenThatProvesNothingOpensNothing(String what, String token, String answer) {
    Leaks.secret(token);
    assertThat(server.get(token, "/rooms")).as(what).hasToString("401 " + answer);
    if (token.chars().allMatch(c -> c > ' ' && c != '+' && c != '%')) {
      assertThat(server.get(null, "/api/messages?roomId=lobby&token=" + token))
          .hasToString("401 " + answer);
      assertThat(server.knock("/ws/room/lobby?token=" + token)).hasToString("401 " + answer);
      assertThat(server.get(null, "/rooms/lobby/stream?token=" + token))
          .hasToString("401 " + answer);
    }
    assertThat(server.post(token, "/messages", "{'roomId':'lobby','content':'x'}"))
        .hasToString("401 " + answer);
  }

  /** Some that are strange, and prove something or not, but never harm. */
  static Stream<String> strange() {
    return Stream.of(
        Jwt.acme().claim("exp", "null").sign(),
        Jwt.acme().claim("exp", "1e999").sign(),
        Jwt.acme().claim("exp", "[1769864400,1e999]").sign(),
        Jwt.acme().signed("{'sub':'ann','tid':'acme','exp':1769864400,'exp':1}"),
        Jwt.acme().signed("{'sub':'ann','tid':'acme','tid':'globex','exp':1769864400}"),
        Jwt.acme().signed("{'sub':'ann','tid':'acme','exp':NaN}"),
        Jwt.acme().signed("{'sub':'ann','tid':'acme','exp':1769864400}x"),
        Jwt.acme().signed("{'x':" + "[".repeat(2_500) + "]".repeat(2_500) + "}"),
        Jwt.acme().signed("{'x':" + "{'x':".repeat(500) + "1" + "}".repeat(501)),
        Jwt.acme().claim("roles", "'owner'").sign(),
        Jwt.acme().claim("roles", "{'owner':true}").sign(),
        Jwt.acme().claim("iat", "9999999999").sign(),
        Jwt.base64("[".repeat(3_000)) + "." + Jwt.base64("[".repeat(2_000)) + ".x",
        "\u0000.\u0000.\u0000",
        "é.é.é",
        "💥",
        ". .",
        "a".repeat(100_000),
        "eyJ.eyJ.eyJ");
  }

  @ParameterizedTest
  @MethodSource("strange")
  void aStrangeTokenGovernsNothing(String token) {
    Leaks.secret(token);
    Reply answer = server.get(token, "/rooms/lobby/members");
    assertThat(answer.status()).isIn(200, 401);
    assertThat(server.delete(token, "/messages/134217731?hard=true").status()).isIn(401, 404);
    assertThat(server.delete(token, "/rooms/lobby/members/x").status()).isIn(401, 404);
  }

  @Test
  void rolesThatAreNoListAreNone() {
    String token = Jwt.acme().claim("sub", "'eve'").claim("roles", "'owner'").sign();

    assertThat(server.get(token, "/rooms/lobby").status()).isEqualTo(403);
  }

  @Test
  void whatAHeaderOffersAsAKeyIsNotLookedAt() {
    String[] offers = {
      "'kid':'../../dev/null'",
      "'kid':'x\\u0027 OR 1=1--'",
      "'jku':'http://192.0.2.1:1/keys'",
      "'x5u':'http://192.0.2.1:1/cert'",
      "'kid':'" + "k".repeat(5_000) + "'",
      "'jwk':{'kty':'oct','k':'" + Jwt.base64("0".repeat(32)) + "'}",
    };
    for (String offer : offers) {
      int colon = offer.indexOf(':');
      String name = offer.substring(1, colon - 1);
      Jwt jwt = Jwt.acme().header(name, offer.substring(colon + 1));

      assertThat(server.get(jwt.key("0".repeat(32)).sign(), "/rooms").status()).isEqualTo(401);
    }
    assertThat(
            Arrays.stream(offers)
                .map(offer -> offer.substring(1, offer.indexOf(':') - 1))
                .filter(name -> !name.equals("jwk"))
                .map(name -> Jwt.acme().header(name, "'http://192.0.2.1:1/x'").sign())
                .map(token -> server.get(token, "/rooms").status()))
        .as("nor does the offer do any harm")
        .containsOnly(200);
  }

  @Test
  void clocksMayDifferByHalfAMinute() {
    assertThat(server.get(Jwt.acme().claim("exp", "1769860772").sign(), "/rooms").status())
        .isEqualTo(200);
    assertThat(server.get(Jwt.acme().claim("nbf", "1769860830").sign(), "/rooms").status())
        .isEqualTo(200);
  }

  @Test
  void aTokenThatNeverEndsIsFineForTheEngine() {
    String token = Jwt.acme().claim("exp", "9007199254740991").sign();
    Client ann = server.connect(token, "lobby");
    server.time.pass(60_000);

    assertThat(ann.isOpen()).isTrue();
  }
}
