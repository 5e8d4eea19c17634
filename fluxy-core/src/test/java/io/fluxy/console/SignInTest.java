package io.fluxy.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxy.Fluxy;
import io.fluxy.http.ApiResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets into the console, and what a session is worth (reliability catalogue 3.4). */
class SignInTest {
  private static final String NOT_SIGNED_IN = "401 {'error':'sign in first'}";

  private final Operated operated = new Operated();

  @Test
  void withoutOperatorsThereIsNoConsole() {
    try (Fluxy fluxy = Fluxy.builder().start()) {
      assertThat(fluxy.serves("/fluxy/console/")).isFalse();
      assertThat(fluxy.serves("/fluxy/console/api/session")).isFalse();
      assertThat(fluxy.serves("/fluxy/fluxy.js")).isTrue();
    }
  }

  @Test
  void theCookieIsForThisSiteAloneAndNoScriptReadsIt() {
    ApiResponse answer =
        operated.call("POST", "session", "{'name':'ann','credential':'a long credential'}").now();

    assertThat(Operated.shown(answer)).isEqualTo("200 {'operator':'ann','all':true}");
    assertThat(answer.headers().get("Set-Cookie"))
        .matches("fluxy_console=[0-9a-f]{64}; Max-Age=43200; HttpOnly; SameSite=Strict; Secure");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, localhost:8080, '', false",
    "127.0.0.1, 127.0.0.1:8080, '', false",
    "::1, [::1]:8080, '', false",
    "127.0.0.1, chat.example, '', true",
    "192.0.2.1, localhost:8080, '', true",
    "127.0.0.1, localhost.evil.example, '', true",
    "127.0.0.1, localhost:8080, https, true",
    "127.0.0.1, localhost:8080, http, true"
  })
  void theCookieIsSecureUnlessAllIsOnThisMachine(
      String peer, String host, String proto, boolean secure) {
    Operated.Call call =
        operated
            .call("POST", "session", "{'name':'ann','credential':'a long credential'}")
            .peer(peer)
            .header("Host", host);
    if (!proto.isEmpty()) {
      call.header("X-Forwarded-Proto", proto);
    }

    assertThat(String.valueOf(call.now().headers().get("Set-Cookie")).endsWith("; Secure"))
        .isEqualTo(secure);
  }

  @ParameterizedTest
  @CsvSource({
    "ann, another credential",
    "bob, a long credential",
    "eve, a long credential",
    "ANN, a long credential",
    "ann, a long credentia",
  })
  void whateverIsWrongTheAnswerIsTheSame(String name, String credential) {
    assertThat(operated.signIn(name, credential))
        .isEqualTo("401 {'error':'no operator has this name and this credential'}");
    assertThat(operated.get("projects")).isEqualTo(NOT_SIGNED_IN);
  }

  @Test
  void oneAddressHasTenAttemptsAMinute() {
    for (int i = 0; i < 10; i++) {
      assertThat(operated.signIn("ann", "wrong wrong wrong")).startsWith("401");
    }
    assertThat(operated.signIn("ann", Operated.ANNS))
        .isEqualTo("429 {'error':'too many attempts: try again in 40 seconds'}");
    String form = "{'name':'ann','credential':'a long credential'}";
    assertThat(operated.call("POST", "session", form).peer("192.0.2.2").answer()).startsWith("200");

    operated.time.advance(60_000);
    assertThat(operated.signIn("ann", Operated.ANNS)).startsWith("200");
  }

  @Test
  void aSessionEndsWhenItIsIdleWhenItIsOldAndWhenItsOperatorLeaves() {
    operated.signIn("ann", Operated.ANNS);
    operated.time.advance(29 * 60_000);
    assertThat(operated.get("projects")).startsWith("200");
    operated.time.advance(30 * 60_000);
    assertThat(operated.get("projects")).isEqualTo(NOT_SIGNED_IN);

    operated.signIn("ann", Operated.ANNS);
    for (int i = 0; i < 35; i++) {
      operated.time.advance(20 * 60_000);
      assertThat(operated.get("projects")).as("after %s minutes", 20 * (i + 1)).startsWith("200");
    }
    operated.time.advance(20 * 60_000);
    assertThat(operated.get("projects")).isEqualTo(NOT_SIGNED_IN);

    operated.signIn("ann", Operated.ANNS);
    ApiResponse left = operated.call("DELETE", "session", "").now();
    assertThat(left.headers().get("Set-Cookie"))
        .isEqualTo("fluxy_console=; Max-Age=0; HttpOnly; SameSite=Strict; Secure");
    assertThat(operated.get("projects")).isEqualTo(NOT_SIGNED_IN);
  }

  @Test
  void oneSessionTooManyEndsTheOneThatWasUsedLongestAgo() {
    Operated small =
        new Operated(
            builder -> builder.consoleLimits(new ConsoleLimits(2, 60_000, 60_000, 10, 10)));
    small.signIn("ann", Operated.ANNS);
    String first = small.cookie;
    small.time.advance(1_000);
    small.cookie = null;
    small.signIn("ann", Operated.ANNS);
    String second = small.cookie;
    small.time.advance(1_000);
    small.cookie = first;
    small.get("projects");
    small.cookie = null;
    small.signIn("bob", Operated.BOBS);

    assertThat(small.get("session")).isEqualTo("200 {'operator':'bob','all':false}");
    small.cookie = second;
    assertThat(small.get("projects")).isEqualTo(NOT_SIGNED_IN);
    small.cookie = first;
    assertThat(small.get("projects")).startsWith("200");
  }

  @Test
  void noRequestOfAnotherSitesPageIsAnswered() {
    operated.signIn("ann", Operated.ANNS);
    String refused = "403 {'error':'only the console's own page may ask this'}";

    assertThat(operated.call("GET", "projects", "").without("X-Fluxy-Console").answer())
        .isEqualTo(refused);
    for (String site : new String[] {"cross-site", "same-site", "none"}) {
      assertThat(operated.call("GET", "projects", "").header("Sec-Fetch-Site", site).answer())
          .as(site)
          .isEqualTo(refused);
    }
    for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", ""}) {
      assertThat(
              operated
                  .call("POST", "projects", "{'name':'x'}")
                  .header("Content-Type", type)
                  .answer())
          .as(type)
          .isEqualTo("415 {'error':'only application/json is read here'}");
    }
    ApiResponse preflight =
        operated
            .call("OPTIONS", "projects", "")
            .header("Origin", "https://evil.example")
            .header("Access-Control-Request-Headers", "x-fluxy-console")
            .now();
    assertThat(preflight.status()).isEqualTo(405);
    assertThat(preflight.headers().keySet()).noneMatch(name -> name.startsWith("Access-Control"));
  }

  @Test
  void anOriginThatTheEngineAllowsGetsNothingOfTheConsole() {
    Operated open = Operated.byAnn(builder -> builder.allowedOrigin("https://app.example.org"));
    Map<String, String> headers =
        open.call("GET", "projects/shop/chat/admin/reports", "")
            .header("Origin", "https://app.example.org")
            .now()
            .headers();

    assertThat(headers.keySet()).noneMatch(name -> name.startsWith("Access-Control"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fluxy_console=",
        "fluxy_console=0",
        "fluxy_console=0000000000000000000000000000000000000000000000000000000000000000",
        "FLUXY_CONSOLE=x",
        "",
        ";;;=;"
      })
  void aCookieThatProvesNothingIsNoSession(String cookie) {
    operated.signIn("ann", Operated.ANNS);

    assertThat(operated.call("GET", "projects", "").header("Cookie", cookie).answer())
        .isEqualTo(NOT_SIGNED_IN);
  }

  @Test
  void nobodyIsNoMistakeBeforeSigningIn() {
    assertThat(operated.get("session")).isEqualTo("200 {'operator':null}");
  }

  @Test
  void otherCookiesBesideOursDoNoHarm() {
    operated.signIn("ann", Operated.ANNS);
    String all = "theme=dark; " + operated.cookie + "; other=1";

    assertThat(operated.call("GET", "session", "").header("Cookie", all).answer())
        .startsWith("200");
  }

  @Test
  void operatorsHaveNamesOfTheirOwnAndCredentialsThatAreNotShort() {
    assertThatThrownBy(() -> ConsoleOperator.of("ann", "short"))
        .hasMessage("operator ann: a credential has 12 to 256 characters");
    assertThatThrownBy(() -> ConsoleOperator.of("a:b", "a long credential"))
        .hasMessage("an operator's name has 1 to 64 letters, digits, . _ - or @");
    ConsoleOperator ann = ConsoleOperator.of("ann", "a long credential");
    assertThatThrownBy(() -> new Operated(builder -> builder.console(ann)))
        .hasMessage("the console needs operators with names of their own");
    assertThat(ann).hasToString("ConsoleOperator[ann]");
  }
}
