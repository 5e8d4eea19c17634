package io.fluxy.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An application that somebody has just begun: a POM, one class, and what properties they like. It
 * is built by Maven from what this build has made, in a local repository of its own, and run as a
 * process.
 */
final class FreshProject {
  private static final String VERSION = String.valueOf(System.getProperty("fluxy.version"));
  private static final List<String> MODULES =
      List.of(
          "fluxy-core", "fluxy-store-jdbc", "fluxy-transport-servlet", "fluxy-spring-boot-starter");

  private final Path folder;
  private final StringBuilder dependencies = new StringBuilder();
  private final StringBuilder versions = new StringBuilder();

  FreshProject(Path folder) {
    this.folder = folder;
  }

  FreshProject dependsOn(String group, String... artifacts) {
    for (String artifact : artifacts) {
      String version = group.equals("io.fluxy") ? "<version>" + VERSION + "</version>" : "";
      dependencies.append(
          "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>%s</dependency>%n"
              .formatted(group, artifact, version));
    }
    return this;
  }

  FreshProject property(String name, String value) {
    versions.append("<%s>%s</%s>%n".formatted(name, value, name));
    return this;
  }

  /** Writes it down, and has Maven make a jar of it. */
  Path built(String springBoot, String properties) throws IOException, InterruptedException {
    Path source = folder.resolve("src/main/java/fresh/Fresh.java");
    Path said = folder.resolve("src/main/resources/application.properties");
    Files.createDirectories(source.getParent());
    Files.createDirectories(said.getParent());
    Files.writeString(said, properties);
    Files.writeString(
        source,
        """
        package fresh;

        import org.springframework.boot.SpringApplication;
        import org.springframework.boot.autoconfigure.SpringBootApplication;

        @SpringBootApplication
        public class Fresh {
          public static void main(String[] args) {
            SpringApplication.run(Fresh.class, args);
          }
        }
        """);
    Files.writeString(
        folder.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <parent>
            <groupId>org.springframework.boot</groupId>
            <artifactId>spring-boot-starter-parent</artifactId>
            <version>%s</version>
            <relativePath/>
          </parent>
          <groupId>fresh</groupId>
          <artifactId>fresh</artifactId>
          <version>1</version>
          <properties>
            %s
          </properties>
          <dependencies>
            %s
          </dependencies>
          <build>
            <plugins>
              <plugin>
                <groupId>org.springframework.boot</groupId>
                <artifactId>spring-boot-maven-plugin</artifactId>
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(springBoot, versions, dependencies));
    maven("package");
    return folder.resolve("target/fresh-1.jar");
  }

  private void maven(String goal) throws IOException, InterruptedException {
    boolean windows = File.separatorChar == '\\';
    Path mvn = Path.of(System.getProperty("maven.home"), "bin", windows ? "mvn.cmd" : "mvn");
    Process maven =
        new ProcessBuilder(
                mvn.toString(),
                "-B",
                "-ntp",
                "-q",
                "-Dmaven.repo.local=" + repository(),
                "-Dmaven.repo.local.tail=" + System.getProperty("maven.local.repository"),
                goal)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(maven.waitFor()).as(output).isZero();
  }

  /** Holds this build's jars as if they had been installed, and what only this test needs. */
  private static Path repository() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    Path repository = Path.of("target", "fresh-repository").toAbsolutePath();
    put(repository, "fluxy-parent", "pom", root.resolve("pom.xml"));
    for (String module : MODULES) {
      Path built = root.resolve(module);
      put(repository, module, "pom", built.resolve("pom.xml"));
      put(
          repository,
          module,
          "jar",
          built.resolve("target").resolve(module + "-" + VERSION + ".jar"));
    }
    return repository;
  }

  private static void put(Path repository, String artifact, String type, Path file)
      throws IOException {
    Path place = repository.resolve(Path.of("io", "fluxy", artifact, VERSION));
    Files.createDirectories(place);
    Files.copy(
        file,
        place.resolve(artifact + "-" + VERSION + "." + type),
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** The application in a JVM of its own. */
  static final class Running implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Pattern PASSWORD = Pattern.compile("generated security password: (\\S+)");

    private final Process process;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> port = new CompletableFuture<>();
    private final CompletableFuture<String> password = new CompletableFuture<>();

    Running(Path jar, String... arguments) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
      command.add("--server.port=0");
      command.add("--server.tomcat.basedir=tomcat"); // of its own folder, which goes
      command.addAll(List.of(arguments));
      process =
          new ProcessBuilder(command)
              .directory(jar.resolveSibling(".").toFile())
              .redirectErrorStream(true)
              .start();
      Thread reader = new Thread(this::read, "fresh-output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader text =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          lines.add(line);
          tell(PORT, line, port);
          tell(PASSWORD, line, password);
        }
      } catch (IOException e) {
        lines.add(e.toString());
      }
      AssertionError ended = new AssertionError("it ended: " + String.join("\n", lines));
      port.completeExceptionally(ended);
      password.completeExceptionally(ended);
    }

    private static void tell(Pattern pattern, String line, CompletableFuture<String> whom) {
      Matcher found = pattern.matcher(line);
      if (found.find()) {
        whom.complete(found.group(1));
      }
    }

    String server() {
      return "http://127.0.0.1:" + port.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** What Spring Boot makes up for the user {@code user}. */
    String password() {
      return password.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** What it has said when it has ended by itself. */
    String lastWords() throws InterruptedException {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isNotZero();
      return port.handle((never, ended) -> String.valueOf(ended)).join();
    }

    /** Asks it to stop. */
    int stops() throws InterruptedException {
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("stops within 20 s").isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
