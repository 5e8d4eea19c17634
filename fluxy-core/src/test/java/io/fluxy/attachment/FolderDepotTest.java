package io.fluxy.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderDepotTest {
  @TempDir Path home;

  @Test
  void aFileIsReadPieceByPieceAndRemoved() throws IOException {
    Depot depot = Depot.folder(home.resolve("not/yet/there"));
    depot.put("shop", "abc", bytes("0123456789"));
    depot.put("school", "abc", bytes("theirs"));

    assertThat(depot.read("shop", "abc", 0, 4)).isEqualTo(bytes("0123"));
    assertThat(depot.read("shop", "abc", 8, 4)).isEqualTo(bytes("89"));
    assertThat(depot.read("shop", "abc", 10, 4)).isEmpty();
    assertThat(depot.read("shop", "abc", 99, 4)).isEmpty();
    depot.remove("shop", "abc");
    depot.remove("shop", "abc");
    assertThatThrownBy(() -> depot.read("shop", "abc", 0, 4)).isInstanceOf(IOException.class);
    assertThat(depot.read("school", "abc", 0, 9)).isEqualTo(bytes("theirs"));
  }

  @Test
  void whatACrashLeftOfAFileGoesWithIt() throws IOException {
    Depot depot = Depot.folder(home);
    depot.put("shop", "abc", bytes("x"));
    Path part = home.resolve("shop/ab/abc.part");
    Files.write(part, bytes("half"));

    depot.remove("shop", "abc");

    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "a/b", "/etc/passwd", "a\\b", "", "a", "ab.", "ab\u0000", "%2e%2e"})
  void noIdLeadsOutOfTheFolder(String id) throws IOException {
    Depot depot = Depot.folder(home.resolve("depot"));
    Files.write(home.resolve("x"), bytes("secret"));

    for (String[] names : List.of(new String[] {"shop", id}, new String[] {id + "/", "abc"})) {
      assertThatThrownBy(() -> depot.put(names[0], names[1], bytes("evil")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> depot.read(names[0], names[1], 0, 9))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> depot.remove(names[0], names[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(files()).containsExactly("x");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(Files::isRegularFile).map(p -> home.relativize(p).toString()).toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
