package io.fluxy.protocol;

import io.fluxy.chat.Event;
import io.fluxy.store.OperatorStore;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What projects do, for those who run them. By the minute, for a day, in memory: what this engine
 * has seen since it started. What agents use up is written into the store.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public final class Tally {
  private static final Logger LOG = LoggerFactory.getLogger(Tally.class);

  /** The longest time that is looked back upon. */
  public static final int MINUTES_MAX = 1_440;

  private static final int PROJECTS_MAX = 1_000; // others are not counted
  private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled", "interrupted");

  private final OperatorStore store;
  private final Scheduler scheduler;
  private final ConcurrentMap<String, Lately> projects = new ConcurrentHashMap<>();

  /** What is counted by the minute. */
  public enum Metric {
    MESSAGES_CREATED,
    REQUESTS_TOTAL,
    /** Those that we or our store are to blame for. */
    REQUESTS_ERROR,
    WEBHOOKS_DELIVERED,
    WEBHOOKS_FAILED,
    AGENT_RUNS,
    AGENT_RUNS_FAILED;

    /** The word on the wire. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What agents have used up, by month in the store. */
  public enum Spent {
    AGENT_RUNS,
    AGENT_INPUT_TOKENS,
    AGENT_OUTPUT_TOKENS,
    /** Millionths of the unit in which agents report what they cost. */
    AGENT_COST_MICROS;

    /** The word in the store. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What was counted in one minute, which is given as minutes since 1970. */
  public record Point(Metric metric, long minute, long count) {}

  /** The counts are all there from the start, so many threads may look them up. */
  private record Minute(long minute, Map<Metric, LongAdder> counts) {
    Minute(long minute) {
      this(minute, new EnumMap<>(Metric.class));
      for (Metric metric : Metric.values()) {
        counts.put(metric, new LongAdder());
      }
    }

    LongAdder of(Metric metric) {
      return Objects.requireNonNull(counts.get(metric));
    }
  }

  /** One project's last day. */
  private static final class Lately {
    private volatile Minute current;
    private final Deque<Minute> before = new ArrayDeque<>(); // newest first

    Lately(long minute) {
      current = new Minute(minute);
    }

    void count(long minute, Metric metric) {
      Minute now = current;
      (now.minute() >= minute ? now : next(minute)).of(metric).increment();
    }

    private synchronized Minute next(long minute) {
      if (current.minute() < minute) {
        before.addFirst(current);
        current = new Minute(minute);
        while (before.getLast().minute() <= minute - MINUTES_MAX) {
          before.removeLast();
          if (before.isEmpty()) {
            break;
          }
        }
      }
      return current;
    }

    synchronized List<Minute> since(long minute) {
      List<Minute> found = new ArrayList<>();
      if (current.minute() > minute) {
        found.add(current);
      }
      before.stream().filter(one -> one.minute() > minute).forEach(found::add);
      return found;
    }
  }

  public Tally(OperatorStore store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
  }

  /** Counts one more. */
  public void count(String project, Metric metric) {
    long minute = minute();
    Lately lately = projects.get(project);
    if (lately == null) {
      if (projects.size() >= PROJECTS_MAX) {
        return;
      }
      lately = projects.computeIfAbsent(project, none -> new Lately(minute));
    }
    lately.count(minute, metric);
  }

  private long minute() {
    return scheduler.nowMs() / 60_000;
  }

  /** What was counted in the last minutes, this one included: by metric, newest first. */
  public List<Point> points(String project, int minutes) {
    List<Point> points = new ArrayList<>();
    Lately lately = projects.get(project);
    if (lately != null) {
      List<Minute> since = lately.since(minute() - minutes);
      for (Metric metric : Metric.values()) {
        for (Minute one : since) {
          long count = one.of(metric).sum();
          if (count > 0) {
            points.add(new Point(metric, one.minute(), count));
          }
        }
      }
    }
    return points;
  }

  /** The sums of these, with none left out. */
  public Map<Metric, Long> totals(String project, int minutes) {
    Map<Metric, Long> totals = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      totals.put(metric, 0L);
    }
    points(project, minutes)
        .forEach(point -> totals.merge(point.metric(), point.count(), Long::sum));
    return totals;
  }

  /** A run is reported; what it used is counted when it has ended. */
  public void run(String project, Event.RunReported run) {
    if (!ENDS.contains(run.status())) {
      return;
    }
    count(project, Metric.AGENT_RUNS);
    if (run.status().equals("failed") || run.status().equals("interrupted")) {
      count(project, Metric.AGENT_RUNS_FAILED);
    }
    scheduler.run(() -> spend(project, run.json()));
  }

  private void spend(String project, String json) {
    Map<String, ?> run = Json.object(json.getBytes(StandardCharsets.UTF_8));
    spend(project, Spent.AGENT_RUNS, 1);
    spend(project, Spent.AGENT_INPUT_TOKENS, number(run.get("input_tokens")));
    spend(project, Spent.AGENT_OUTPUT_TOKENS, number(run.get("output_tokens")));
    spend(project, Spent.AGENT_COST_MICROS, number(run.get("estimated_cost")) * 1_000_000);
  }

  /** What an agent's server says may be any number, or none. */
  private static double number(@Nullable Object value) {
    double number = value instanceof Number given ? given.doubleValue() : 0;
    return Math.max(0, Math.min(1e9, number));
  }

  private void spend(String project, Spent what, double more) {
    String month = Instant.ofEpochMilli(scheduler.nowMs()).toString().substring(0, 7);
    long whole = Math.round(more);
    if (whole > 0) {
      store
          .count(project, month, what.word(), whole)
          .whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  LOG.warn("{}: {} was not counted: {}", project, what, failure.toString());
                }
              });
    }
  }
}
