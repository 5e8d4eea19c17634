package io.fluxy.simulation;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes standard error while simulations run: the engine warns of every planned fault there. An
 * error it logs is one it has not expected, unless a member threw as planned.
 */
public final class EngineLog {
  private final PrintStream before = System.err;
  private @Nullable String error;

  /** From here on, until {@link #close}. */
  public void open() {
    OutputStream lines =
        new OutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public void write(byte[] bytes, int from, int length) {
            heard(new String(bytes, from, length, StandardCharsets.UTF_8));
          }
        };
    System.setErr(new PrintStream(lines, false, StandardCharsets.UTF_8));
  }

  public void close() {
    System.setErr(before);
  }

  private void heard(String text) {
    if (text.contains(" ERROR ") && error == null) {
      error = text;
    } else if (error != null && text.contains("planned")) {
      error = null; // the stack trace that follows
    }
  }

  /** The first error since the last call. */
  public @Nullable String error() {
    String first = error;
    error = null;
    return first;
  }
}
