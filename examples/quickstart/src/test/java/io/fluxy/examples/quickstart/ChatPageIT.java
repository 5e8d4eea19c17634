package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat page in a real browser, in front of the real jar. */
class ChatPageIT {
  private static Browser browser;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    browser = Browser.orSkip();
  }

  @Test
  void twoBrowsersChat() throws Exception {
    try (Child server = Child.start(folder, "--port", "0");
        Chatter ann = new Chatter(browser.tab(server.url()), "Ann");
        Chatter bob = new Chatter(browser.tab(server.url()), "Bob")) {
      bob.types("hel");
      assertThat(ann.page().locator("#typing")).hasText("Bob is typing");
      bob.says("hello Ann");
      ann.reads("hello Ann");
      ann.says("hello Bob");
      bob.reads("hello Ann", "hello Bob");
      assertThat(ann.page().locator("#people")).containsText("Bob");
    }
  }
}
