package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxy.chat.Role;
import io.fluxy.http.Routes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route of every protocol, and what each kind of caller gets there (catalogue 3.5, 4g). The
 * lobby is a group of acme: ann owns it, bob is a member, max is muted there, ben is banned there,
 * carol is no member, and boss owns all of acme. Globex has a hall, where eve is owner and olga a
 * member, and somebody else who is called ann.
 */
class RouteTableTest {
  private static final List<String> CALLERS =
      List.of(
          "nobody",
          "junk",
          "expired",
          "alg none",
          "olga",
          "eve",
          "the other ann",
          "carol",
          "guest",
          "banned",
          "muted",
          "bob",
          "ann",
          "boss");

  /** Whose answers must not hold what is acme's own, and the other way round. */
  private static final Set<String> OF_GLOBEX = Set.of("olga", "eve", "the other ann");

  private static final Set<String> OF_LOBBY = Set.of("ann", "bob", "muted", "boss");
  private static final String ACMES_OWN = "acmes own";
  private static final String GLOBEX_OWN = "globex own";

  /** Route, an example of it, its body, and the statuses in the order of {@link #CALLERS}. */
  private record Row(String route, String target, String body, String statuses) {}

  /** Without a good token. */
  private static final String STRANGERS = "401 401 401 401 ";

  /** Whoever may read the room. */
  private static final String MEMBERS = STRANGERS + "403 403 403 403 403 403 200 200 200 200";

  /** Whoever may speak in the room. */
  private static final String SPEAKERS = STRANGERS + "403 403 403 403 403 403 403 200 200 200";

  /** Who runs the room. */
  private static final String OWNERS = STRANGERS + "403 403 403 403 403 403 403 403 200 200";

  /** A message of the room, named without its room. */
  private static final String MESSAGE = STRANGERS + "404 404 404 403 403 403 200 200 200 200";

  /** Whoever is a member, for it is its own. */
  private static final String OWN = STRANGERS + "403 403 403 403 403 403 200 200 200 404";

  /** A file that a message of the room shows: whoever may not have it does not learn of it. */
  private static final String FILE = STRANGERS + "404 404 404 404 404 404 200 200 200 200";

  private static final String AUTHOR = STRANGERS + "404 404 404 403 403 403 403 403 200 403";

  /** Good for backends with an API key, whatever the token. */
  private static final String KEYS = STRANGERS + "401 401 401 401 401 401 401 401 401 401";

  /** Anybody with a token; the answer holds what is the caller's own. */
  private static final String TOKENS = STRANGERS + "200 200 200 200 200 200 200 200 200 200";

  /** Owners and admins of acme, about acme. */
  private static final String ACMES = STRANGERS + "403 404 404 403 403 403 403 403 403 200";

  private static final String ALL = "200 200 200 200 200 200 200 200 200 200 200 200 200 200";
  private static final String NONE = "404 404 404 404 404 404 404 404 404 404 404 404 404 404";

  /** Anybody with a token but guests: what is the whole project's. */
  private static final String NO_GUESTS = STRANGERS + "404 404 404 200 403 200 200 200 200 200";

  /** The project's owners and admins; in their own project, the others' find nothing. */
  private static final String GOVERNORS = STRANGERS + "403 404 404 403 403 403 403 403 403 200";

  /** The same for what each project has of its own. */
  private static final String GOVERNS = STRANGERS + "403 200 200 403 403 403 403 403 403 200";

  /** Owners and admins of the caller's own project. */
  private static final String OPERATORS = STRANGERS + "403 200 200 403 403 403 403 403 403 200";

  /** The same, about something that their project does not have. */
  private static final String OPERATORS_404 = STRANGERS + "403 404 404 403 403 403 403 403 403 404";

  private static final List<Row> TABLE =
      List.of(
          new Row("POST /auth/token", "", "{'userId':'x'}", KEYS),
          new Row("POST /auth/signin", "", "{'userId':'x'}", KEYS),
          new Row("POST /tokens/anonymous", "", "{}", KEYS),
          new Row("GET /rooms", "", "", TOKENS),
          new Row(
              "POST /rooms",
              "",
              "{'id':'lobby','name':'x','type':'group'}",
              STRANGERS + "200 200 200 409 403 409 200 200 200 200"),
          new Row("GET /rooms/:id", "/rooms/lobby", "", MEMBERS),
          new Row("PATCH /rooms/:id", "/rooms/lobby", "{'name':'x'}", OWNERS),
          new Row("DELETE /rooms/:id", "/rooms/lobby", "", OWNERS),
          new Row(
              "POST /rooms/dm",
              "",
              "{'a':'ann','b':'bob'}",
              STRANGERS + "403 200 200 403 403 403 403 200 200 200"),
          new Row(
              "POST /chat/open-dm",
              "",
              "{'userId':'zoe'}",
              STRANGERS + "200 200 200 200 403 200 200 200 200 200"),
          new Row("GET /blocks", "", "", TOKENS),
          new Row(
              "POST /blocks",
              "",
              "{'userId':'zoe'}",
              STRANGERS + "200 200 200 200 403 200 200 200 200 200"),
          new Row("DELETE /blocks/:userId", "/blocks/nobody", "", TOKENS.replace("200", "404")),
          new Row("PATCH /rooms/:id/pin", "/rooms/lobby/pin", "{'messageId':134217734}", SPEAKERS),
          new Row("GET /rooms/:id/unread", "/rooms/lobby/unread", "", MEMBERS),
          new Row("GET /rooms/:id/draft", "/rooms/lobby/draft", "", OWN),
          new Row("PUT /rooms/:id/draft", "/rooms/lobby/draft", "{'content':'x'}", OWN),
          new Row(
              "PATCH /rooms/:id/members/me/preferences",
              "/rooms/lobby/members/me/preferences",
              "{'notifyEnabled':false}",
              OWN),
          new Row(
              "POST /messages/:id/delivered",
              "/messages/134217734/delivered",
              "",
              STRANGERS + "404 404 404 403 403 403 200 200 400 200"),
          new Row("GET /messages/:id/deliveries", "/messages/134217734/deliveries", "", MESSAGE),
          new Row("GET /rooms/:id/members", "/rooms/lobby/members", "", MEMBERS),
          new Row("POST /rooms/:id/members", "/rooms/lobby/members", "{'userId':'x'}", OWNERS),
          new Row("DELETE /rooms/:id/members/:userId", "/rooms/lobby/members/dave", "", OWNERS),
          new Row("GET /rooms/:id/live", "/rooms/lobby/live", "", MEMBERS),
          new Row("POST /rooms/:id/read", "/rooms/lobby/read", "{'messageId':134217734}", MEMBERS),
          new Row("GET /api/messages", "/api/messages?roomId=lobby", "", MEMBERS),
          new Row("POST /messages", "", "{'roomId':'lobby','content':'x'}", SPEAKERS),
          new Row("PATCH /messages/:id", "/messages/134217734", "{'content':'x'}", AUTHOR),
          new Row("DELETE /messages/:id", "/messages/134217734", "", AUTHOR),
          new Row(
              "POST /messages/:id/reactions",
              "/messages/134217734/reactions",
              "{'emoji':'👍'}",
              MESSAGE),
          new Row(
              "DELETE /messages/:id/reactions",
              "/messages/134217734/reactions",
              "{'emoji':'👍'}",
              MESSAGE),
          new Row("GET /ws/user/:id", "/ws/user/bob", "", ALL.replace("200", "400")),
          new Row(
              "POST /users/:id/events",
              "/users/bob/events",
              "{'name':'x'}",
              STRANGERS + "403 200 200 403 403 403 403 200 403 200"),
          new Row(
              "DELETE /users/:id/connections",
              "/users/dave/connections",
              "",
              STRANGERS + "403 200 200 403 403 403 403 403 403 200"),
          new Row(
              "POST /rooms/:id/terminate-connection",
              "/rooms/lobby/terminate-connection",
              "{'socketId':'x'}",
              OWNERS),
          new Row("GET /agents", "", "", TOKENS),
          new Row("POST /agents", "", "{'name':'N','handle':'h'}", GOVERNS),
          new Row("GET /agents/:id", "/agents/none", "", STRANGERS + NONE.substring(16)),
          new Row("PATCH /agents/:id", "/agents/none", "{}", GOVERNORS.replace("200", "404")),
          new Row("DELETE /agents/:id", "/agents/none", "", GOVERNORS.replace("200", "404")),
          new Row("GET /agents/:id/runs", "/agents/none/runs", "", GOVERNORS.replace("200", "404")),
          new Row(
              "POST /agents/:id/invoke",
              "/agents/none/invoke",
              "{'roomId':'lobby','content':'x'}",
              STRANGERS + NONE.substring(16)),
          new Row(
              "POST /rooms/:id/messages/from-bot",
              "/rooms/lobby/messages/from-bot",
              "{'botId':'x','content':'x'}",
              OWNERS.replace("403 200 200", "403 403 404")),
          new Row("POST /events", "", "{'roomIds':['lobby'],'name':'x'}", SPEAKERS),
          new Row("GET /templates", "", "", NO_GUESTS.replace("404", "200")),
          new Row(
              "POST /templates",
              "",
              "{'name':'x','body':'x'}",
              STRANGERS + "403 200 200 403 403 403 403 403 403 200"),
          new Row("POST /templates/render", "", "{'templateId':'{template}'}", NO_GUESTS),
          new Row("GET /templates/:id", "/templates/{template}", "", NO_GUESTS),
          new Row("PATCH /templates/:id", "/templates/{template}", "{'body':'x'}", GOVERNORS),
          new Row("DELETE /templates/:id", "/templates/{template}", "", GOVERNORS),
          new Row(
              "POST /public/rooms/:id/guest-session",
              "/public/rooms/lobby/guest-session",
              "{}",
              NONE),
          new Row("GET /messages/:id/thread", "/messages/134217734/thread", "", MESSAGE),
          new Row("GET /threads", "", "", TOKENS),
          new Row("GET /inbox", "", "", TOKENS),
          new Row("GET /notifications", "", "", TOKENS),
          new Row("POST /upload", "", "a file", MEMBERS),
          new Row("GET /files/:id", "/files/{file}", "", FILE),
          new Row("GET /gdpr/export", "", "", TOKENS),
          new Row(
              "DELETE /gdpr/delete", "", "", STRANGERS + "403 200 200 403 403 403 403 403 403 200"),
          new Row("GET /export/messages.json", "/export/messages.json?roomId=lobby", "", MEMBERS),
          new Row("GET /export/messages.csv", "/export/messages.csv?roomId=lobby", "", MEMBERS),
          new Row("GET /export/rooms/:file", "/export/rooms/lobby.markdown", "", MEMBERS),
          new Row("GET /search/messages", "/search/messages?q=own&roomId=lobby", "", MEMBERS),
          new Row("GET /search/conversations", "/search/conversations?q=own", "", TOKENS),
          new Row("GET /ws/room/:id", "/ws/room/lobby", "", ALL.replace("200", "400")),
          new Row("GET /rooms/:id/stream", "/rooms/lobby/stream", "", MEMBERS),
          new Row("GET /webhooks/event-types", "", "", ALL),
          new Row(
              "POST /webhooks/register",
              "",
              "{'url':'https://hooks.example.com/h','eventTypes':['mention']}",
              OPERATORS),
          new Row("PATCH /webhooks/:id", "", "{'eventTypes':['mention']}", OPERATORS_404),
          new Row("DELETE /webhooks/:id", "", "", OPERATORS_404),
          new Row(
              "POST /webhooks/verify",
              "",
              "{'webhookId':'x','payload':'x','signature':'x'}",
              OPERATORS_404),
          new Row(
              "POST /webhooks/verify-batch",
              "",
              "{'secret':'x','body':'x','signature':'x'}",
              OPERATORS),
          new Row("GET /admin/webhooks", "", "", OPERATORS),
          new Row("GET /admin/webhooks/summary", "", "", OPERATORS),
          new Row("GET /admin/webhooks/deliveries", "", "", OPERATORS),
          new Row("POST /admin/webhooks/deliveries/:id/replay", "", "", OPERATORS_404),
          new Row("POST /admin/mute", "", "{'roomId':'lobby','userId':'zoe'}", OWNERS),
          new Row("POST /admin/unmute", "", "{'roomId':'lobby','userId':'zoe'}", OWNERS),
          new Row("POST /admin/ban", "", "{'roomId':'lobby','userId':'zoe'}", OWNERS),
          new Row("POST /admin/unban", "", "{'roomId':'lobby','userId':'zoe'}", OWNERS),
          new Row("POST /admin/kick", "", "{'roomId':'lobby','userId':'zoe'}", OWNERS),
          new Row("POST /reports", "", "{'roomId':'lobby','reason':'x'}", MEMBERS),
          new Row("GET /admin/reports", "", "", OPERATORS),
          new Row("GET /admin/audit/events", "", "", OPERATORS),
          new Row(
              "POST /admin/announcement",
              "",
              "{'roomId':'lobby','content':'x'}",
              STRANGERS + "403 403 403 403 403 403 403 403 403 200"),
          new Row("GET /admin/projects", "", "", OPERATORS),
          new Row(
              "POST /admin/projects",
              "",
              "{'name':'x'}",
              STRANGERS + "403 403 403 403 403 403 403 403 403 403"),
          new Row("PATCH /admin/projects/:id", "/admin/projects/acme", "{'name':'x'}", ACMES),
          new Row(
              "POST /admin/projects/:id/plan",
              "/admin/projects/acme/plan",
              "{'planName':'pro'}",
              STRANGERS + "403 404 404 403 403 403 403 403 403 403"),
          new Row(
              "POST /admin/projects/:id/keys/rotate",
              "/admin/projects/acme/keys/rotate",
              "",
              ACMES),
          new Row(
              "POST /admin/projects/:id/keys/revoke",
              "/admin/projects/acme/keys/revoke",
              "{'keyPrefix':'fc_00112'}",
              ACMES),
          new Row(
              "POST /admin/projects/:id/secret/rotate",
              "/admin/projects/acme/secret/rotate",
              "",
              ACMES),
          new Row("GET /billing/plan", "", "", OPERATORS),
          new Row("GET /admin/tenant-usage", "", "", OPERATORS),
          new Row("POST /admin/member-token", "", "{'userId':'x'}", OPERATORS),
          new Row("GET /stats/rooms/:id", "/stats/rooms/lobby", "", GOVERNORS),
          new Row("GET /stats/ops", "", "", OPERATORS),
          new Row("GET /stats/slo", "", "", OPERATORS),
          new Row("GET /stats/alerts", "", "", OPERATORS),
          new Row("GET /stats/ai", "", "", OPERATORS),
          new Row("GET /stats/costs", "", "", OPERATORS),
          new Row("GET /stats/launch-kpis", "", "", OPERATORS),
          new Row("POST /platform/bootstrap", "", "", ALL.replace("200", "409")),
          new Row("GET /health", "", "", ALL),
          new Row("GET /fluxy/fluxy.js", "", "", ALL),
          new Row("GET /fluxy/http.js", "", "", ALL),
          new Row("GET /fluxy/line.js", "", "", ALL),
          new Row("GET /fluxy/outbox.js", "", "", ALL),
          new Row("GET /fluxy/pages.js", "", "", ALL),
          new Row("GET /fluxy/people.js", "", "", ALL),
          new Row("GET /fluxy/room.js", "", "", ALL),
          new Row("GET /fluxy/thread.js", "", "", ALL),
          new Row("GET /fluxy/timeline.js", "", "", ALL),
          new Row("GET /fluxy/transports.js", "", "", ALL),
          new Row("GET /demo/status", "", "", ALL),
          new Row("GET /demo/session", "", "", NONE),
          new Row("POST /demo/session", "", "", NONE),
          new Row("POST /auth/channel", "", "{'socket_id':'1.1','roomId':'lobby'}", MEMBERS),
          new Row("GET /config/client", "", "", ALL),
          new Row("GET /client/feature-flags", "", "", ALL));

  private final MemoryDepot depot = new MemoryDepot();
  private final ChatServer server =
      ChatServer.setup().with(builder -> builder.attachments(depot)).start();

  /** What stands in rows for ids that are only known once they have been given. */
  private final Map<String, String> planted = new HashMap<>();

  private String withPlanted(String text) {
    String all = text;
    for (Map.Entry<String, String> each : planted.entrySet()) {
      all = all.replace(each.getKey(), each.getValue());
    }
    return all;
  }

  RouteTableTest() {
    server.room("lobby", "group", "ann", "bob", "dave", "max", "ben");
    assertThat(server.says("ann", "lobby", ACMES_OWN + " words").messageId()).isEqualTo(134217734);
    String eve = server.token("globex", "eve", 3_600, Role.OWNER);
    String theirs =
        "{'id':'hall','name':'"
            + GLOBEX_OWN
            + " hall','type':'group','members':[{'userId':'olga'}]}";
    assertThat(server.post(eve, "/rooms", theirs).status()).isEqualTo(200);
    String words = "{'roomId':'hall','content':'" + GLOBEX_OWN + " words'}";
    assertThat(server.post(eve, "/messages", words).status()).isEqualTo(200);
    String template = "{'name':'t','body':'acmes template'}";
    Reply made = server.post(server.token("boss", Role.OWNER), "/templates", template);
    planted.put("{template}", String.valueOf(((Map<?, ?>) made.get("template")).get("id")));
    planted.put("{file}", depot.posted(server, "ann", "lobby", ACMES_OWN));
    if (hasSanctions()) {
      server.post(
          server.token("ann", Role.OWNER), "/admin/mute", "{'roomId':'lobby','userId':'max'}");
      server.post(
          server.token("ann", Role.OWNER), "/admin/ban", "{'roomId':'lobby','userId':'ben'}");
    }
  }

  /** Whether users can be muted and banned at all; until then, those two are left out. */
  private boolean hasSanctions() {
    return routes().contains("POST /admin/mute") && routes().contains("POST /admin/ban");
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  @Test
  void everyRouteIsInTheTable() {
    assertThat(routes())
        .containsExactlyInAnyOrderElementsOf(TABLE.stream().map(Row::route).toList());
  }

  private List<String> routes() {
    return server.fluxy.protocols().stream()
        .flatMap(protocol -> protocol.routes().all().stream())
        .map(RouteTableTest::name)
        .toList();
  }

  private static String name(Routes.Route route) {
    return route.method() + " " + route.pattern();
  }

  private Map<String, String> tokens() {
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("nobody", "");
    tokens.put("junk", "junk");
    tokens.put("expired", Jwt.acme().claim("exp", "1769860000").sign());
    tokens.put("alg none", Jwt.acme().header("alg", "'none'").unsigned());
    tokens.put("olga", server.token("globex", "olga", 3_600));
    tokens.put("eve", server.token("globex", "eve", 3_600, Role.OWNER));
    tokens.put("the other ann", server.token("globex", "ann", 3_600, Role.ADMIN));
    tokens.put("carol", server.token("carol"));
    tokens.put("guest", server.token("anon_1", Role.GUEST));
    tokens.put("banned", server.token("ben"));
    tokens.put("muted", server.token("max"));
    tokens.put("bob", server.token("bob"));
    tokens.put("ann", server.token("ann"));
    tokens.put("boss", server.token("boss", Role.OWNER));
    return tokens;
  }

  static Stream<Arguments> cells() {
    return TABLE.stream()
        .flatMap(
            row -> {
              String[] statuses = row.statuses().split(" ", -1);
              return CALLERS.stream()
                  .map(
                      caller ->
                          Arguments.of(
                              row.route(),
                              caller,
                              Integer.parseInt(statuses[CALLERS.indexOf(caller)]),
                              row));
            });
  }

  @ParameterizedTest(name = "{0} by {1}: {2}")
  @MethodSource("cells")
  void everyoneGetsWhatTheTableSays(String route, String caller, int status, Object row) {
    assumeTrue(hasSanctions() || (!caller.equals("muted") && !caller.equals("banned")));
    String token = tokens().get(caller);
    Client bob = server.joins("bob", "lobby");
    String[] words = route.split(" ", -1);
    String target = ((Row) row).target().isEmpty() ? words[1] : ((Row) row).target();
    ChatServer.Call call =
        server
            .call(words[0], withPlanted(target))
            .token(token == null || token.isEmpty() ? null : token)
            .header("X-Room-Id", "lobby")
            .json(withPlanted(((Row) row).body()));
    Reply reply = call.now();

    assertThat(reply.status()).as("%s", reply).isEqualTo(status);
    if (!OF_GLOBEX.contains(caller)) {
      assertThat(reply.toString()).doesNotContain(GLOBEX_OWN);
    }
    if (!OF_LOBBY.contains(caller)) {
      assertThat(reply.toString()).doesNotContain(ACMES_OWN);
      assertThat(bob.hears()).as("nobody hears of it").isEmpty();
    }
    if (status == 401 && !route.contains("token") && !route.contains("signin")) {
      assertThat(reply.body())
          .isIn(
              "Unauthorized",
              "Invalid token",
              "Token expired",
              "{\"traceId\":\"t-1\",\"error\":\"unauthorized\"}");
    }
  }

  @Test
  void everyRowHasAStatusForEveryCaller() {
    assertThat(TABLE).allMatch(row -> row.statuses().split(" ", -1).length == CALLERS.size());
    assertThat(tokens().keySet()).containsExactlyElementsOf(CALLERS);
  }

  @Test
  void socketsAndStreamsTurnTheSameCallersAway() {
    Map<String, String> tokens = tokens();
    List<String> outsiders =
        CALLERS.subList(0, CALLERS.indexOf(hasSanctions() ? "muted" : "banned"));
    for (String caller : outsiders) {
      int expected = CALLERS.indexOf(caller) < 4 ? 401 : 403;
      String token = tokens.get(caller);
      assertThat(server.knock("/ws/room/lobby?token=" + token).status())
          .as("a socket for %s", caller)
          .isEqualTo(expected);
      assertThat(server.get(null, "/rooms/lobby/stream?token=" + token).status())
          .as("a stream for %s", caller)
          .isEqualTo(expected);
    }
    assertThat(server.connect(tokens().getOrDefault("bob", ""), "lobby").isOpen()).isTrue();
    assertThat(server.streams(tokens().getOrDefault("bob", ""), "lobby").isOpen()).isTrue();
  }

  /** Catalogue 3.12, 3.13: odd ids in every place of a path and a query. */
  @ParameterizedTest
  @MethodSource("oddIds")
  void anOddIdIsNobodysWhereverItIs(String id) {
    String ann = server.token("ann");
    for (Row row : TABLE) {
      String[] words = row.route().split(" ", -1);
      String pattern = words[1];
      if (!pattern.contains(":")) {
        continue;
      }
      for (String part :
          Arrays.stream(pattern.split("/", -1)).filter(p -> p.startsWith(":")).toList()) {
        String target =
            pattern
                .replace(part, id)
                .replace(":userId", "dave")
                .replace(":id", pattern.startsWith("/messages") ? "134217734" : "lobby");
        Reply reply = server.call(words[0], target).token(ann).json(row.body()).now();
        assertThat(reply.status()).as("%s %s: %s", words[0], target, reply).isIn(400, 403, 404);
        assertThat(reply.body()).doesNotContain(ACMES_OWN);
      }
    }
    assertThat(server.get(ann, "/api/messages?roomId=" + id).status()).isEqualTo(403);
    assertThat(server.get(ann, "/api/messages?roomId=lobby&limit=x" + id).status()).isEqualTo(400);
    assertThat(server.get(ann, "/rooms?type=" + id).status()).isEqualTo(400);
    assertThat(server.get(null, "/rooms?token=" + id).status()).isEqualTo(401);
    assertThat(server.knock("/ws/room/" + id + "?token=" + ann).status()).isIn(403, 404);
    assertThat(server.knock("/ws/room/lobby?token=" + id).status()).isEqualTo(401);
    assertThat(
            server
                .connect("/ws/room/lobby?token=" + ann + "&replay=" + id + "&replayLimit=" + id)
                .isOpen())
        .isTrue();
  }

  static Stream<String> oddIds() {
    return Stream.of(
        "..",
        "%2e%2e",
        "%2E%2E%2Flobby",
        "..%2flobby",
        "%252e%252e",
        ";",
        "lobby;x=1",
        "%5c",
        "%5C..",
        "%c0%ae%c0%ae",
        "%00",
        "lobby%00",
        "%0d%0aX-Evil:%201",
        "%0a",
        "%1b[31m",
        "%E2%80%A8",
        "%EF%BB%BFlobby",
        "%20lobby",
        "lobby%20",
        "+lobby",
        "l%C3%B6bby",
        "lobby%27--",
        "1%20OR%201=1",
        "%27;DROP%20TABLE%20rooms--",
        "%22",
        "%3Cscript%3E",
        "*",
        "%25",
        "_%25",
        "$%7Bjndi:ldap:x%7D",
        "%7B%7B7*7%7D%7D",
        "LOBBY",
        "lobb%D1%83",
        "%F0%9F%92%A5",
        "null",
        "undefined",
        "NaN",
        "-1",
        "0",
        "1e3",
        "0x1",
        "a".repeat(129),
        "a".repeat(5_000),
        "%ff",
        "%ed%a0%80",
        "a:b",
        "a=b",
        "a@b",
        "a,b",
        "a.b");
  }
}
