package io.fluxy.protocol;

import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Whether the engine does its work: the store takes a write, and tasks are run. Looked at when
 * somebody asks, but not more than once a second, so that whoever asks often costs nothing.
 *
 * <p>Safe for use by many threads.
 */
public final class Health {
  private static final long FRESH_MS = 1_000;
  private static final long PATIENCE_MS = 2_000;

  private final Store store;
  private final Scheduler scheduler;
  private @Nullable CompletableFuture<Report> newest; // guarded by this, as below
  private long lookedAt;

  public Health(Store store, Scheduler scheduler) {
    this.store = store;
    this.scheduler = scheduler;
  }

  /**
   * What was found.
   *
   * @param storeWrites the store took a write within two seconds
   * @param tasksRun a task was run within two seconds
   */
  public record Report(boolean storeWrites, boolean tasksRun) {
    public boolean ok() {
      return storeWrites && tasksRun;
    }
  }

  /** Looks, or answers what was found less than a second ago. Never completes exceptionally. */
  public CompletionStage<Report> look() {
    CompletableFuture<Report> report;
    synchronized (this) {
      long now = scheduler.ticksMs();
      if (newest != null && (!newest.isDone() || now - lookedAt < FRESH_MS)) {
        return newest;
      }
      report = new CompletableFuture<>();
      newest = report;
      lookedAt = now;
    }
    CompletableFuture<Void> task = new CompletableFuture<>();
    scheduler.run(() -> task.complete(null));
    inTime(check()).thenCombine(inTime(task), Report::new).thenAccept(report::complete);
    return report;
  }

  private CompletionStage<Void> check() {
    try {
      return store.check();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(new CompletionException(e));
    }
  }

  private CompletionStage<Boolean> inTime(CompletionStage<Void> stage) {
    CompletableFuture<Boolean> inTime = new CompletableFuture<>();
    Scheduler.Timer tooLate = scheduler.after(PATIENCE_MS, () -> inTime.complete(false));
    stage.whenComplete(
        (nothing, failure) -> {
          tooLate.cancel();
          inTime.complete(failure == null);
        });
    return inTime;
  }
}
