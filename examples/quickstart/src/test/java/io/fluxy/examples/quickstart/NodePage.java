package io.fluxy.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A script of a page, run as a browser would, but in Node.js: with its WebSocket and a location.
 */
final class NodePage implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Process process;

  private NodePage(Process process) {
    this.process = process;
  }

  /** Runs a script on a page that a server at this port has served. Nothing is left to chance. */
  static NodePage run(String script, int port) throws IOException {
    String browser =
        "globalThis.location = { host: '127.0.0.1:"
            + port
            + "' }; Math.random = () => 0;"
            + " require('node:util').inspect.defaultOptions.breakLength = Infinity;\n";
    Process process =
        new ProcessBuilder(
                "node", "--experimental-websocket", "--no-warnings", "-e", browser + script)
            .redirectErrorStream(true)
            .start();
    NodePage page = new NodePage(process);
    Thread reader = new Thread(page::read, "console of a page");
    reader.setDaemon(true);
    reader.start();
    return page;
  }

  /** Whether Node.js is there, and has a WebSocket. */
  static boolean canRun() throws IOException, InterruptedException {
    return Page.canRun("node")
        && new ProcessBuilder("node", "--experimental-websocket", "-e", "WebSocket")
                .redirectErrorStream(true)
                .start()
                .waitFor()
            == 0;
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add(e.toString());
    }
  }

  /** The next line on the console. */
  String says() throws InterruptedException {
    String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("the page said nothing for " + PATIENCE_SECONDS + " s");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
