package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat page in a real browser, in front of the real jar. */
class ChatPageIT {
  private static Browser browser;

  @TempDir Path folder;

  private Child server;

  @BeforeAll
  static void launch() {
    browser = Browser.orSkip();
  }

  @BeforeEach
  void start() throws Exception {
    server = Child.start(folder, "--port", "0", "--db", "memory");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Chatter enters(String name) throws Exception {
    return new Chatter(browser.tab(server.url()), name);
  }

  @Test
  void twoBrowsersChat() throws Exception {
    try (Chatter ann = enters("Ann");
        Chatter bob = enters("Bob")) {
      bob.types("hel");
      assertThat(ann.page().locator("#typing")).hasText("Bob is typing");
      bob.says("hello Ann");
      ann.reads("hello Ann");
      ann.says("hello Bob");
      bob.reads("hello Ann", "hello Bob");
      assertThat(ann.page().locator("#people")).containsText("Bob");
      assertThat(ann.row("hello Bob").locator(".tick")).hasAttribute("aria-label", "Read");
      assertThat(ann.row("hello Bob").locator(".foot")).hasText("Seen by Bob");
    }
  }

  @Test
  void whatIsChangedIsChangedForEverybody() throws Exception {
    try (Chatter ann = enters("Ann");
        Chatter bob = enters("Bob")) {
      ann.says("one");
      ann.says("two");
      bob.reads("one", "two");
      bob.does("one", "React with 🎉");
      Locator badge = ann.row("one").locator(".badge");
      assertThat(badge).hasText("🎉 1");
      assertThat(badge).hasAttribute("aria-pressed", "false");
      assertThat(bob.row("one").locator(".badge")).hasAttribute("aria-pressed", "true");
      bob.page().reload();
      assertThat(bob.row("one").locator(".badge")).hasAttribute("aria-pressed", "true");
      badge.click();
      assertThat(bob.row("one").locator(".badge")).hasText("🎉 2");

      ann.does("two", "Edit");
      ann.page().getByLabel("Edit message").fill("three");
      ann.page().getByLabel("Edit message").press("Enter");
      bob.reads("one", "three");
      assertThat(bob.row("three").locator(".meta")).hasText("edited");
      ann.does("three", "Delete");
      ann.does("three", "Really?");
      bob.reads("one", "This message was deleted");
    }
  }

  @Test
  void aThreadOpensBesideTheRoom() throws Exception {
    try (Chatter ann = enters("Ann");
        Chatter bob = enters("Bob")) {
      ann.says("who comes?");
      ann.says("and: who cooks?");
      bob.reads("who comes?", "and: who cooks?");
      bob.opensThread("who comes?");
      assertThat(bob.page().locator("#answer")).isFocused();
      bob.page().locator("#answer").fill("I do");
      bob.page().locator("#answer").press("Enter");
      assertThat(ann.row("who comes?").locator(".answers")).hasText("1 answer");
      assertThat(ann.row("I do").locator(".ref")).hasText("↳ Ann: who comes?");

      ann.row("I do").locator(".ref").click();
      assertThat(ann.page().locator("#thread-title")).hasText("Answers to Ann");
      assertThat(ann.page().locator("#thread-log .bubble p"))
          .hasText(new String[] {"who comes?", "I do"});
      ann.page().locator("#answer").fill("good");
      ann.page().locator("#answer").press("Enter");
      assertThat(bob.page().locator("#thread-log .bubble p"))
          .hasText(new String[] {"who comes?", "I do", "good"});
      ann.page().locator("#answer").press("Escape");
      assertThat(ann.page().locator("#thread")).isHidden();
      ann.reads("who comes?", "and: who cooks?", "I do", "good");
    }
  }

  @Test
  void anAgentAnswersBitByBitAndItsToolCallIsShown() throws Exception {
    try (Chatter ann = enters("Ann");
        Chatter bob = enters("Bob")) {
      ann.says("@echo the tide comes in");
      for (Chatter one : new Chatter[] {ann, bob}) {
        one.reads("@echo the tide comes in", "You said: “the tide comes in”. That is 4 words.");
        Locator step = one.page().locator("#log .step");
        assertThat(step.locator("summary")).hasText("echo used count_words ✓");
        step.locator("summary").click();
        assertThat(step.locator("pre").first()).hasText("asked {\"text\":\"the tide comes in\"}");
        assertThat(step.locator("pre").last())
            .hasText(Pattern.compile("answered \\{\\s*\"words\": 4\\s*}"));
        assertThat(one.page().locator("#log .streaming")).hasCount(0);
      }
    }
  }

  @Test
  void whatCameWhileOneWasAwayIsMarked() throws Exception {
    try (Chatter bob = enters("Bob")) {
      try (Chatter ann = enters("Ann")) {
        bob.says("seen");
        ann.reads("seen");
        assertThat(bob.row("seen").locator(".tick")).hasAttribute("aria-label", "Read");
      }
      for (int i = 0; i < 40; i++) {
        bob.says("missed " + i);
      }
      assertThat(bob.page().locator("#log .sending")).hasCount(0);
      try (Chatter ann = enters("Ann")) {
        Locator mark = ann.page().locator("#log .mark:not([hidden])");
        assertThat(mark).hasCount(1);
        assertThat(ann.row("missed 0").locator(".mark")).isVisible();
        assertThat(mark).isInViewport();
        assertThat(ann.page().locator("#newer")).isVisible();
        ann.page().locator("#newer").click();
        assertThat(ann.page().locator("#newer")).isHidden();
        ann.says("back");
        assertThat(mark).hasCount(0);
      }
    }
  }

  @Test
  void whoIsMentionedSeesIt() throws Exception {
    try (Chatter ann = enters("Ann");
        Chatter bob = enters("Bob")) {
      ann.says("@Bob and @nobody, come here");
      assertThat(bob.page().locator("#log .row.for-me mark.mine")).hasText("@Bob");
      assertThat(bob.page().locator("#log mark")).hasCount(1);
      assertThat(ann.page().locator("#log .row.for-me")).hasCount(0);
    }
  }

  @Test
  void itWorksWithoutAMouse() throws Exception {
    try (Chatter ann = enters("Ann")) {
      Page page = ann.page();
      assertThat(page.locator("#draft")).isFocused();
      page.keyboard().type("one");
      page.keyboard().press("Enter");
      ann.reads("one");
      assertThat(ann.row("one").locator(".tick")).hasAttribute("aria-label", "Sent");
      page.keyboard().press("ArrowUp");
      assertThat(page.getByLabel("Edit message")).isFocused();
      page.keyboard().press("Escape");
      assertThat(page.locator("#draft")).isFocused();
      page.locator("#log").focus();
      page.keyboard().press("ArrowUp");
      assertThat(page.locator("#log .row").last()).isFocused();
      page.keyboard().press("Tab");
      assertThat(page.getByLabel("React with 👍")).isFocused();
      page.keyboard().press("Enter");
      assertThat(ann.row("one").locator(".badge")).hasText("👍 1");
      assertThat(page.getByLabel("React with 👍")).isFocused();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 400, 800, 1280})
  void nothingSticksOutOfAScreenOfAnyWidth(int width) throws Exception {
    try (Chatter ann =
        new Chatter(
            browser.tab(
                server.url(),
                device -> device.setViewportSize(width, 640).setColorScheme(ColorScheme.DARK)),
            "Ann")) {
      ann.says("a".repeat(500) + " " + "many words ".repeat(40));
      ann.says("@echo " + "x".repeat(300));
      assertThat(ann.messages().last()).containsText("That is 1 word.");
      ann.says("short");
      assertThat(ann.messages()).hasCount(4);
      String sticksOut = "(page) => page.scrollWidth - page.clientWidth";
      org.assertj.core.api.Assertions.assertThat(ann.page().locator("html").evaluate(sticksOut))
          .isEqualTo(0);
      assertThat(ann.page().locator("#send")).isInViewport();
      ann.opensThread("short");
      assertThat(ann.page().locator("#thread-close")).isInViewport();
      assertThat(ann.page().locator("#thread-log .bubble p")).hasCount(1);
      org.assertj.core.api.Assertions.assertThat(ann.page().locator("html").evaluate(sticksOut))
          .isEqualTo(0);
    }
  }
}
