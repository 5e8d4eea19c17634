package io.fluxy.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EmbedTest {
  @Test
  void theReadmeShowsTheCodeThatIsCompiled() throws IOException {
    String code = Files.readString(Path.of("src/main/java/io/fluxy/examples/embed/Embed.java"));
    String readme = Files.readString(Path.of("../../README.md"));

    String compiled = between(code, "    // tag::embed[]\n", "\n    // end::embed[]").stripIndent();
    String shown = between(readme, "<!-- embed -->\n```java\n", "\n```\n");

    assertThat(shown).isEqualTo(compiled);
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start);
    assertThat(from).as("there is " + start).isNotNegative();
    int to = text.indexOf(end, from + start.length());
    assertThat(to).as("there is " + end).isNotNegative();
    return text.substring(from + start.length(), to);
  }
}
