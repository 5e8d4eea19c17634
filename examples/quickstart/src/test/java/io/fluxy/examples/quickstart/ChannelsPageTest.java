package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/channels.md, followed to the letter, on a real server with a file. */
class ChannelsPageTest {
  @TempDir Path folder;

  private ChatServer start(Page page) throws StartException {
    return start(page, 0);
  }

  private ChatServer start(Page page, int port) throws StartException {
    Config config = Config.parse(page.blocks("json").get(0).getBytes(StandardCharsets.UTF_8));
    Database database = Database.parse("sqlite:" + folder.resolve("chat.db"));
    return ChatServer.start(new Options("127.0.0.1", port, database, null, false, false), config);
  }

  @Test
  void whatThePageSaysHappens() throws Exception {
    assumeTrue(Page.canRun("curl"), "needs curl");
    Page page = new Page("channels.md");
    List<String> commands = page.blocks("sh");
    assertThat(commands).hasSize(3);
    try (ChatServer server = start(page)) {
      Hearing hearing = Hearing.at(server.port(), "/ws/prices?since=0");
      Hearing orders = Hearing.at(server.port(), "/ws/orders");
      assertThat(hearing.next()).contains("channel:resumed", "\"recovered\":true");
      assertThat(hearing.next()).contains("channel:subscribed");
      assertThat(orders.next()).contains("channel:subscribed");

      assertThat(Page.shell(commands.get(0), server.port()))
          .startsWith("{\"published\":[{\"channel\":\"prices\",\"id\":");
      assertThat(hearing.next())
          .startsWith(
              "{\"event\":\"price\",\"channel\":\"prices\",\"data\":{\"acme\":10.5},\"seq\":1,\"userId\":\"server\",\"at\":\"");

      String first = Page.shell(commands.get(1), server.port());
      assertThat(Page.shell(commands.get(1), server.port())).isEqualTo(first);
      assertThat(orders.next()).contains("\"event\":\"ordered\"", "\"seq\":1");

      assertThat(Page.shell(commands.get(2), server.port()).lines().toList())
          .satisfiesExactly(
              since -> assertThat(since).endsWith("\"from\":1,\"to\":1,\"head\":1}"),
              before -> assertThat(before).endsWith("\"from\":1,\"to\":1,\"head\":1}"),
              presence -> assertThat(presence).isEqualTo("{\"count\":0,\"members\":[]}"));
    }
  }

  @Test
  void thePagesScriptHearsWhatIsPublishedAndComesBackByItself() throws Exception {
    assumeTrue(Page.canRun("curl") && NodePage.canRun(), "needs curl, and Node.js with WebSocket");
    Page page = new Page("channels.md");
    String publish = page.blocks("sh").get(0);
    List<String> scripts = page.blocks("js");
    assertThat(scripts).hasSize(1);
    ChatServer first = start(page);
    int port = first.port();
    try (NodePage browser = NodePage.run(scripts.get(0), port)) {
      try (first) {
        assertThat(browser.says()).startsWith("channel:resumed ");
        assertThat(browser.says()).startsWith("channel:subscribed ");
        Page.shell(publish, port);
        assertThat(browser.says()).as("as the page says").isEqualTo("price { acme: 10.5 }");
      }
      try (ChatServer again = start(page, port)) {
        Page.shell(publish, again.port());
        assertThat(browser.says()).startsWith("channel:resumed ").contains("recovered: true");
        String next = browser.says();
        if (next.startsWith("channel:subscribed ")) { // it was back before the event
          next = browser.says();
        }
        assertThat(next).isEqualTo("price { acme: 10.5 }");
      }
    }
  }

  @Test
  void whatIsAnsweredOutlivesTheServer() throws Exception {
    assumeTrue(Page.canRun("curl"), "needs curl");
    Page page = new Page("channels.md");
    String publish = page.blocks("sh").get(0);
    try (ChatServer server = start(page)) {
      Page.shell(publish, server.port());
      Page.shell(publish, server.port());
    }
    try (ChatServer server = start(page)) {
      Hearing back = Hearing.at(server.port(), "/ws/prices?since=1");
      assertThat(back.next()).contains("\"recovered\":true,\"since\":1,\"head\":2");
      assertThat(back.next()).contains("channel:subscribed");
      assertThat(back.next()).contains("\"event\":\"price\"", "\"seq\":2");
      Page.shell(publish, server.port());
      assertThat(back.next()).contains("\"seq\":3");
    }
  }
}
