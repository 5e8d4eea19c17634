package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** Somebody in front of the chat page. */
final class Chatter implements AutoCloseable {
  private static final Locator.GetByTextOptions EXACTLY =
      new Locator.GetByTextOptions().setExact(true);

  private final Tab tab;

  /** Joins the lobby. */
  Chatter(Tab tab, String name) {
    this(tab, name, "websocket");
  }

  /** Joins the lobby where only this transport works. */
  Chatter(Tab tab, String name, String transport) {
    this.tab = tab;
    page().locator("#name").fill(name);
    page().locator("#join button").click();
    assertThat(page().locator("#app")).isVisible();
    isConnected(transport);
  }

  Page page() {
    return tab.page();
  }

  Tab tab() {
    return tab;
  }

  void says(String text) {
    page().locator("#draft").fill(text);
    page().locator("#draft").press("Enter");
  }

  void types(String text) {
    page().locator("#draft").pressSequentially(text);
  }

  void isConnected() {
    isConnected("websocket");
  }

  void isConnected(String transport) {
    assertThat(page().locator("#app[data-state=online]")).hasAttribute("data-transport", transport);
  }

  /** How it is connected, or tries to be. */
  String transport() {
    return page().locator("#app").getAttribute("data-transport");
  }

  /** All messages that are shown, oldest first. */
  Locator messages() {
    return page().locator("#log .bubble p");
  }

  /** The row of the message that says this. */
  Locator row(String text) {
    return page()
        .locator("#log .row")
        .filter(
            new Locator.FilterOptions()
                .setHas(page().locator(".bubble p").getByText(text, EXACTLY)));
  }

  /** Presses one of the buttons that a message has for those who look at it. */
  void does(String text, String action) {
    row(text).locator(".bubble").hover();
    row(text).getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(action)).click();
  }

  void opensThread(String text) {
    row(text).locator(".bubble").hover();
    row(text).locator(".tools .tool").getByText("Answer", EXACTLY).click();
    assertThat(page().locator("#thread")).isVisible();
  }

  /** Waits until these are all the messages. */
  void reads(String... texts) {
    assertThat(messages()).hasText(texts);
  }

  @Override
  public void close() {
    tab.close();
  }
}
