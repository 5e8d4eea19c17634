package io.fluxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.http.ApiResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's files, and nothing else, whatever is asked (reliability catalogue 3.12, 3.14). */
class AssetsTest {
  private static final Path SOURCES = Path.of("src", "main", "resources", "io", "fluxy", "console");

  private final Operated operated = new Operated();

  @Test
  void everyFileOfTheFolderIsServedWithTheStrictestHeaders() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        ApiResponse answer =
            operated.raw("GET", "/fluxy/console/" + (name.equals("index.html") ? "" : name)).now();

        assertThat(answer.status()).as(name).isEqualTo(200);
        assertThat(answer.body()).as(name).isEqualTo(Files.readAllBytes(file)).isNotEmpty();
        assertThat(answer.headers())
            .containsEntry(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src 'self' data:; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'; require-trusted-types-for 'script'")
            .containsEntry("X-Content-Type-Options", "nosniff")
            .containsEntry("Referrer-Policy", "no-referrer")
            .containsEntry("Cache-Control", "no-cache");
      }
    }
  }

  @Test
  void answersOfTheApiAreNotKeptByAnybody() {
    assertThat(operated.call("GET", "session", "").now().headers())
        .containsEntry("Cache-Control", "no-store")
        .containsEntry("X-Content-Type-Options", "nosniff");
  }

  @Test
  void withoutTheSlashItSendsThere() {
    ApiResponse answer = operated.raw("GET", "/fluxy/console").now();

    assertThat(answer.status()).isEqualTo(308);
    assertThat(answer.headers()).containsEntry("Location", "console/");
  }

  /** Nothing that could parse markup, run text as code or reach another host is in the page. */
  @Test
  void noScriptOfTheConsoleKnowsHowToMakeMarkup() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        for (String word :
            List.of(
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "DOMParser",
                "createContextualFragment",
                "srcdoc",
                "eval(",
                "new Function",
                "https://",
                "localStorage")) {
          boolean placeholder =
              word.equals("https://") && text.contains("hook?.url ?? \"https://\"");
          assertThat(text.contains(word) && !placeholder).as("%s in %s", word, file).isFalse();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/fluxy/console/../console/main.js",
        "/fluxy/console/..%2fmain.js",
        "/fluxy/console/%2e%2e/main.js",
        "/fluxy/console/%252e%252e%252fmain.js",
        "/fluxy/console/..;/main.js",
        "/fluxy/console/main.js;x=1",
        "/fluxy/console/main.js%00",
        "/fluxy/console/main.js%2f",
        "/fluxy/console/main.js/",
        "/fluxy/console/main%2ejs",
        "/fluxy/console//main.js",
        "/fluxy/console/./main.js",
        "/fluxy/console/%5cmain.js",
        "/fluxy/console/..%5c..%5cmain.js",
        "/fluxy/console/%c0%ae%c0%ae/main.js",
        "/fluxy/console/%e0%80%ae/main.js",
        "/fluxy/console/MAIN.JS",
        "/fluxy/console/main.js%20",
        "/fluxy/console/WEB-INF/web.xml",
        "/fluxy/console/META-INF/MANIFEST.MF",
        "/fluxy/console/.git/config",
        "/fluxy/console/h2-console",
        "/fluxy/console/Console.class",
        "/fluxy/console/index.html",
        "/fluxy/console/api",
        "/fluxy/console/api/..%2f..%2fmain.js",
        "/fluxy/console/api/%2e%2e/session"
      })
  void aTrickWithThePathFindsNothing(String path) {
    operated.signIn("ann", Operated.ANNS);

    assertThat(operated.raw("GET", path).answer()).isEqualTo("404 {'error':'not found'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/fluxy/Console/", "/fluxy/consol%65/", "/fluxy/console;x/", "/fluxy//console/"})
  void whatIsNotOursToTheLetterIsNotOurs(String path) {
    assertThat(operated.fluxy.serves(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "projects/shop/rooms/..%2f..%2fbank",
        "projects/..%2fbank",
        "projects/shop/chat/..%2f..%2fbank/chat/admin/reports",
        "projects/shop/chat/agents/..%2f..%2fadmin/runs",
        "projects/%00/rooms",
        "projects/shop%2frooms",
      })
  void aTrickInsideOfTheApiIsAnsweredLikeWhatIsMissing(String path) {
    operated.signIn("ann", Operated.ANNS);

    assertThat(operated.get(path)).startsWith("404 ");
  }
}
