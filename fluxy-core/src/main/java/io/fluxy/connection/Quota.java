package io.fluxy.connection;

import io.fluxy.store.Directory;
import io.fluxy.time.Scheduler;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages per project and UTC month. What earlier runs and other nodes have written is counted
 * once, from the store, when the project first asks in a month; what this engine writes is counted
 * as it happens.
 */
public final class Quota {
  private static final Logger LOG = LoggerFactory.getLogger(Quota.class);

  private final Directory directory;
  private final Scheduler scheduler;
  private final ConcurrentMap<String, Month> months = new ConcurrentHashMap<>();

  private record Month(YearMonth month, AtomicLong used) {}

  /** How a project stands in a month. */
  public record Usage(long used, String month, String resetsAt, int secondsLeft) {}

  public Quota(Directory directory, Scheduler scheduler) {
    this.directory = directory;
    this.scheduler = scheduler;
  }

  /** Counts a message that was written. */
  public void count(String project) {
    Month month = months.get(project);
    if (month != null) {
      month.used.incrementAndGet();
    }
  }

  /** What the project has used up this month. */
  public Usage usage(String project) {
    Instant now = Instant.ofEpochMilli(scheduler.nowMs());
    YearMonth thisMonth = YearMonth.from(now.atOffset(ZoneOffset.UTC));
    Month month =
        months.compute(
            project,
            (key, known) ->
                known != null && known.month.equals(thisMonth) ? known : begin(key, thisMonth));
    Instant reset = thisMonth.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Usage(
        month.used.get(),
        thisMonth.toString(),
        reset.toString().replace("Z", ".000Z"),
        (int) Math.max(1, (reset.toEpochMilli() - now.toEpochMilli()) / 1000));
  }

  private Month begin(String project, YearMonth thisMonth) {
    Month month = new Month(thisMonth, new AtomicLong());
    long startMs = thisMonth.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    directory
        .messagesSince(project, startMs)
        .whenComplete(
            (before, failure) -> {
              if (failure == null) {
                month.used.addAndGet(before);
              } else {
                LOG.warn("{}: the month's messages are not known: {}", project, failure.toString());
              }
            });
    return month;
  }
}
