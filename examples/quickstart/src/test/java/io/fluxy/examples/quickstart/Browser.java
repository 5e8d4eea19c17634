package io.fluxy.examples.quickstart;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium, one for all tests of this JVM: the system's, {@code -Dfluxy.chromium=FILE},
 * or else one that Playwright downloads. It reaches this machine and nothing else.
 *
 * <p>Playwright belongs to one thread; so do tabs.
 */
final class Browser {
  /** Ends what hangs; no test asserts a time. */
  private static final int PATIENCE_MS = Integer.getInteger("fluxy.browser.patienceMs", 60_000);

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");
  private static final List<String> NO_NAME_BUT_OURS =
      List.of("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
  private static final Map<String, String> NO_DOWNLOAD =
      Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"); // of Firefox, WebKit and so on

  private static @Nullable Browser shared;
  private static @Nullable String none;

  private final com.microsoft.playwright.Browser chromium;

  private Browser(com.microsoft.playwright.Browser chromium) {
    this.chromium = chromium;
  }

  /** The browser; where none can be had, the test is skipped and says why. */
  static Browser orSkip() {
    if (shared == null && none == null) {
      try {
        shared = new Browser(launch());
      } catch (IOException e) {
        none = e.getMessage();
      }
    }
    assumeTrue(shared != null, "skipped: no Chromium here, and none could be fetched: " + none);
    return Objects.requireNonNull(shared);
  }

  /** A tab with cookies and storage of its own, as if on another device. */
  Tab tab(String url) {
    return tab(url, options -> {});
  }

  /** A tab on a device of another size, colour scheme and so on. */
  Tab tab(String url, Consumer<com.microsoft.playwright.Browser.NewContextOptions> device) {
    var options = new com.microsoft.playwright.Browser.NewContextOptions();
    device.accept(options);
    BrowserContext context = chromium.newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    return new Tab(context, url);
  }

  private static com.microsoft.playwright.Browser launch() throws IOException {
    LaunchOptions options = new LaunchOptions().setArgs(NO_NAME_BUT_OURS);
    Optional<Path> ours = installed();
    if (ours.isPresent()) {
      options.setExecutablePath(ours.get());
    } else {
      download();
    }
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    Playwright playwright =
        Playwright.create(new Playwright.CreateOptions().setEnv(NO_DOWNLOAD)); // ends with the JVM
    try {
      return playwright.chromium().launch(options);
    } catch (PlaywrightException e) {
      playwright.close();
      throw e;
    }
  }

  private static Optional<Path> installed() {
    String named = System.getProperty("fluxy.chromium");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return NAMES.stream()
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static void download() throws IOException {
    ProcessBuilder install =
        Driver.ensureDriverInstalled(NO_DOWNLOAD, false).createProcessBuilder();
    install.command().addAll(List.of("install", "chromium-headless-shell"));
    Process process = install.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            said.lines().filter(line -> line.contains("Error")).findFirst().orElse(said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
