package io.fluxy.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BomTest {
  @Test
  void theBomHasEveryPublishedModule() throws IOException {
    Set<String> published = all("<module>(fluxy-[^<]+)</module>", "../../pom.xml");
    published.remove("fluxy-bom");

    assertThat(published).contains("fluxy-core", "fluxy-testkit");
    assertThat(all("<artifactId>(fluxy-(?!bom)[^<]+)</artifactId>", "../../fluxy-bom/pom.xml"))
        .containsAll(published);
  }

  private static Set<String> all(String pattern, String file) throws IOException {
    Set<String> found = new TreeSet<>();
    Matcher matches = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    while (matches.find()) {
      found.add(matches.group(1));
    }
    return found;
  }
}
