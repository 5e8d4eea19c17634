package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.fluxy.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator console in a real browser. */
class ConsoleIT {
  private static final String CREDENTIAL = "a long credential";
  private static final List<String> PAYLOADS =
      List.of(
          "<script>alert(1)</script>",
          "<img src=x onerror=alert(2)>",
          "<svg onload=alert(3)>",
          "<svg><script>alert(4)</script></svg>",
          "\"><script>alert(5)</script>",
          "'><img src=x onerror=alert(6)>",
          "javascript:alert(7)",
          "<a href=\"javascript:alert(8)\">x</a>",
          "<iframe src=\"https://evil.example/9\"></iframe>",
          "<iframe srcdoc=\"<script>alert(10)</script>\"></iframe>",
          "<body onload=alert(11)>",
          "<details open ontoggle=alert(12)>x</details>",
          "<video><source onerror=alert(13)></video>",
          "<link rel=stylesheet href=//evil.example/14>",
          "<style>@import '//evil.example/15';</style>",
          "<meta http-equiv=refresh content=\"0;url=//evil.example/16\">",
          "<base href=\"//evil.example/\">",
          "<form action=//evil.example/18><button>x</button></form>",
          "<object data=\"//evil.example/19\"></object>",
          "<embed src=//evil.example/20>",
          "{{constructor.constructor('alert(21)')()}}",
          "${alert(22)}",
          "<%= alert(23) %>",
          "![x](https://evil.example/24.png)",
          "[x](javascript:alert(25))",
          "\u202Egnp.exe\u202C <b>26</b>",
          "</textarea><script>alert(27)</script>",
          "</title><script>alert(28)</script>",
          "<math><mtext><img src=x onerror=alert(29)></mtext></math>",
          "W".repeat(300));

  private static Browser browser;

  private final HttpClient http = HttpClient.newHttpClient();
  private ChatServer server;
  private String owner;

  @BeforeAll
  static void open() {
    browser = Browser.orSkip();
  }

  @BeforeEach
  void start() throws StartException {
    String json =
        "{\"projects\":[{\"id\":\"shop\",\"limits\":{\"messagesPerMinute\":10000,"
            + "\"commandsPerMinute\":10000}}],\"console\":{\"operators\":[{\"name\":\"ann\","
            + "\"credential\":\"%s\"}]}}";
    Config config = Config.parse(json.formatted(CREDENTIAL).getBytes(StandardCharsets.UTF_8));
    Database database = Database.parse("memory");
    server = ChatServer.start(new Options("127.0.0.1", 0, database, null, false, false), config);
    owner = server.ownerToken(config.projects().get(0));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Asks the server as the project's owner. */
  private Map<String, ?> post(String path, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Authorization", "Bearer " + owner)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
    assertThat(answer.statusCode())
        .as("%s: %s", path, new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return Json.object(answer.body());
  }

  private static String quoted(String text) {
    return Json.text(text);
  }

  private long says(String room, String text) throws Exception {
    Map<String, ?> said =
        post("/messages", "{\"roomId\":\"" + room + "\",\"content\":" + quoted(text) + "}");
    Map<?, ?> message = Objects.requireNonNull((Map<?, ?>) said.get("message"));
    return (Long) Objects.requireNonNull(message.get("id"));
  }

  /** Ann, signed in. */
  private Tab signedIn() {
    Tab tab = browser.tab(url() + "/fluxy/console/");
    tab.page().getByLabel("Operator").fill("ann");
    tab.page().getByLabel("Credential").fill(CREDENTIAL);
    tab.page().getByRole(AriaRole.BUTTON, named("Sign in")).click();
    assertThat(tab.page().locator("nav")).isVisible();
    return tab;
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static void visit(Tab tab, String page, String heading) {
    tab.page().evaluate("page => (location.hash = '#/shop/' + page)", page);
    assertThat(tab.page().locator("main h1")).hasText(heading);
    assertThat(tab.page().getByText("Loading…")).hasCount(0);
  }

  private static Locator dialog(Tab tab) {
    return tab.page().getByRole(AriaRole.DIALOG);
  }

  @Test
  void anOperatorSignsInAndOut() {
    try (Tab tab = browser.tab(url() + "/fluxy/console/").seesOutages()) {
      tab.page().getByLabel("Operator").fill("ann");
      tab.page().getByLabel("Credential").fill("not the credential");
      tab.page().getByRole(AriaRole.BUTTON, named("Sign in")).click();
      assertThat(tab.page().getByRole(AriaRole.ALERT))
          .hasText("No operator has this name and this credential");
    }
    try (Tab tab = signedIn()) {
      assertThat(tab.page().locator("main h1")).hasText("Overview");
      tab.page().reload();
      assertThat(tab.page().locator("main h1")).hasText("Overview");
      tab.page().getByRole(AriaRole.BUTTON, named("Sign out")).click();
      assertThat(tab.page().getByLabel("Credential")).isVisible();
      tab.page().reload();
      assertThat(tab.page().getByLabel("Credential")).isVisible();
    }
  }

  @Test
  void aServerThatIsAwayIsNamedUntilItIsBack() {
    try (Tab tab = signedIn().seesOutages()) {
      Locator outage = tab.page().locator(".outage");
      assertThat(outage).isHidden();
      tab.page().context().setOffline(true);
      assertThat(outage).containsText("can’t be reached");
      visit(tab, "rooms", "Rooms");
      assertThat(outage).isVisible();
      assertThat(tab.page().locator("main [role=alert]")).hasText("The server can't be reached");
      tab.page().context().setOffline(false);
      assertThat(outage).isHidden();
    }
  }

  @Test
  void aKeyIsRotatedAndTheNewOneWorks() throws Exception {
    try (Tab tab = signedIn()) {
      visit(tab, "project", "Project and keys");
      tab.page()
          .locator("section", new Page.LocatorOptions().setHasText("API keys"))
          .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Rotate…"))
          .click();
      dialog(tab).getByText("Make it").click();
      String key = dialog(tab).getByLabel("The new API key").inputValue();
      dialog(tab).getByText("I have kept it").click();
      assertThat(tab.page().getByText(key.substring(0, 8))).isVisible();

      HttpRequest mint =
          HttpRequest.newBuilder(URI.create(url() + "/auth/token"))
              .header("X-Fluxy-Api-Key", key)
              .POST(BodyPublishers.ofString("{\"userId\":\"u\"}"))
              .build();
      assertThat(http.send(mint, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      visit(tab, "audit", "Audit log");
      assertThat(tab.page().locator("tbody tr").first()).containsText("console:ann");
      assertThat(tab.page().locator("tbody tr").first()).containsText("project.key_rotate");
    }
  }

  @Test
  void aUserIsMutedAndIsHeardNoMore() {
    try (Tab tab = signedIn();
        Chatter eve = new Chatter(browser.tab(url()), "Eve");
        Chatter bob = new Chatter(browser.tab(url()), "Bob")) {
      bob.tab().seesOutages();
      eve.tab().seesOutages();
      bob.says("hello");
      eve.reads("hello");
      visit(tab, "rooms/lobby", "lobby");
      Locator said = tab.page().locator(".log .message").filter(hasText("hello"));
      String id = said.locator("b").innerText();
      tab.page().getByLabel("Moderate " + id).click();
      dialog(tab).getByLabel("Reason").fill("noise");
      dialog(tab).getByText("Do it").click();
      assertThat(tab.page().locator(".aside tr").filter(hasText(id))).containsText("muted");
      assertThat(tab.page().locator(".log")).containsText("muted " + id);

      bob.says("can you hear me?");
      eve.says("no");
      eve.reads("hello", "no");
    }
  }

  private static Locator.FilterOptions hasText(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  @Test
  void aWebhookIsReplayed() throws Exception {
    post(
        "/webhooks/register",
        "{\"url\":\"https://hooks.invalid/a\",\"eventTypes\":[\"message.created\"]}");
    says("lobby", "hear this");
    try (Tab tab = signedIn()) {
      visit(tab, "webhooks", "Webhooks");
      Locator row = tab.page().locator("tr").filter(hasText("unknown_host")).last();
      row.getByText("Replay").click();
      assertThat(tab.page().getByText("It is delivered again")).isVisible();
      visit(tab, "audit", "Audit log");
      assertThat(tab.page().locator("tbody tr").first()).containsText("webhook.replay");
    }
  }

  @Test
  void aDeliveryIsExplained() throws Exception {
    says("lobby", "where am I?");
    try (Tab tab = signedIn()) {
      visit(tab, "rooms/lobby", "lobby");
      tab.page()
          .locator(".log .message")
          .filter(hasText("where am I?"))
          .getByText("explain")
          .click();
      assertThat(tab.page().locator("main h1")).hasText("Explain a delivery");
      tab.page().getByLabel("User id").fill("owner");
      tab.page().getByRole(AriaRole.BUTTON, named("Explain")).click();
      assertThat(tab.page().locator(".stages b"))
          .containsText(new String[] {"saved", "membership", "visibility", "connection"});
      assertThat(tab.page().locator(".stages")).containsText("owner has no connection at all.");
    }
  }

  @Test
  void whateverStrangersWroteIsShownAndNothingOfItRuns() throws Exception {
    int n = 0;
    for (String payload : PAYLOADS) {
      String text = quoted(payload);
      says("lobby", payload);
      post(
          "/messages",
          "{\"roomId\":\"lobby\",\"content\":\"file\",\"attachments\":[{\"kind\":\"file\","
              + "\"url\":\"https://evil.example/?"
              + n
              + "\",\"name\":"
              + text
              + ",\"sizeBytes\":1}]}");
      if (payload.length() <= 100) {
        post("/rooms", "{\"id\":\"r%d\",\"name\":%s,\"type\":\"group\"}".formatted(n, text));
        post(
            "/agents",
            "{\"name\":%s,\"handle\":\"a%d\",\"provider\":%s,\"model\":%s}"
                .formatted(text, n, text, text));
      }
      post("/reports", "{\"roomId\":\"lobby\",\"reason\":" + text + "}", n);
      n++;
    }
    for (int i = 0; i < PAYLOADS.size(); i++) {
      post(
          "/admin/mute",
          "{\"roomId\":\"lobby\",\"userId\":\"u%d\",\"reason\":%s}"
              .formatted(i, quoted(PAYLOADS.get(i))));
    }
    post(
        "/webhooks/register",
        "{\"url\":\"https://hooks.invalid/?<script>alert(1)</script>\","
            + "\"eventTypes\":[\"message.created\"]}",
        0);
    try (Tab tab = signedIn().seesOutages()) { // there is no project of that name, in the end
      for (String page :
          List.of("rooms", "rooms/lobby", "agents", "reports", "audit", "webhooks", "people")) {
        tab.page().evaluate("page => (location.hash = '#/shop/' + page)", page);
        assertThat(tab.page().getByText("Loading…")).hasCount(0);
        assertThat(tab.page().locator("main h1")).isVisible();
      }
      visit(tab, "rooms/lobby", "lobby");
      for (String payload : PAYLOADS) {
        assertThat(tab.page().locator(".log .message").getByText(payload).first()).isAttached();
      }
      visit(tab, "rooms", "Rooms");
      tab.page().getByRole(AriaRole.SEARCHBOX).fill("<img src=x onerror=alert(2)>");
      assertThat(tab.page().locator("tbody tr")).hasCount(1);
      assertThat(tab.page().locator("main script, main iframe, main object, main style"))
          .hasCount(0);
      tab.page().evaluate("() => (location.hash = '#/<img src=x onerror=alert(1)>/rooms')");
      assertThat(tab.page().locator("main [role=alert]"))
          .hasText("There is no project <img src=x onerror=alert(1)>");
    }
  }

  /** May be one too many of a minute, which is no matter here. */
  private void post(String path, String json, int ignored) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Authorization", "Bearer " + owner)
            .POST(BodyPublishers.ofString(json))
            .build();
    http.send(request, BodyHandlers.discarding());
  }
}
