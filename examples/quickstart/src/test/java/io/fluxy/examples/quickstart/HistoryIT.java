package io.fluxy.examples.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A room with 10,000 messages on the chat page. */
class HistoryIT {
  private static final int MESSAGES = 10_000;
  private static final int ROWS_MAX = 200;
  private static final String KEY = "fc_0123456789abcdef0123456789abcdef";

  /**
   * Scrolls to one end, frame by frame, and tells every message that was shown, the most rows there
   * ever were, and how far a row that was looked at moved when others came above it.
   */
  private static final String SCROLL =
      """
      async (up) => {
        const box = document.getElementById("scroll");
        const log = document.getElementById("log");
        const seen = [];
        const known = new Set();
        const end = () =>
          up ? !document.getElementById("beginning").hidden : document.getElementById("newer").hidden;
        let rowsMax = 0;
        let moved = 0;
        for (;;) {
          box.scrollTop = up ? 0 : box.scrollHeight;
          const top = box.getBoundingClientRect().top;
          const watched = [...log.children].find((row) => row.getBoundingClientRect().bottom > top + 1);
          const place = () => watched.querySelector(".bubble").getBoundingClientRect().top;
          const before = watched && place();
          const texts = [...log.querySelectorAll(".bubble p")].map((text) => text.textContent);
          const fresh = texts.filter((text) => !known.has(text));
          fresh.forEach((text) => known.add(text));
          seen.push(...(up ? fresh.reverse() : fresh));
          rowsMax = Math.max(rowsMax, log.children.length);
          if (end()) return { seen, rowsMax, moved };
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          if (watched?.isConnected) moved = Math.max(moved, Math.abs(place() - before));
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void tenThousandMessagesScroll() throws Exception {
    Browser browser = Browser.orSkip();
    try (Child server = Child.startUnlimited(folder, KEY)) {
      Wire wire = new Wire(server.url());
      String seed = wire.token(KEY, "Seed");
      for (int i = 1; i <= MESSAGES; i++) {
        wire.post(seed, "c" + i, "message " + i);
      }
      try (Chatter ann = new Chatter(browser.tab(server.url()), "Ann");
          Chatter bob = new Chatter(browser.tab(server.url()), "Bob")) {
        assertThat(ann.messages().last()).hasText("message " + MESSAGES);
        Page page = ann.page();

        Map<?, ?> up = (Map<?, ?>) page.evaluate(SCROLL, true);

        assertThat((List<?>) up.get("seen"))
            .isEqualTo(
                IntStream.range(0, MESSAGES).mapToObj(i -> "message " + (MESSAGES - i)).toList());
        assertThat((Integer) up.get("rowsMax")).isLessThanOrEqualTo(ROWS_MAX);
        assertThat(Double.parseDouble(String.valueOf(up.get("moved")))).as("px").isLessThan(3);

        assertThat(ann.messages().first()).hasText("message 1");
        bob.says("are you there?");
        assertThat(page.locator("#newer")).hasText("1 new ↓");
        assertThat(ann.messages().first()).hasText("message 1");

        Map<?, ?> down = (Map<?, ?>) page.evaluate(SCROLL, false);
        assertThat((List<?>) down.get("seen")).hasSize(MESSAGES + 1);
        assertThat((Integer) down.get("rowsMax")).isLessThanOrEqualTo(ROWS_MAX);

        page.locator("#scroll").evaluate("(box) => (box.scrollTop = 0)");
        page.locator("#newer").click();
        assertThat(ann.messages().last()).hasText("are you there?");
        assertThat(page.locator("#newer")).isHidden();
      }
    }
  }
}
