package io.fluxy.protocol.fluxy;

import static java.lang.Integer.parseInt;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Sees everything this suite's servers say and log: an answer must not show their insides, a log
 * must not hold a secret, nor report that something could not be answered.
 */
final class Leaks {
  private static final Pattern INSIDES =
      Pattern.compile(
          "\\bat [a-z]+\\.[a-z]|Exception|Error:|\\bjavax?\\.|io\\.fluxy|com\\.(fasterxml|nimbus)"
              + "|jackson|\\.java\\b|\\bnull pointer|SQL(ite|STATE)|org\\.(h2|jooq)|lambda\\$"
              + "|\\bselect .* from |\\binsert into ",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SURROGATES =
      Pattern.compile("\\\\u([dD][89abAB]..)\\\\u([dD][c-fC-F]..)");
  private static final Pattern TROUBLE = Pattern.compile("(?m)^.*\\bERROR\\b.*$");
  private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();
  private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();

  private static boolean watching; // guarded by LOG

  static {
    System.setErr(new PrintStream(new Copy(System.err), true, StandardCharsets.UTF_8));
  }

  private Leaks() {}

  /** Begins to watch the log, until it is looked at; other tests' logs are none of our business. */
  static void watch() {
    synchronized (LOG) {
      if (!watching) {
        LOG.reset();
        watching = true;
      }
    }
  }

  /** From here on, this must not be in any log. */
  static String secret(String text) {
    if (text.length() >= 16) {
      SECRETS.add(text);
    }
    return text;
  }

  /** Something a client gets to see. */
  static String checked(String shown) {
    assertThat(INSIDES.matcher(shown).results().map(hit -> hit.group()).toList())
        .as("insides shown in: %s", shown)
        .isEmpty();
    return shown;
  }

  /** How tests write JSON: {@code '} for a quote, and an emoji as itself, escaped or not. */
  static String shown(String json) {
    return SURROGATES
        .matcher(json)
        .replaceAll(
            pair -> "" + (char) parseInt(pair.group(1), 16) + (char) parseInt(pair.group(2), 16))
        .replace('"', '\'');
  }

  /** What has been logged since the watch began; ends it. */
  static String log() {
    synchronized (LOG) {
      watching = false;
      return LOG.toString(StandardCharsets.UTF_8);
    }
  }

  /**
   * What was logged since the watch began has no secret in it, and tells of no trouble. Ends the
   * watch.
   */
  static void checkLog() {
    String log = log();
    assertThat(secretsIn(log)).as("secrets in the log: %s", log).isEmpty();
    assertThat(TROUBLE.matcher(log).results().map(hit -> hit.group()).toList()).isEmpty();
  }

  /** Which secrets a text holds. */
  static Set<String> secretsIn(String text) {
    Set<String> found = ConcurrentHashMap.newKeySet();
    for (String secret : SECRETS) {
      if (text.contains(secret)) {
        found.add(secret);
      }
    }
    return found;
  }

  /** Keeps what is logged while we watch, and lets the rest through. */
  private static final class Copy extends OutputStream {
    private final OutputStream real;

    Copy(OutputStream real) {
      this.real = real;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      synchronized (LOG) {
        if (watching) {
          LOG.write(bytes, offset, length);
          return;
        }
      }
      real.write(bytes, offset, length);
    }
  }
}
