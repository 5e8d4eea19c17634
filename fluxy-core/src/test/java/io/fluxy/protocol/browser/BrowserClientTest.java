package io.fluxy.protocol.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxy.Fluxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lies in the folder is what is served; and the client's own tests, which Node runs. */
class BrowserClientTest {
  private static final Path SOURCES =
      Path.of("src", "main", "resources", "META-INF", "resources", "fluxy");

  @Test
  void everyScriptOfTheClientIsServedAndNothingElse() throws IOException {
    try (Fluxy fluxy = Fluxy.builder().start();
        Stream<Path> files = Files.list(SOURCES)) {
      List<String> served =
          fluxy.protocols().stream()
              .filter(BrowserClient.class::isInstance)
              .flatMap(protocol -> protocol.routes().all().stream())
              .map(route -> route.pattern().substring("/fluxy/".length()))
              .toList();

      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".js"))
          .containsExactlyInAnyOrderElementsOf(served);
      assertThat(fluxy.serves("/fluxy/fluxy.js")).isTrue();
      assertThat(fluxy.serves("/fluxy/package.json")).isFalse();
      assertThat(fluxy.serves("/fluxy/../fluxy/fluxy.js")).isFalse();
    }
  }

  @Test
  void itsOwnTestsPass() throws IOException, InterruptedException {
    assumeTrue(isThere("node"), "Node is not installed: fluxy.js is not tested here");
    Process node =
        new ProcessBuilder("node", "--test", "--test-reporter=spec", "src/test/js/")
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(node.waitFor()).as(said).isZero();
    assertThat(said).contains("live plus replay is the log");
    System.out.println("fluxy.js: " + said.lines().filter(line -> line.startsWith("{")).toList());
  }

  private static boolean isThere(String program) {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }
}
