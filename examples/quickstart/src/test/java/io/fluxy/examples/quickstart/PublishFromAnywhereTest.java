package io.fluxy.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/publish-from-anywhere.md, followed to the letter. */
class PublishFromAnywhereTest {
  private static final int NODE_SECONDS = 30;

  /** How each platform calls its function. */
  private static final List<String> CALLS =
      List.of(
          "import { POST } from './place.mjs';"
              + " const call = data => POST(new Request('http://x', { method: 'POST', body: data }));",
          "import worker from './place.mjs';"
              + " const call = data => worker.fetch(new Request('http://x', { method: 'POST', body: data }), process.env);",
          "import { handler } from './place.mjs';"
              + " const call = async data => { const a = await handler({ body: data }); return { status: a.statusCode }; };");

  @TempDir Path folder;

  private ChatServer start(Page page) throws StartException {
    Config config = Config.parse(page.blocks("json").get(0).getBytes(StandardCharsets.UTF_8));
    Database database = Database.parse("sqlite:" + folder.resolve("chat.db"));
    return ChatServer.start(new Options("127.0.0.1", 0, database, null, false, false), config);
  }

  @Test
  void oneCurlByEachRouteReachesTheRoom() throws Exception {
    assumeTrue(Page.canRun("curl", "openssl"), "needs curl and openssl");
    Page page = new Page("publish-from-anywhere.md");
    List<String> curls = page.blocks("sh");
    assertThat(curls).hasSize(4);
    try (ChatServer server = start(page)) {
      Hearing room = Hearing.at(server.port(), "/ws/prices");
      assertThat(room.next()).contains("channel:subscribed");
      Page.shell(curls.get(0), server.port());
      assertThat(room.next()).contains("\"event\":\"price\"", "\"data\":{\"acme\":10.5},\"seq\":1");
      Page.shell(curls.get(1), server.port());
      assertThat(room.next()).contains("\"event\":\"price\"", "acme", "11", "\"seq\":null");
      Page.shell(curls.get(2), server.port());
      assertThat(room.next()).contains("\"event\":\"price\"", "\"data\":{\"acme\":11.5},\"seq\":2");
      Page.shell(curls.get(3), server.port());
      assertThat(room.next("\"acme\":12")).contains("\"event\":\"price\"", "\"userId\":\"ticker\"");
    }
  }

  @Test
  void theLineForCronPublishesOnceAMinute() throws Exception {
    assumeTrue(Page.canRun("curl"), "needs curl");
    Page page = new Page("publish-from-anywhere.md");
    String line =
        page.blocks("text").stream()
            .filter(block -> block.startsWith("* * * * * "))
            .findFirst()
            .orElseThrow();
    Path price = folder.resolve("price.json");
    try (ChatServer server = start(page)) {
      Hearing room = Hearing.at(server.port(), "/ws/prices");
      boolean sameMinute = false;
      for (int i = 0; !sameMinute; i++) { // again, if the minute ends meanwhile
        long minute = minute();
        Files.writeString(price, "{\"acme\":\"cron" + i + "\"}");
        cron(line, price, server);
        int first = seq(room.next("cron" + i));
        cron(line, price, server);
        sameMinute = minute == minute();
        Page.shell(page.blocks("sh").get(0), server.port());
        int marked = seq(room.next("10.5"));
        if (sameMinute) {
          assertThat(marked).as("the second was the first").isEqualTo(first + 1);
        }
      }
    }
  }

  private static int seq(String frame) {
    return Integer.parseInt(frame.replaceFirst(".*\"seq\":(\\d+),.*", "$1"));
  }

  private static long minute() {
    return System.currentTimeMillis() / 60_000;
  }

  /** Does what cron does with a line: {@code \%} is a percent sign. */
  private static void cron(String line, Path price, ChatServer server) throws Exception {
    String command =
        line.strip()
            .substring("* * * * * ".length())
            .replace("\\%", "%")
            .replace("https://chat.example.org", "http://127.0.0.1:" + server.port())
            .replace("/run/price.json", price.toString());
    ProcessBuilder sh = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
    sh.environment().put("FLUXY_KEY", "fc_0123456789abcdef0123456789abcdef");
    Process process = sh.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(NODE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(said).startsWith("{\"published\":[{\"channel\":\"prices\",");
  }

  @Test
  void eachFunctionPublishesByEachRoute() throws Exception {
    assumeTrue(Page.canRun("node"), "needs Node.js");
    Page page = new Page("publish-from-anywhere.md");
    List<String> scripts = page.blocks("js");
    assertThat(scripts).hasSize(6);
    try (ChatServer server = start(page)) {
      Hearing room = Hearing.at(server.port(), "/ws/prices");
      assertThat(room.next()).contains("channel:subscribed");
      int price = 0;
      for (String publish : scripts.subList(0, 3)) {
        for (int place = 0; place < CALLS.size(); place++) {
          price++;
          String answer = calls(publish, scripts.get(3 + place), CALLS.get(place), price, server);
          assertThat(answer).isEqualTo("204");
          assertThat(room.next()).contains("\"event\":\"price\"", "acme", String.valueOf(price));
        }
      }
    }
  }

  private String calls(String publish, String place, String call, int price, ChatServer server)
      throws Exception {
    Files.writeString(folder.resolve("publish.mjs"), publish);
    Files.writeString(folder.resolve("place.mjs"), place.replace("./publish.js", "./publish.mjs"));
    Files.writeString(
        folder.resolve("call.mjs"),
        call
            + "\nconst answer = await call('{\"acme\":"
            + price
            + "}');\nconsole.log(answer.status);");
    ProcessBuilder node = new ProcessBuilder("node", folder.resolve("call.mjs").toString());
    node.environment()
        .putAll(
            Map.of(
                "FLUXY_URL",
                "http://127.0.0.1:" + server.port(),
                "FLUXY_KEY",
                "fc_0123456789abcdef0123456789abcdef",
                "PUSHER_APP_ID",
                "4242",
                "PUSHER_KEY",
                "app-key",
                "PUSHER_SECRET",
                "app-secret",
                "PUSHFLO_KEY",
                "sec_use-a-key-of-your-own"));
    Process process = node.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(NODE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return said.strip();
  }
}
