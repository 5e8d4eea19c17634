package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chat page when the server is killed under it, and when somebody in between lets little
 * through.
 */
class OutageIT {
  private static final int MESSAGES = 8; // of each kind
  private static final Pattern COUNTING_DOWN =
      Pattern.compile("4\\ss.*3\\ss|3\\ss.*2\\ss|2\\ss.*1\\ss");
  private static final int SILENCE_MS = 80_000;
  private static final int JUMP_MS = 20_000; // less than what a request waits for

  private static Browser browser;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    browser = Browser.orSkip();
  }

  @Test
  void killedAndRestartedUnderTwoBrowsersNothingIsLostOrDoubled() throws Exception {
    String port = freePort();
    Child server = Child.start(folder, "--port", port);
    try (Chatter ann = new Chatter(browser.tab(server.url()).seesOutages(), "Ann");
        Chatter bob = new Chatter(browser.tab(server.url()).seesOutages(), "Bob")) {
      remember(ann.page(), "#countdown");
      ann.says("before");
      bob.reads("before");
      List<String> said = new ArrayList<>(List.of("before"));
      said.addAll(sayMany(ann, "on the way"));
      server.kill();
      said.addAll(sayMany(ann, "into the void"));
      said.addAll(sayMany(bob, "me too"));
      assertThat(bob.page().locator("#banner"))
          .containsText(Pattern.compile("No connection.*Trying again in \\d+\\ss"));
      assertThat(ann.page().locator("body")).hasAttribute("data-seen", COUNTING_DOWN);

      server = Child.start(folder, "--port", port);
      server.url();
      ann.isConnected();
      bob.isConnected();
      for (Chatter one : List.of(ann, bob)) {
        assertThat(one.messages()).hasCount(said.size());
        assertThat(one.page().locator("#log .row.sending, #log .row.failed")).hasCount(0);
        assertThat(one.messages().allTextContents()).containsExactlyInAnyOrderElementsOf(said);
      }
      assertThat(ann.messages().allTextContents())
          .containsSubsequence(said.subList(0, 2 * MESSAGES + 1));
      List<String> log = bob.messages().allTextContents();
      assertThat(ann.messages().allTextContents()).isEqualTo(log);
      ann.page().reload();
      ann.reads(log.toArray(String[]::new));
    } finally {
      server.close();
    }
  }

  @Test
  void whoTriesNowDoesNotWaitForTheCountdown() throws Exception {
    String port = freePort();
    Child server = Child.start(folder, "--port", port);
    try (Chatter ann = new Chatter(browser.tab(server.url()).seesOutages(), "Ann")) {
      ann.page().clock().install(); // from here on time stands until it is told to go on
      ann.page().reload();
      ann.isConnected();
      ann.page().clock().pauseAt(System.currentTimeMillis() + 1_000);
      server.kill();
      assertThat(ann.page().locator("#banner")).containsText("Trying again in");
      server = Child.start(folder, "--port", port);
      server.url();

      ann.page().locator("#retry").click();

      ann.isConnected();
      assertThat(ann.page().locator("#banner")).isHidden();
    } finally {
      server.close();
    }
  }

  @Test
  void withoutWebSocketsItFallsToAStreamThenToPollingAndGoesBack() throws Exception {
    try (Child server = Child.start(folder, "--port", "0");
        Chatter bob = new Chatter(browser.tab(server.url()), "Bob")) {
      Tab tab = browser.tab(server.url()).seesOutages();
      Page page = tab.page();
      page.clock().install();
      page.routeWebSocket("**", socket -> socket.close());
      page.reload(); // both count from the next page on
      try (Chatter ann = new Chatter(tab, "Ann", "sse")) {
        talk(ann, bob, "by stream");

        page.route("**/stream?*", route -> route.abort());
        page.clock().fastForward(SILENCE_MS); // the stream that is open seems dead
        assertThat(page.locator("#app")).hasAttribute("data-transport", "polling");
        ann.isConnected("polling");
        talk(ann, bob, "by polling");

        page.routeWebSocket("**", socket -> socket.connectToServer());
        for (int jump = 0; !ann.transport().equals("websocket"); jump++) {
          page.clock().fastForward(JUMP_MS);
          talk(ann, bob, "meanwhile " + jump);
          assertThat(jump).as("tries to go back").isLessThan(30);
        }
        ann.isConnected("websocket");
        talk(ann, bob, "by socket");
        assertThat(ann.messages().allTextContents()).isEqualTo(bob.messages().allTextContents());
      }
    }
  }

  private static void talk(Chatter ann, Chatter bob, String text) {
    ann.says("ann " + text);
    assertThat(bob.messages().last()).hasText("ann " + text);
    bob.says("bob " + text);
    assertThat(ann.messages().last()).hasText("bob " + text);
  }

  private static List<String> sayMany(Chatter who, String text) {
    List<String> said = IntStream.range(0, MESSAGES).mapToObj(i -> text + " " + i).toList();
    said.forEach(who::says);
    return said;
  }

  /** Keeps every text that an element shows, for one that goes by before anybody looks. */
  private static void remember(Page page, String selector) {
    page.locator(selector)
        .evaluate(
            "(shown) => new MutationObserver(() => (document.body.dataset.seen ="
                + " `${document.body.dataset.seen ?? ''} ${shown.textContent}`))"
                + ".observe(shown, { childList: true, characterData: true, subtree: true })");
  }

  private static String freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return String.valueOf(socket.getLocalPort());
    }
  }
}
