package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The room that anybody may try: contract 1.3, with the limits of catalogue 3.16. */
class DemoTest {
  private final ChatServer server =
      ChatServer.setup().with(builder -> builder.demoRoom("lounge")).start();

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private String visitor() {
    Reply session = server.call("POST", "/demo/session").now();
    assertThat(session.status()).as("%s", session).isEqualTo(200);
    return session.token();
  }

  private Reply says(String token, String text) {
    return server.post(token, "/messages", "{'roomId':'lounge','content':'" + text + "'}");
  }

  private String history() {
    return server.get(visitor(), "/api/messages?roomId=lounge").toString();
  }

  @Test
  void thereIsNoneUnlessTheHostWantsOne() {
    ChatServer none = ChatServer.start();

    assertThat(none.get(null, "/demo/session"))
        .hasToString("404 {'traceId':'t-1','error':'demo_disabled'}");
    assertThat(none.post(null, "/demo/session", "{}"))
        .hasToString("404 {'traceId':'t-1','error':'demo_disabled'}");
    assertThat(none.get(null, "/demo/status"))
        .hasToString(
            "200 {'ok':true,'enabled':false,'configured':false,'ready':false,'roomId':null,"
                + "'readOnly':false,'turnstileRequired':false,'agentName':null}");
  }

  @Test
  void anybodyGetsASessionForHalfAnHourAndThatRoom() {
    server.room("plaza", "public", "ann");
    Reply session = server.get(null, "/demo/session");
    assertThat(session.toString())
        .matches(
            "200 \\{'enabled':true,'roomId':'lounge','userId':'demo_[0-9a-f]{16}',"
                + "'token':'[^']+','expiresIn':1800,'readOnly':false,"
                + "'agentId':null,'agentName':null,'agentHandle':null\\}");
    String token = session.token();
    Client visitor = server.connect(token, "lounge");
    assertThat(visitor.hears("replay").toString())
        .contains("Welcome!", "within the hour", "Say hello.");

    assertThat(says(token, "hello").status()).isEqualTo(200);
    assertThat(visitor.hears("message").toString()).contains("'content':'hello'");
    assertThat(server.get(token, "/api/messages?roomId=plaza").status()).isEqualTo(403);
    assertThat(server.post(token, "/rooms", "{'name':'x','type':'group'}").status()).isEqualTo(403);
    assertThat(server.post(token, "/rooms/dm", "{'a':'x','b':'y'}").status()).isEqualTo(403);
    assertThat(server.get(server.token("ann"), "/api/messages?roomId=lounge").status())
        .isEqualTo(403);
    server.time.pass(1_900_000);
    assertThat(says(token, "late").status()).isEqualTo(401);
    assertThat(server.get(null, "/demo/status"))
        .hasToString(
            "200 {'ok':true,'enabled':true,'configured':true,'ready':true,'roomId':'lounge',"
                + "'readOnly':false,'turnstileRequired':false,'agentName':null}");
  }

  @Test
  void nobodyChangesWhatAnotherVisitorHasSaid() {
    long id = says(visitor(), "mine").messageId();

    assertThat(server.patch(visitor(), "/messages/" + id, "{'content':'x'}").status())
        .isEqualTo(403);
    assertThat(server.delete(visitor(), "/messages/" + id).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "see evil.example now",
        "www.evil.example",
        "MAILTO:x",
        "a://b",
        "evil\u3002example",
        "evil\uff0eexample",
        "x.co"
      })
  void thereAreNoLinks(String text) {
    String token = visitor();
    assertThat(says(token, text))
        .hasToString("400 {'traceId':'t-1','error':'no links and no files in the demo room'}");
    long id = says(token, "fine").messageId();
    assertThat(server.patch(token, "/messages/" + id, "{'content':'" + text + "'}").status())
        .isEqualTo(400);
    Client socket = server.connect(token, "lounge");
    socket.hears();
    socket.says("{'type':'message','content':'" + text + "'}");
    socket.says("{'type':'stream','op':'start','content':'" + text + "'}");
    assertThat(socket.hears("error")).hasSize(2);
    assertThat(history()).doesNotContain(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hello. World", "3.14", "e.g. this", "wait... what", "v1.2.3", "ok."})
  void aDotIsNoLinkYet(String text) {
    assertThat(says(visitor(), text).status()).isEqualTo(200);
  }

  @Test
  void messagesAreShortAndWithoutFiles() {
    String token = visitor();
    assertThat(says(token, "x".repeat(500)).status()).isEqualTo(200);
    assertThat(says(token, "x".repeat(501)))
        .hasToString(
            "400 {'traceId':'t-1','error':'content exceeds maximum length of 500 characters'}");
    assertThat(
            server.post(
                token,
                "/messages",
                "{'roomId':'lounge','content':'x',"
                    + "'attachments':[{'url':'https://x.example/y'}]}"))
        .hasToString("400 {'traceId':'t-1','error':'no links and no files in the demo room'}");
  }

  @Test
  void twentySessionsAMinuteFromOneAddress() {
    for (int i = 0; i < 20; i++) {
      visitor();
    }
    assertThat(server.get(null, "/demo/session"))
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':60}");
    assertThat(server.call("GET", "/demo/session").peer("192.0.2.9").now().status()).isEqualTo(200);
    server.time.pass(60_000);
    visitor();
  }

  @Test
  void readingHasABudgetWhoeverSays() {
    String one = visitor();
    String other = visitor();
    for (int i = 0; i < 60; i++) {
      assertThat(server.get(one, "/api/messages?roomId=lounge").status()).isEqualTo(200);
      assertThat(server.get(other, "/rooms/lounge").status()).isEqualTo(200);
    }
    assertThat(server.get(one, "/rooms").status()).isEqualTo(429);
    assertThat(server.get(other, "/rooms").status()).isEqualTo(429);
    assertThat(server.get(server.token("ann"), "/rooms").status()).isEqualTo(200);
  }

  @Test
  void everythingGoesWithinTheHour() {
    says(visitor(), "something silly");
    assertThat(history()).contains("something silly");
    server.time.pass(3_600_000);

    assertThat(history()).doesNotContain("something silly").contains("Say hello.");
    assertThat(history().split("Say hello.", -1)).hasSize(2);
    assertThat(server.get(visitor(), "/rooms/lounge/members").toString())
        .contains("fluxy-guide")
        .doesNotContain("'role':'member','joinedAt':'2026-01-31T12:00");
    says(visitor(), "again");
    server.time.pass(3_600_000);
    assertThat(history()).doesNotContain("again").contains("Say hello.");
  }

  @Test
  void aForeignPageGetsNoSession() {
    assertThat(server.call("POST", "/demo/session").header("Origin", "https://evil.example").now())
        .hasToString("403 {'traceId':'t-1','error':'demo_origin_forbidden'}");
  }

  @Test
  void nobodyHearsOfItByWebhook() {
    String token = visitor();
    assertThat(
            server
                .post(
                    token,
                    "/webhooks/register",
                    "{'url':'https://hooks.example.com/h','eventTypes':['mention']}")
                .status())
        .isEqualTo(403);
    assertThat(server.post(token, "/upload", "x").status()).isIn(403, 404);
  }
}
