package io.fluxy.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation, to be followed to the letter but for the port. */
final class Page {
  private static final Path DOCS = Path.of("../../docs");
  private static final int SHELL_SECONDS = 20;

  private final String text;

  Page(String name) throws IOException {
    text = Files.readString(DOCS.resolve(name));
  }

  /** The page's blocks in a language, in order. */
  List<String> blocks(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher block = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```").matcher(text);
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  /** What a block for the shell answers from a server at this port; fails if a command does. */
  static String shell(String block, int port) throws Exception {
    String script =
        "set -eo pipefail\ncurl() { command curl -sS --fail-with-body \"$@\"; echo; }\n"
            + block.replace("127.0.0.1:8080", "127.0.0.1:" + port);
    Process process = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SHELL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(block + "\nanswered " + answer);
    }
    return answer;
  }

  /** Whether this machine has a shell and these programs. */
  static boolean canRun(String... programs) {
    try {
      String all = "command -v " + String.join(" && command -v ", programs);
      return new ProcessBuilder("bash", "-c", all).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
