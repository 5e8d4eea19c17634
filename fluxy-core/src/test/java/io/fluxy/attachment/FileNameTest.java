package io.fluxy.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileNameTest {
  static Stream<Arguments> names() {
    return Stream.of(
        Arguments.of("report.pdf", "report.pdf"),
        Arguments.of("Kätzchen 1.png", "Kätzchen 1.png"),
        Arguments.of("猫💥.png", "猫💥.png"),
        Arguments.of("../../etc/passwd", "passwd"),
        Arguments.of("C:\\Users\\ann\\x.doc", "x.doc"),
        Arguments.of("a/b\\c", "c"),
        Arguments.of("..", "file"),
        Arguments.of("...", "file"),
        Arguments.of(".htaccess", "htaccess"),
        Arguments.of(" x. ", "x"),
        Arguments.of("dir/", "file"),
        Arguments.of("", "file"),
        Arguments.of("a\"; filename=\"b.exe", "a filename=b.exe"),
        Arguments.of("a\r\nSet-Cookie: x=1", "aSet-Cookie x=1"),
        Arguments.of("a\u0000.png", "file"),
        Arguments.of("half \ud83d.png", "file"),
        Arguments.of("\u202egnp.exe", "gnp.exe"),
        Arguments.of("a\u200b\u2028b", "ab"),
        Arguments.of("%2e%2e%2fx", "2e2e2fx"),
        Arguments.of("<script>.html", "script.html"),
        Arguments.of("x".repeat(500), "x".repeat(128)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aNameIsFitToBeShownAndSavedUnder(String called, String name) {
    assertThat(FileName.of(called)).isEqualTo(name);
    assertThat(FileName.of(FileName.of(called))).isEqualTo(name);
  }
}
