package io.fluxy.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What has happened in a test, for whoever has to find out why it failed. */
final class Transcript {
  private static final int LINES_MAX = 200;
  private static final int TEXT_MAX = 100;

  private final LongSupplier ticksMs;
  private final Deque<Line> lines = new ArrayDeque<>();
  private long forgotten;

  private record Line(long atMs, String who, String what, String text) {
    @Override
    public String toString() {
      Duration at = Duration.ofMillis(atMs);
      return String.format(
          Locale.ROOT,
          "%02d:%02d:%02d.%03d  %s %s%s",
          at.toHours(),
          at.toMinutesPart(),
          at.toSecondsPart(),
          at.toMillisPart(),
          who,
          what,
          text.isEmpty() ? "" : " " + text);
    }
  }

  Transcript(LongSupplier ticksMs) {
    this.ticksMs = ticksMs;
  }

  void note(String who, String what, String text) {
    if (lines.size() == LINES_MAX) {
      lines.remove();
      forgotten++;
    }
    String shown = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "..." : text;
    lines.add(new Line(ticksMs.getAsLong(), who, what, shown));
  }

  List<String> lines() {
    return lines.stream().map(Line::toString).toList();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (forgotten > 0) {
      text.append("  (").append(forgotten).append(" lines before)\n");
    }
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }
}
