package io.fluxy.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real jar in a JVM of its own. */
final class Child implements AutoCloseable {
  private static final Path JAR = Path.of("target", "quickstart.jar").toAbsolutePath();
  private static final String READY = "ready ";

  private final Process process;
  private final long startedAt = System.nanoTime();
  private final Queue<String> out = new ConcurrentLinkedQueue<>();
  private final Queue<String> err = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final List<Thread> readers = new ArrayList<>();
  private volatile long readyMs;

  private Child(Process process) {
    this.process = process;
    read(process.getInputStream(), out);
    read(process.getErrorStream(), err);
  }

  /** Starts it in a folder, which is where it keeps a file whose name is relative. */
  static Child start(Path folder, String... options) throws IOException {
    return startUnder(List.of(), folder, options);
  }

  /** Starts it with one project, whose API key this is and where nobody can send too much. */
  static Child startUnlimited(Path folder, String apiKey) throws IOException {
    String config =
        "{\"projects\":[{\"id\":\"busy\",\"apiKey\":\"%s\",\"limits\":{%s}}]}"
            .formatted(apiKey, "\"messagesPerMinute\":1000000,\"tokensPerMinute\":1000000");
    Files.writeString(folder.resolve("busy.json"), config);
    return start(folder, "--port", "0", "--db", "memory", "--config", "busy.json");
  }

  /** Starts it by a command that takes the command to run as its last words. */
  static Child startUnder(List<String> runner, Path folder, String... options) throws IOException {
    List<String> command = new ArrayList<>(runner);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(options));
    return new Child(new ProcessBuilder(command).directory(folder.toFile()).start());
  }

  /** Waits until it serves; the address is what it says. */
  String url() throws InterruptedException {
    try {
      return ready.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("not ready: " + out + err, e);
    }
  }

  /** How long it took from the start of the JVM to the ready line. */
  long readyMs() throws InterruptedException {
    url();
    return readyMs;
  }

  /** SIGTERM. */
  void ask() {
    process.descendants().findFirst().orElse(process.toHandle()).destroy();
  }

  /** SIGKILL, and waits for the end. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for its end and tells the exit status. */
  int status(Duration most) throws InterruptedException {
    if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still runs after " + most + ": " + out + err);
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  List<String> out() {
    return List.copyOf(out);
  }

  List<String> err() {
    return List.copyOf(err);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void read(InputStream stream, Queue<String> lines) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader text =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = text.readLine(); line != null; line = text.readLine()) {
                  lines.add(line);
                  if (line.startsWith(READY)) {
                    readyMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
                    ready.complete(line.substring(READY.length()));
                  }
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                if (lines == out) {
                  ready.completeExceptionally(new IOException("it ended"));
                }
              }
            });
    reader.setDaemon(true);
    readers.add(reader);
    reader.start();
  }
}
