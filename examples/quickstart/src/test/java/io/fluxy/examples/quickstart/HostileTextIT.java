package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Text that wants to be a script, in every field that strangers fill and the chat page or the
 * console shows: {@link #FIELDS} says which, how and where; a new field is a row there. A tab fails
 * its test by a dialog, by an error of the console, such as the page's policy complaining, and by a
 * request to a stranger.
 */
class HostileTextIT {
  private static final String KEY = "fc_0123456789abcdef0123456789abcdef";
  private static final String CREDENTIAL = "a long credential";
  private static final List<String> PAYLOADS =
      List.of(
          "<script>alert(1)</script>",
          "<script src=//evil.test/x.js></script>",
          "<img src=x onerror=alert(1)>",
          "<img src=//evil.test/pixel.gif>",
          "<svg onload=alert(1)>",
          "<svg><script>alert(1)</script></svg>",
          "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
          "<iframe src=\"javascript:alert(1)\"></iframe>",
          "<iframe srcdoc=\"<script>parent.hacked=1</script>\">",
          "![x](https://evil.test/x.png) [x](javascript:alert(1))",
          "W".repeat(110) + "<b>",
          "<object data=\"data:text/html,<script>alert(1)</script>\">",
          "<embed src=//evil.test/x.swf>",
          "<body onload=alert(1)>",
          "<a href=\"javascript:alert(1)\">click</a>",
          "<a href=//evil.test/ ping=//evil.test/ping>click</a>",
          "<form action=//evil.test/><button autofocus onfocus=alert(1)>go</button></form>",
          "<input autofocus onfocus=alert(1)>",
          "<details open ontoggle=alert(1)>",
          "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
          "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
          "<meta http-equiv=refresh content=\"0;url=//evil.test/\">",
          "<base href=//evil.test/>",
          "<link rel=stylesheet href=//evil.test/x.css>",
          "<style>@import '//evil.test/x.css';*{background:url(//evil.test/)}</style>",
          "\"><script>alert(1)</script>",
          "javascript:alert(1)",
          "</textarea><script>alert(1)</script>",
          "{{constructor.constructor('alert(1)')()}}${alert(1)}",
          "\u202e<img src=x onerror=alert(1)>&lt;script&gt;alert(1)&lt;/script&gt;");

  /**
   * How a payload gets into a field of a room; the n-th payload has a room and a user of its own.
   */
  private interface Filling {
    Mallory.Answer fill(Mallory mallory, Victim victim, String payload) throws Exception;
  }

  /**
   * Who is written to.
   *
   * @param n of the payload
   * @param room the lobby, which the chat page shows, or the payload's own, which the console does
   * @param messageId a message that is there already
   * @param token of a user who writes this payload only
   */
  private record Victim(int n, String room, String messageId, String token) {}

  /**
   * Where a field is seen.
   *
   * @param page of the console; "" is the chat page as the text arrives, "again" after a load
   * @param css the elements whose text or value it must be in
   */
  private record Seen(String page, String css) {}

  /**
   * Something to fill in.
   *
   * @param charsMax so much of a payload fits, or is shown
   * @param seen nowhere means that the server must refuse it
   */
  private record Field(String name, int charsMax, Filling filling, List<Seen> seen) {}

  private static Field field(String name, int charsMax, Filling filling, Seen... seen) {
    return new Field(name, charsMax, filling, List.of(seen));
  }

  private static Seen live(String css) {
    return new Seen("", css);
  }

  private static Seen loaded(String css) {
    return new Seen("again", css);
  }

  private static Seen chat(String css) {
    return new Seen("chat", css); // both
  }

  private static Seen room(String css) {
    return new Seen("rooms/{room}", css);
  }

  private static Seen page(String page, String css) {
    return new Seen(page, css);
  }

  private static Filling posts(String path, String json) {
    return (mallory, at, payload) -> mallory.asks("POST", at(path, at), at(json, at), payload);
  }

  private static String at(String json, Victim at) {
    return json.replace("{room}", at.room)
        .replace("{victim}", at.messageId)
        .replace("{n}", String.valueOf(at.n));
  }

  private static Filling tells(String event) {
    return posts("/events", "{\"roomIds\":[\"{room}\"],\"event\":" + event + "}");
  }

  private static final String SAYS = "{\"roomId\":\"{room}\",\"content\":";
  private static final String FILE =
      "\"attachments\":[{\"kind\":\"file\",\"sizeBytes\":1,\"contentType\":\"text/plain\",";
  private static final String TOOL =
      "{\"type\":\"%s\",\"runId\":\"r{n}\",\"toolCallId\":\"%s\",\"agentId\":\"bot\",";

  private static String tool(String type, String call) {
    return TOOL.formatted(type, call);
  }

  private static final List<Field> FIELDS =
      List.of(
          field(
              "message",
              300,
              posts("/messages", SAYS + "%s}"),
              chat("#log .bubble p"),
              room(".log .said p")),
          field(
              "mention",
              300,
              (mallory, at, payload) ->
                  mallory.asks("POST", "/messages", at(SAYS, at) + "%s}", "@here " + payload),
              chat("#log .bubble p"),
              room(".log .said p")),
          field(
              "edit",
              300,
              (mallory, at, payload) -> {
                String id =
                    mallory.asks("POST", "/messages", at(SAYS, at) + "\"x\"}").id("message");
                return mallory.asks("PATCH", "/messages/" + id, "{\"content\":%s}", "E " + payload);
              },
              chat("#log .bubble p"),
              room(".log .event .said")),
          field(
              "answer",
              300,
              posts("/messages", SAYS + "%s,\"replyTo\":{victim}}"),
              live("#thread-log .bubble p"),
              chat("#log .bubble p"),
              room(".log .said p")),
          field(
              "quote",
              40,
              (mallory, at, payload) -> {
                Mallory.Answer asked =
                    mallory.asks("POST", "/messages", at(SAYS, at) + "%s}", payload);
                String json = at(SAYS, at) + "\"so?\",\"replyTo\":" + asked.id("message") + "}";
                mallory.asks("POST", "/messages", json);
                return asked;
              },
              chat("#log .ref")),
          field(
              "template",
              300,
              (mallory, at, payload) -> {
                String json = "{\"name\":\"t-" + at.n + at.room + "\",\"body\":\"T {{ x }}\"}";
                String id = mallory.asks("POST", "/templates", json).id("template");
                String post =
                    "{\"roomId\":\"{room}\",\"templateId\":%s,\"templateVars\":{\"x\":%s}}";
                return mallory.asks("POST", "/messages", at(post, at), id, payload);
              },
              chat("#log .bubble p"),
              room(".log .said p")),
          field(
              "reaction",
              29,
              (mallory, at, payload) ->
                  mallory.asks(
                      "POST",
                      "/messages/" + at.messageId + "/reactions",
                      "{\"emoji\":%s}",
                      "👍" + payload.substring(0, Math.min(29, payload.length()))),
              chat("#log .badge"),
              room(".log .event")),
          field(
              "attachment's name",
              120,
              posts(
                  "/messages",
                  SAYS + "\"f\"," + FILE + "\"url\":\"https://f.test/\",\"name\":%s}]}"),
              chat("#log .attachment"),
              room(".log .file")),
          field(
              "attachment's address",
              300,
              (mallory, at, payload) ->
                  mallory.asks(
                      "POST",
                      "/messages",
                      at(SAYS + "\"f\"," + FILE + "\"url\":%s,\"name\":\"odd\"}]}", at),
                      "https://f.test/?q=" + payload),
              room(".log .file")),
          field(
              "tool's name",
              120,
              tells(tool("tool_call", "a") + "\"name\":%s,\"arguments\":\"{}\"}"),
              chat("#log .step code"),
              room(".log .tool summary")),
          field(
              "tool's arguments",
              300,
              (mallory, at, payload) ->
                  mallory.asks(
                      "POST",
                      "/events",
                      at(
                          "{\"roomIds\":[\"{room}\"],\"event\":"
                              + tool("tool_call", "b")
                              + "\"name\":\"t\",\"arguments\":%s}}",
                          at),
                      "{\"q\":" + Json.text(payload) + "}"),
              chat("#log .step pre"),
              room(".log .tool pre")),
          field(
              "tool's result",
              300,
              tells(tool("tool_result", "c") + "\"name\":\"t\",\"result\":%s}"),
              chat("#log .step pre"),
              room(".log .tool pre")),
          field(
              "tool's error",
              300,
              tells(tool("tool_error", "d") + "\"name\":\"t\",\"error\":%s}"),
              chat("#log .step pre"),
              room(".log .tool pre")),
          field(
              "run's error",
              300,
              tells(
                  "{\"type\":\"agentRun\",\"run\":{\"id\":\"r{n}\",\"agent_id\":\"bot\","
                      + "\"status\":\"failed\",\"error\":%s}}"),
              room(".log .tool pre")),
          field(
              "room's name",
              256,
              (mallory, at, payload) ->
                  mallory.asks("PATCH", "/rooms/" + at.room, "{\"name\":%s}", payload),
              loaded("#room"),
              room(".facts dd"),
              room(".log .event"),
              page("rooms", "tbody td")),
          field(
              "announcement",
              300,
              posts("/admin/announcement", SAYS + "%s}"),
              chat("#log .bubble p"),
              room(".log .said p")),
          field(
              "reason of a sanction",
              300,
              posts("/admin/mute", "{\"roomId\":\"{room}\",\"userId\":\"u{n}\",\"reason\":%s}"),
              room(".log .sanction"),
              page("audit", "tbody td")),
          field(
              "reason of a report",
              300,
              (mallory, at, payload) ->
                  mallory.asksAs(
                      at.token,
                      "POST",
                      "/reports",
                      at("{\"roomId\":\"{room}\",\"reason\":%s}", at),
                      payload),
              page("reports", "tbody td")),
          field(
              "agent's name, provider and model",
              120,
              (mallory, at, payload) ->
                  mallory.asks(
                      "POST",
                      "/agents",
                      "{\"name\":%s,\"handle\":\"a"
                          + at.n
                          + at.room
                          + "\",\"provider\":%s,\"model\":%s}",
                      payload,
                      payload,
                      payload),
              page("agents", "tbody td:nth-child(2)"),
              page("agents", "tbody td:nth-child(3)"),
              page("agents", "tbody td:nth-child(4)")),
          field(
              "webhook's address",
              300,
              (mallory, at, payload) ->
                  mallory.asks(
                      "POST",
                      "/webhooks/register",
                      "{\"url\":%s,\"eventTypes\":[\"message.created\"]}",
                      "https://hooks.invalid/?" + payload),
              page("webhooks", "tbody td")),
          field(
              "project's name",
              256,
              (mallory, at, payload) ->
                  mallory.asks("PATCH", "/admin/projects/shop", "{\"name\":%s}", payload),
              room("header option")),
          field("room's id", 300, posts("/rooms", "{\"type\":\"group\",\"name\":\"x\",\"id\":%s}")),
          field("agent's handle", 300, posts("/agents", "{\"name\":\"x\",\"handle\":%s}")),
          field("agent's id", 300, tells("{\"type\":\"agentTyping\",\"agentId\":%s}")),
          field(
              "user's id",
              300,
              posts("/rooms/{room}/members", "{\"userId\":%s,\"role\":\"member\"}")));

  /** Fields whose form is checked, so that only some of the payloads pass. */
  private static final List<String> MAY_BE_REFUSED =
      List.of("attachment's address", "webhook's address");

  private final List<String> missing = new ArrayList<>(); // what was not seen where it must be
  private ChatServer server;
  private Mallory mallory;
  private String url;

  @BeforeEach
  void start() throws StartException {
    String plenty =
        "\"messagesPerMinute\":1000000,\"commandsPerMinute\":1000000,\"tokensPerMinute\":1000000";
    String json =
        """
        {"projects":[{"id":"shop","apiKey":"%s","limits":{%s}}],
         "console":{"operators":[{"name":"ann","credential":"%s"}]}}"""
            .formatted(KEY, plenty, CREDENTIAL);
    Config config = Config.parse(json.getBytes(StandardCharsets.UTF_8));
    Database database = Database.parse("memory");
    server = ChatServer.start(new Options("127.0.0.1", 0, database, null, false, false), config);
    url = "http://127.0.0.1:" + server.port();
    mallory = new Mallory(url, server.ownerToken(config.projects().get(0)));
  }

  @AfterEach
  void stop() {
    mallory.close();
    server.close();
  }

  @Test
  void nothingThatStrangersWriteRunsOrLeavesThePages() throws Exception {
    Browser browser = Browser.orSkip();
    try (Chatter ann = new Chatter(browser.tab(url), "Ann");
        Tab operator = operator(browser)) {
      for (int n = 0; n < PAYLOADS.size(); n++) {
        fill(n);
        String payload = PAYLOADS.get(n);
        ann.page().waitForFunction(GOES_TO, "victim " + n);
        ann.opensThread("victim " + n);
        seen(ann.page(), payload, page -> page.isEmpty() || page.equals("chat"));
        assertThat(ann.page().locator("#people")).containsText(asName(payload));
        ann.page().keyboard().press("Escape");
        loads(browser, payload);
        looksInto(operator, n);
        visit(operator, "audit"); // now, for it shows the newest only
        seen(operator.page(), payload, "audit"::equals);
      }
      for (String page : List.of("rooms", "reports", "agents", "webhooks", "project", "people")) {
        visit(operator, page);
        for (String payload : PAYLOADS) {
          seen(operator.page(), payload, page::equals);
        }
      }
      for (String payload : PAYLOADS) {
        typesItself(operator, payload);
      }
    }
    assertThat(missing).isEmpty();
  }

  /** Every field with one payload, in the lobby and in a room of its own. */
  private void fill(int n) throws Exception {
    String payload = PAYLOADS.get(n);
    String own = "r" + n;
    mallory.asks("POST", "/rooms", "{\"id\":\"" + own + "\",\"type\":\"public\",\"name\":\"x\"}");
    String token = new Wire(url).token(KEY, "mallory-" + n);
    for (String room : List.of("lobby", own)) {
      mallory.enters(room, token, payload);
      String json = at(SAYS, new Victim(n, room, "", token)) + "\"victim " + n + "\"}";
      Victim victim =
          new Victim(n, room, mallory.asks("POST", "/messages", json).id("message"), token);
      for (Field field : FIELDS) {
        Mallory.Answer answer = field.filling.fill(mallory, victim, payload);
        if (field.seen.isEmpty()) {
          assertThat(answer.status()).as("%s: %s", field.name, payload).isEqualTo(400);
        } else if (!MAY_BE_REFUSED.contains(field.name)) {
          assertThat(answer.status()).as("%s: %s: %s", field.name, payload, answer).isEqualTo(200);
        }
      }
    }
  }

  /** Each field is where it must be, word by word, and nothing on the page came from it. */
  private void seen(Page page, String payload, Predicate<String> here) {
    for (Field field : FIELDS) {
      for (Seen seen : field.seen) {
        if (here.test(seen.page) && !MAY_BE_REFUSED.contains(field.name)) {
          String text = payload.substring(0, Math.min(field.charsMax, payload.length()));
          String quoted = Json.text(text);
          quoted = quoted.substring(1, quoted.length() - 1);
          try {
            page.waitForFunction(SHOWS, List.of(seen.css, text, quoted));
          } catch (TimeoutError e) {
            missing.add("%s at %s %s: %s".formatted(field.name, seen.page, seen.css, text));
          }
        }
      }
    }
    isClean(page);
  }

  private static final String SHOWS =
      """
      ([css, text, quoted]) => [...document.querySelectorAll(css)].some((element) => {
        const shown = `${element.value ?? ""} ${element.textContent}`;
        return shown.includes(text) || shown.includes(quoted);
      })
      """;

  /** Only so many messages are drawn: whoever reads further up goes to the newest by a button. */
  private static final String GOES_TO =
      """
      (text) => {
        const newer = document.querySelector("#newer");
        if (!newer.hidden) newer.click();
        return [...document.querySelectorAll("#log .bubble p")].some((p) => p.textContent === text);
      }
      """;

  private static void isClean(Page page) {
    String strangers =
        "script:not([src]), script[src*=evil], iframe, object, embed, video, base, meta[http-equiv],"
            + " style, math, form[action], link[href*=evil], img:not([src='/favicon.ico'], [src='icon.svg']),"
            + " a[href^='javascript'], [onload], [onerror], [onfocus], [ontoggle], [onbegin]";
    assertThat(page.locator(strangers)).hasCount(0);
    assertThat(page.evaluate("() => window.hacked")).isNull();
  }

  /** What is shown of a long display name. */
  private static String asName(String payload) {
    return payload.substring(0, Math.min(64, payload.length()));
  }

  /** Somebody of that name comes, and is shown what was said before. */
  private void loads(Browser browser, String payload) {
    String name = payload.strip().substring(0, Math.min(40, payload.strip().length())).strip();
    try (Chatter late = new Chatter(browser.tab(url), name)) {
      assertThat(late.page().locator("#me")).containsText(name);
      seen(late.page(), payload, page -> page.equals("again") || page.equals("chat"));
    }
  }

  private Tab operator(Browser browser) {
    Tab tab = browser.tab(url + "/fluxy/console/").seesOutages(); // what is not there answers 404
    tab.page().getByLabel("Operator").fill("ann");
    tab.page().getByLabel("Credential").fill(CREDENTIAL);
    tab.page().getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
    assertThat(tab.page().locator("nav")).isVisible();
    return tab;
  }

  private static void visit(Tab operator, String page) {
    operator.page().evaluate("page => (location.hash = '#/shop/' + page)", page);
    assertThat(operator.page().locator("main h1")).isVisible();
    assertThat(operator.page().getByText("Loading…")).hasCount(0);
  }

  /** The payload's own room, after a load, so that the project's name is the payload, too. */
  private void looksInto(Tab operator, int n) {
    visit(operator, "rooms/r" + n);
    operator.page().reload();
    seen(operator.page(), PAYLOADS.get(n), "rooms/{room}"::equals);
    assertThat(operator.page().locator(".aside td").first()).isVisible();
    assertThat(operator.page().locator(".aside")).containsText(asName(PAYLOADS.get(n)));
  }

  /** What an operator pastes, and what the page says of it. */
  private static void typesItself(Tab operator, String payload) {
    Page page = operator.page();
    page.evaluate("text => (location.hash = '#/shop/rooms/' + encodeURIComponent(text))", payload);
    assertThat(page.locator("main [role=alert], main .wrong").first()).isVisible();
    visit(operator, "rooms");
    page.getByRole(AriaRole.SEARCHBOX).fill("no " + payload);
    assertThat(page.locator("main .empty")).containsText("no " + payload);
    page.evaluate(
        "text => (location.hash = '#/shop/explain/1/' + encodeURIComponent(text))", payload);
    assertThat(page.getByLabel("User id")).hasValue(payload);
    isClean(page);
  }
}
