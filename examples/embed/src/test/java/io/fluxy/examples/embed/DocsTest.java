package io.fluxy.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java in README.md and docs compiles, or is an excerpt of a file that does; what they link to
 * and which tests they name is there.
 *
 * <p>A comment before a block says which: {@code <!-- from FILE -->} for an excerpt, {@code <!--
 * given TYPE NAME, ... -->} for what statements find there; neither, for what needs nothing.
 */
class DocsTest {
  private static final Path ROOT = Path.of("../..");

  private static final Pattern TESTS = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Contract))`");
  private static final Pattern LINKS = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^(@\\w+|((final|abstract) )*(class|interface|record|enum)\\b)");
  private static final String IMPORTS =
      Stream.of(
              "io.fluxy",
              "io.fluxy.agent",
              "io.fluxy.attachment",
              "io.fluxy.auth",
              "io.fluxy.chat",
              "io.fluxy.console",
              "io.fluxy.hook",
              "io.fluxy.protocol.channels",
              "io.fluxy.store",
              "io.fluxy.store.jdbc",
              "io.fluxy.testkit",
              "io.fluxy.testkit.store",
              "io.fluxy.time",
              "io.fluxy.transport.jetty",
              "java.io",
              "java.nio.file",
              "java.time",
              "java.util",
              "java.util.concurrent",
              "javax.sql",
              "org.eclipse.jetty.server",
              "org.junit.jupiter.api")
          .map(name -> "import " + name + ".*; ")
          .collect(Collectors.joining());

  /** A block of Java on a page. */
  private record Snippet(Path page, int line, @Nullable String marker, String code) {
    boolean isExcerpt() {
      return marker != null && marker.startsWith("from ");
    }

    @Override
    public String toString() {
      return page.getFileName() + ":" + line;
    }
  }

  @Test
  void whatIsNoExcerptCompiles(@TempDir Path classes) throws IOException {
    List<JavaFileObject> sources = new ArrayList<>();
    for (Snippet snippet : snippets()) {
      if (!snippet.isExcerpt()) {
        sources.add(new Source(snippet, "s" + sources.size()));
      }
    }
    assertThat(sources).hasSizeGreaterThan(8);
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> options =
        List.of("--release", "17", "-proc:none", "-d", classes.toString(), "-cp", path);

    javac.getTask(null, null, said, options, null, sources).call();

    assertThat(
            said.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getSource() + ": " + each.getMessage(Locale.ROOT)))
        .isEmpty();
  }

  @Test
  void anExcerptIsWhatItsFileSays() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Snippet snippet : snippets()) {
      if (snippet.isExcerpt() && snippet.marker() != null) {
        Path file = ROOT.resolve(snippet.marker().substring("from ".length()));
        if (!Files.exists(file) || !flat(Files.readString(file)).contains(flat(snippet.code()))) {
          wrong.add(snippet + " is not in " + file);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String flat(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @Test
  void theTestsThatAreNamedExist() throws IOException {
    Set<String> there = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      files
          .map(Path::toString)
          .filter(name -> name.endsWith(".java"))
          .forEach(name -> there.add(name.replaceAll(".*[/\\\\]|[.]java", "")));
    }
    Set<String> named = new TreeSet<>();
    for (Path page : pages()) {
      Matcher tests = TESTS.matcher(Files.readString(page));
      while (tests.find()) {
        named.add(tests.group(1));
      }
    }

    assertThat(named).hasSizeGreaterThan(10);
    assertThat(there).containsAll(named);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      Matcher links = LINKS.matcher(Files.readString(page));
      while (links.find()) {
        if (!Files.exists(page.resolveSibling(links.group(1)))) {
          dead.add(page + " to " + links.group(1));
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static List<Snippet> snippets() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Path page : pages()) {
      List<String> lines = Files.readAllLines(page);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).equals("```java")) {
          int end = lines.subList(i, lines.size()).indexOf("```") + i;
          String code = String.join("\n", lines.subList(i + 1, end));
          snippets.add(new Snippet(page, i + 1, i == 0 ? null : marker(lines.get(i - 1)), code));
          i = end;
        }
      }
    }
    return snippets;
  }

  private static @Nullable String marker(String line) {
    boolean isComment = line.startsWith("<!-- ") && line.endsWith(" -->");
    return isComment ? line.substring("<!-- ".length(), line.length() - " -->".length()) : null;
  }

  /** A snippet with what a page does not say: imports, and a method around statements. */
  private static final class Source extends SimpleJavaFileObject {
    private final Snippet snippet;
    private final String code;

    Source(Snippet snippet, String name) {
      super(URI.create("string:///" + name + "/Snippet.java"), Kind.SOURCE);
      this.snippet = snippet;
      String head =
          "package "
              + name
              + "; "
              + IMPORTS
              + "import static org.assertj.core.api.Assertions.assertThat;\n";
      String marker = snippet.marker();
      String given = marker == null ? "" : marker.replaceFirst("^given ?", "");
      this.code =
          TYPE.matcher(snippet.code()).find()
              ? head + snippet.code()
              : head
                  + "final class Snippet { static void run("
                  + given
                  + ") throws Exception {\n"
                  + snippet.code()
                  + "\n} }";
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }

    @Override
    public String toString() {
      return snippet.toString();
    }
  }
}
