package io.fluxy.store.jdbc;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A main class of the tests in a process of its own, which can be killed. */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private ChildJvm(Process process) {
    this.process = process;
    lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildJvm start(Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Dorg.jooq.no-logo=true",
            "-Dorg.jooq.no-tips=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            classPath(),
            main.getName()));
    command.addAll(List.of(args));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Ours, also where whoever runs the tests has loaded them by itself. */
  private static String classPath() {
    List<String> path = new ArrayList<>(List.of(System.getProperty("java.class.path")));
    if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader) {
      for (URL url : loader.getURLs()) {
        path.add(Path.of(URI.create(url.toString())).toString());
      }
    }
    return String.join(File.pathSeparator, path);
  }

  /** Waits for the next line it says; null when it has ended and all is read. */
  @Nullable String line() throws IOException {
    return lines.readLine();
  }

  /** SIGKILL; what it has said until then can still be read. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits for its end and tells the exit status. */
  int status() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
