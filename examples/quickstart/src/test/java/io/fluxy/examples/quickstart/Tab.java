package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A page in a browser, and what must not happen in it: an error in the console, a dialog, a window,
 * a request to anybody but its server. Closing it fails the test if something of that has happened.
 */
final class Tab implements AutoCloseable {
  private static final Pattern OUTAGE =
      Pattern.compile("Failed to load resource|WebSocket connection to .* failed|net::ERR_");

  private final BrowserContext context;
  private final String server;
  private final Page page;
  private final List<String> problems = new ArrayList<>();
  private boolean seesOutages;

  Tab(BrowserContext context, String url) {
    this.context = context;
    this.server = URI.create(url).getAuthority();
    context.onConsoleMessage(this::heard);
    context.onWebError(error -> problems.add("exception: " + error.error()));
    context.onRequest(request -> requested(request.url()));
    context.onDialog(
        dialog -> {
          problems.add(dialog.type() + ": " + dialog.message());
          dialog.dismiss();
        });
    page = context.newPage();
    page.onWebSocket(socket -> requested(socket.url()));
    page.onPopup(popup -> problems.add("window: " + popup.url()));
    page.navigate(url);
  }

  Page page() {
    return page;
  }

  /** From now on its server may be away: that requests fail is no problem then. */
  Tab seesOutages() {
    seesOutages = true;
    return this;
  }

  /** What has happened that must not, so far. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void close() {
    String shown = page.url();
    context.close();
    assertThat(problems).as("what happened in the tab at " + shown).isEmpty();
  }

  private void heard(ConsoleMessage message) {
    boolean isBad = message.type().equals("error") || message.type().equals("warning");
    boolean isOutage = OUTAGE.matcher(message.text()).find();
    if (isBad && !(seesOutages && isOutage)) {
      problems.add("console: " + message.text() + " (" + message.location() + ")");
    }
  }

  private void requested(String url) {
    URI uri = URI.create(url);
    boolean isOwn = "data".equals(uri.getScheme()) || server.equals(uri.getAuthority());
    if (!isOwn) {
      problems.add("request: " + url);
    }
  }
}
