package io.fluxy.auth;

import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What projects use up in a UTC month. What earlier runs and other nodes have used is read once,
 * from the store, when the project is first asked about in a month; what this engine uses is
 * counted as it happens. Messages are counted by the rooms' logs, all else is written into the
 * store one by one: a count that the store did not take is not made up for.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public final class Quota {
  private static final Logger LOG = LoggerFactory.getLogger(Quota.class);

  private final Store store;
  private final Scheduler scheduler;
  private final ConcurrentMap<Key, Month> months = new ConcurrentHashMap<>();

  /** What is counted. */
  public enum Metric {
    MESSAGES("messages"),
    AGENT_INVOKES("agent_invokes"),
    WEBHOOK_DELIVERIES("webhook_deliveries");

    private final String word;

    Metric(String word) {
      this.word = word;
    }

    /** The word on the wire and in the store. */
    public String word() {
      return word;
    }
  }

  private record Key(String project, Metric metric) {}

  /**
   * @param known completes when what was used before is part of it, or can't be known; never fails
   */
  private record Month(YearMonth month, AtomicLong used, CompletableFuture<Void> known) {}

  /** How a project stands in a month. */
  public record Usage(Metric metric, long used, String month, String resetsAt, int secondsLeft) {}

  public Quota(Store store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
  }

  /** Counts one more. */
  public void count(String project, Metric metric) {
    Month month = months.get(new Key(project, metric));
    if (month != null) {
      month.used.incrementAndGet();
    }
    if (metric != Metric.MESSAGES) {
      store
          .operators()
          .count(project, thisMonth().toString(), metric.word(), 1)
          .whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  LOG.warn("{}: {} was not counted: {}", project, metric, failure.toString());
                }
              });
    }
  }

  /**
   * Counts one more if there is room for it.
   *
   * @param max how many a month; 0 for any number
   */
  public boolean take(String project, Metric metric, long max) {
    if (max > 0 && usage(project, metric).used() >= max) {
      return false;
    }
    count(project, metric);
    return true;
  }

  /**
   * Completes when {@link #usage} knows what the project had used before it was first asked about:
   * for whoever shows figures. Whoever refuses what is over quota need not wait. Never fails.
   */
  public CompletionStage<Void> known(String project) {
    YearMonth thisMonth = thisMonth();
    return CompletableFuture.allOf(
        Arrays.stream(Metric.values())
            .map(metric -> month(new Key(project, metric), thisMonth).known)
            .toArray(CompletableFuture<?>[]::new));
  }

  private Month month(Key asked, YearMonth thisMonth) {
    return months.compute(
        asked,
        (key, known) ->
            known != null && known.month.equals(thisMonth) ? known : begin(key, thisMonth));
  }

  /** What the project has used up this month, as far as it is known. */
  public Usage usage(String project, Metric metric) {
    YearMonth thisMonth = thisMonth();
    Month month = month(new Key(project, metric), thisMonth);
    long resetMs = startMs(thisMonth.plusMonths(1));
    return new Usage(
        metric,
        month.used.get(),
        thisMonth.toString(),
        Instant.ofEpochMilli(resetMs).toString().replace("Z", ".000Z"),
        (int) Math.max(1, (resetMs - scheduler.nowMs()) / 1000));
  }

  private YearMonth thisMonth() {
    return YearMonth.from(Instant.ofEpochMilli(scheduler.nowMs()).atOffset(ZoneOffset.UTC));
  }

  private static long startMs(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  private Month begin(Key key, YearMonth thisMonth) {
    Month month = new Month(thisMonth, new AtomicLong(), new CompletableFuture<>());
    before(key, thisMonth)
        .whenComplete(
            (before, failure) -> {
              if (failure == null) {
                month.used.addAndGet(before);
              } else {
                String why = failure.toString();
                LOG.warn("{}: the month's {} are not known: {}", key.project, key.metric, why);
              }
              month.known.complete(null);
            });
    return month;
  }

  private CompletionStage<Long> before(Key key, YearMonth month) {
    return key.metric == Metric.MESSAGES
        ? store.directory().messagesSince(key.project, startMs(month))
        : store
            .operators()
            .counts(key.project, month.toString())
            .thenApply(counts -> counts.getOrDefault(key.metric.word(), 0L));
  }
}
