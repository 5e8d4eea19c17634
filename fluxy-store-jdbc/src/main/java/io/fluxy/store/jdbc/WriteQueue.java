package io.fluxy.store.jdbc;

import io.fluxy.store.StoreClosedException;
import io.fluxy.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: one thread takes all that waits, has it written in one transaction, and the stages
 * complete when the commit has been synced. Under load the groups grow, so more rooms share a sync;
 * when idle nothing waits for company.
 *
 * <p>Stages complete on the writer thread: what follows from them must be short.
 */
final class WriteQueue implements AutoCloseable {
  private static final int GROUP_ROWS_MAX = 1_024;

  private final String where;
  private final int rowsMax;
  private final GroupCommit commit;
  private final LinkedBlockingQueue<Write<?>> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger rows = new AtomicInteger();
  private final Thread thread = new Thread(this::work, "fluxy-store-writer");
  private volatile boolean closed;

  /**
   * @param rowsMax how many rows may wait
   */
  WriteQueue(String where, int rowsMax, GroupCommit commit) {
    this.where = where;
    this.rowsMax = rowsMax;
    this.commit = commit;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  <T> CompletionStage<T> add(Write<T> write) {
    if (closed) {
      write.fail(closed(write));
    } else if (rows.addAndGet(write.rows()) > rowsMax) {
      rows.addAndGet(-write.rows());
      write.fail(
          new StoreException(
              write.subject() + ": the write queue is full, " + rowsMax + " rows; " + where));
    } else {
      waiting.add(write);
      if (closed && !thread.isAlive()) {
        failWaiting(); // it slipped in after the writer's last look
      }
    }
    return write.stage();
  }

  private void work() {
    List<Write<?>> group = new ArrayList<>();
    while (fill(group)) {
      commit.commit(group);
      group.clear();
    }
    commit.disconnect();
  }

  /** Waits for something to do; false when closed and nothing is left. */
  private boolean fill(List<Write<?>> group) {
    int groupRows = 0;
    Write<?> next = first();
    while (next != null) {
      if (!(next instanceof Stop)) {
        group.add(next);
        groupRows += next.rows();
      }
      next = groupRows < GROUP_ROWS_MAX ? waiting.poll() : null;
    }
    rows.addAndGet(-groupRows);
    return !group.isEmpty() || !closed;
  }

  private @Nullable Write<?> first() {
    return closed ? waiting.poll() : Uninterrupted.get(waiting::take);
  }

  /** Writes what has been handed in, then stops. */
  @Override
  public void close() {
    closed = true;
    waiting.add(new Stop());
    Uninterrupted.get(
        () -> {
          thread.join();
          return true;
        });
    failWaiting();
  }

  private void failWaiting() {
    Write<?> write;
    while ((write = waiting.poll()) != null) {
      write.fail(closed(write));
    }
  }

  private StoreException closed(Write<?> write) {
    return new StoreClosedException(write.subject() + ": the store is closed; " + where);
  }

  /** Wakes the writer. */
  private static final class Stop extends Write<Void> {
    Stop() {
      super("close");
    }

    @Override
    @Nullable Void run(Transaction transaction) {
      return null;
    }
  }
}
