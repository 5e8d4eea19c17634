package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What HTTP itself asks of us: origins, preflights, trace ids, sizes, unknown paths: contract 1.1.
 */
class BrowserTest {
  private static final String APP = "https://app.example.org";

  private final ChatServer server =
      ChatServer.setup().origin(APP).origin("http://localhost:3000").start();

  BrowserTest() {
    server.room("lobby", "group", "ann", "bob");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private ChatServer.Call from(String origin, String method, String target) {
    return server.call(method, target).header("Origin", origin);
  }

  @Test
  void aPageOfAnAllowedOriginMayTalkToUs() {
    Reply preflight =
        from(APP, "OPTIONS", "/messages").header("Access-Control-Request-Method", "POST").now();

    assertThat(preflight).hasToString("204 ");
    assertThat(preflight.header("Access-Control-Allow-Origin")).contains(APP);
    assertThat(preflight.header("Access-Control-Allow-Methods"))
        .contains("GET,POST,PUT,PATCH,DELETE,OPTIONS");
    assertThat(preflight.header("Access-Control-Allow-Headers"))
        .contains(
            "Content-Type,Authorization,X-Trace-Id,X-Fluxy-Api-Key,X-Project-Id,X-File-Name,X-Room-Id");
    assertThat(preflight.header("Access-Control-Expose-Headers"))
        .contains("X-Trace-Id,Retry-After");
    assertThat(preflight.header("Vary")).contains("Origin");
    assertThat(preflight.header("X-Trace-Id")).contains("t-1");
    assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();

    Reply rooms = from(APP, "GET", "/rooms").token(server.token("ann")).now();
    assertThat(rooms.header("Access-Control-Allow-Origin")).contains(APP);
    assertThat(from(APP, "GET", "/ws/room/lobby?token=" + server.token("ann")).upgrade().isOpen())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /rooms, 401",
    "GET, /nowhere-in-auth, 0",
    "POST, /auth/token, 401",
    "GET, /rooms/x/stream, 401",
    "GET, /admin, 401",
  })
  void anErrorReachesThePageToo(String method, String target, int status) {
    if (status == 0) {
      assertThat(server.fluxy.serves(target)).isFalse();
      return;
    }
    Reply refused = from(APP, method, target).now();

    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.header("Access-Control-Allow-Origin")).contains(APP);
  }

  /** Catalogue 3.3. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "https://app.example.org.evil.example",
        "https://evilapp.example.org",
        "https://app.example.org@evil.example",
        "HTTPS://APP.EXAMPLE.ORG",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://app.example.org/",
        "https://sub.app.example.org",
        "https://chat.example.evil.example",
        "http://localhost:3001",
        "https://app.example.org, https://evil.example",
        "file://",
        "*",
        "",
      })
  void aPageOfAnyOtherOriginMayNot(String origin) {
    Reply preflight = from(origin, "OPTIONS", "/messages").now();
    assertThat(preflight).hasToString("403 Forbidden");
    assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();

    Reply rooms = from(origin, "GET", "/rooms").token(server.token("ann")).now();
    assertThat(rooms.header("Access-Control-Allow-Origin")).isEmpty();

    String target = "/ws/room/lobby?token=" + server.token("ann");
    assertThat(from(origin, "GET", target).knock()).hasToString("403 Forbidden");
  }

  @Test
  void aPageOfOurOwnHostMayAndWhatIsNoPageToo() {
    String target = "/ws/room/lobby?token=" + server.token("ann");

    assertThat(from("https://chat.example", "GET", target).upgrade().isOpen()).isTrue();
    assertThat(from("http://chat.example", "OPTIONS", "/messages").now()).hasToString("204 ");
    assertThat(server.call("GET", target).upgrade().isOpen()).isTrue();
  }

  @Test
  void withoutAListOnlyOurOwnPagesMay() {
    ChatServer closed = ChatServer.withLobby();

    assertThat(closed.call("OPTIONS", "/rooms").header("Origin", APP).now())
        .hasToString("403 Forbidden");
    assertThat(
            closed
                .call("GET", "/health")
                .header("Origin", APP)
                .now()
                .header("Access-Control-Allow-Origin"))
        .isEmpty();
  }

  @Test
  void aStarLetsAnyPageIn() {
    ChatServer open = ChatServer.setup().origin("*").start();
    Reply answer = open.call("OPTIONS", "/rooms").header("Origin", "https://any.example").now();

    assertThat(answer.header("Access-Control-Allow-Origin")).contains("https://any.example");
  }

  @Test
  void aTraceIdComesBack() {
    assertThat(server.get(null, "/rooms").header("X-Trace-Id")).contains("t-1");
    assertThat(server.get(server.token("ann"), "/rooms").header("X-Trace-Id")).contains("t-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a\r\nX-Evil: 1",
        "\u001b[31m",
        "é",
        "a\u2028b",
        "<script>",
        "a;b",
        "a/b"
      })
  void aTraceIdThatIsNoneIsReplaced(String traceId) {
    Reply answer =
        server.call("GET", "/api/messages?roomId=x y").header("X-Trace-Id", traceId).now();

    assertThat(answer.header("X-Trace-Id").orElseThrow()).matches("[0-9a-f-]{36}");
  }

  @Test
  void aTraceIdHas64CharactersAtMostAndIsInTheError() {
    String longest = "t".repeat(64);
    ChatServer.Call call = server.call("GET", "/api/messages").token(server.token("ann"));
    assertThat(call.header("X-Trace-Id", longest).now())
        .hasToString("400 {'traceId':'" + longest + "','error':'roomId required'}");

    Reply fresh = call.header("X-Trace-Id", longest + "t").now();
    assertThat(fresh.header("X-Trace-Id")).contains(fresh.text("traceId"));
    assertThat(fresh.text("traceId")).matches("[0-9a-f-]{36}");
  }

  @Test
  void anAnswerIsNotKeptNotSniffedAndTellsNoReferrer() {
    Reply answer = server.get(server.token("ann"), "/rooms");

    assertThat(answer.response().headers())
        .containsAllEntriesOf(
            Map.of(
                "Content-Type", "application/json",
                "Cache-Control", "no-store",
                "X-Content-Type-Options", "nosniff",
                "Referrer-Policy", "no-referrer"));
  }

  @Test
  void tooLongABodyIsRefusedWhateverItsRoute() {
    for (String target : new String[] {"/messages", "/auth/token", "/rooms", "/admin/none"}) {
      assertThat(server.call("POST", target).token(server.token("ann")).tooLarge())
          .hasToString("413 {'error':'payload_too_large'}");
    }
  }

  @Test
  void healthIsForEveryone() {
    assertThat(server.get(null, "/health"))
        .hasToString(
            "200 {'ok':true,'ts':1769860801000,"
                + "'checks':{'database':'connected','scheduler':'in time'},"
                + "'status':'ok','timestamp':'2026-01-31T12:00:01.000Z'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/rooms/lobby/messages/crdt-snapshot",
        "/client/config",
        "/config/nothing",
        "/admin/nothing/here",
        "/rooms/lobby/unread/x",
        "/templates/x/y",
        "/webhooks/nothing/at/all",
        "/agents/nothing/at/all",
        "/gdpr/nothing",
        "/export/nothing",
        "/demo/nothing",
        "/stats/nothing/at/all",
        "/rooms/lobby/nothing",
        "/messages/1/nothing",
        "/messages",
        "/tokens",
        "/auth",
      })
  void anUnknownPathIsASecretToStrangersAndMissingToUsers(String path) {
    assertThat(server.get(null, path)).hasToString("401 {'traceId':'t-1','error':'unauthorized'}");
    assertThat(server.get("junk", path))
        .hasToString("401 {'traceId':'t-1','error':'unauthorized'}");
    assertThat(server.get(server.token("ann"), path))
        .hasToString("404 {'traceId':'t-1','error':'not_found'}");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /messages", "GET, /auth/token", "PATCH, /rooms", "DELETE, /rooms", "POST, /health",
    "HEAD, /rooms", "TRACE, /rooms", "get, /rooms", "BREW, /rooms", "PUT, /rooms/lobby/read",
    "POST, /rooms/lobby", "PUT, /rooms/lobby", "POST, /rooms/lobby/stream",
  })
  void aMethodThatARouteDoesNotHaveIsMissing(String method, String path) {
    assertThat(server.call(method, path).token(server.token("ann")).now())
        .hasToString("404 {'traceId':'t-1','error':'not_found'}");
    assertThat(server.call(method, path).now())
        .hasToString("401 {'traceId':'t-1','error':'unauthorized'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/index.html",
        "/ws",
        "/ws/",
        "/ws/lobby",
        "/ws/room",
        "/events/publish",
        "/ws/rooms/x",
        "/api",
        "/api/v1/x",
        "/app/k",
        "/%72ooms",
        "/rooms%2f",
        "//rooms",
        "rooms",
        "",
        "*",
        "/Rooms",
        "/ROOMS",
        "/fluxy/console",
        "/..",
        "/.git",
        "/api%2fmessages",
        "/healthz",
      })
  void whatIsNotOursIsTheHosts(String path) {
    assertThat(server.fluxy.serves(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/rooms/",
        "/rooms//",
        "/rooms/lobby/",
        "/rooms/%2e%2e",
        "/rooms/../health",
        "/rooms/%",
        "/rooms/%zz/members",
        "/rooms/lobby;jsessionid=1",
        "/rooms/lobby%00",
        "/rooms/lobby%2500",
        "/rooms/%c0%ae%c0%ae",
        "/rooms/%252e%252e",
        "/rooms/lobby%5c",
        "/rooms/lobby%0d%0aX:1",
        "/rooms/lobby%20",
        "/rooms/+lobby",
        "/rooms/lo+bby",
        "/rooms/%u006cobby",
        "/rooms/lobby#x",
      })
  void aPathIsDecodedOnceAndTakenByTheLetter(String path) {
    Reply answer = server.get(server.token("ann"), path);

    assertThat(answer.toString())
        .isIn(
            "403 {'traceId':'t-1','error':'forbidden'}",
            "404 {'traceId':'t-1','error':'not_found'}");
  }

  @Test
  void anEncodedIdIsTheSameId() {
    assertThat(server.get(server.token("ann"), "/rooms/%6cobby").status()).isEqualTo(200);
    assertThat(server.get(server.token("ann"), "/api/messages?room%49d=lobb%79").status())
        .isEqualTo(200);
  }

  @Test
  void headersOfProxiesAndOverridesGiveNothing() {
    Reply answer =
        server
            .call("GET", "/rooms/lobby")
            .header("X-HTTP-Method-Override", "DELETE")
            .header("X-Forwarded-User", "ann")
            .header("X-Original-URL", "/health")
            .header("X-User-Id", "ann")
            .header("X-Project-Id", "acme")
            .header("Cookie", "token=" + server.token("ann"))
            .now();

    assertThat(answer).hasToString("401 Unauthorized");
  }

  @Test
  void aTokenComesInTheHeaderOrTheQueryAndTheHeaderCounts() {
    String ann = server.token("ann");

    assertThat(server.get(null, "/rooms?token=" + ann).status()).isEqualTo(200);
    assertThat(
            server
                .call("GET", "/rooms")
                .header("Authorization", "bearer  " + ann + " ")
                .now()
                .status())
        .isEqualTo(200);
    assertThat(
            server
                .call("GET", "/rooms?token=" + ann)
                .header("Authorization", "Basic YW5uOmFubg==")
                .now()
                .status())
        .isEqualTo(200);
    assertThat(server.get("junk", "/rooms?token=" + ann)).hasToString("401 Invalid token");
    assertThat(server.call("GET", "/rooms").header("Authorization", ann).now())
        .hasToString("401 Unauthorized");
    assertThat(server.call("GET", "/rooms").header("Authorization", "Bearer").now())
        .hasToString("401 Unauthorized");
    assertThat(
            server
                .call("GET", "/rooms")
                .header("Authorization", "Bearer " + ann + ",Bearer x")
                .now())
        .hasToString("401 Unauthorized");
  }
}
