package io.fluxy.room;

import io.fluxy.time.Scheduler;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes messages that projects have kept for long enough: once an hour, one project after the
 * other. What a sweep could not do, the next one does.
 */
public final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final long SWEEP_MS = 3_600_000;
  private static final long DAY_MS = 86_400_000;

  private final Scheduler scheduler;
  private final Erasure erasure;
  private final Supplier<Collection<String>> projects;
  private final ToIntFunction<String> days;
  private volatile boolean closed;

  /**
   * @param projects whose messages to look at
   * @param days how long a project keeps them; 0 for ever
   */
  public Retention(
      Scheduler scheduler,
      Erasure erasure,
      Supplier<Collection<String>> projects,
      ToIntFunction<String> days) {
    this.scheduler = scheduler;
    this.erasure = erasure;
    this.projects = projects;
    this.days = days;
  }

  /** Sweeps an hour from now, and every hour after. */
  public void start() {
    scheduler.after(SWEEP_MS, this::sweep);
  }

  private void sweep() {
    if (closed) {
      return;
    }
    CompletionStage<Void> done = CompletableFuture.completedStage(null);
    for (String project : projects.get()) {
      int kept = days.applyAsInt(project);
      if (kept > 0) {
        long beforeMs = scheduler.nowMs() - kept * DAY_MS;
        done = done.thenCompose(nothing -> expire(project, beforeMs));
      }
    }
    done.whenComplete((nothing, failure) -> start());
  }

  private CompletionStage<Void> expire(String project, long beforeMs) {
    return erasure
        .expire(project, beforeMs)
        .exceptionally(
            failure -> {
              LOG.warn("{}: old messages were not deleted: {}", project, failure.toString());
              return null;
            });
  }

  @Override
  public void close() {
    closed = true;
  }
}
