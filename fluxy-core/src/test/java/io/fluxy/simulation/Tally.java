package io.fluxy.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How often things happened, over many runs. */
final class Tally {
  private final Map<Sometimes, Long> counts = new EnumMap<>(Sometimes.class);
  private long virtualMs;
  private long steps;
  private long told;

  void saw(Sometimes what) {
    counts.merge(what, 1L, Long::sum);
  }

  void ran(long ms, long taskSteps) {
    virtualMs += ms;
    steps += taskSteps;
  }

  void told() {
    told++;
  }

  List<Sometimes> neverSeen() {
    List<Sometimes> never = new ArrayList<>();
    for (Sometimes what : Sometimes.values()) {
      if (!counts.containsKey(what)) {
        never.add(what);
      }
    }
    return never;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%,d virtual hours, %,d steps, %,d frames heard", virtualMs / 3_600_000, steps, told));
    for (Sometimes what : Sometimes.values()) {
      text.append(String.format("%n  %-34s %,d", what, counts.getOrDefault(what, 0L)));
    }
    return text.toString();
  }
}
