package io.fluxy.attachment;

import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.store.AttachmentRecord;
import io.fluxy.store.AttachmentStore;
import io.fluxy.time.Scheduler;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files, hands them out again, and removes those that nobody shows any more. A file's row is
 * written before its bytes and goes after them, so that bytes without a row, which nobody would
 * ever find again, can't be.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public final class Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
  private static final int PIECE_BYTES = 1 << 16;
  private static final int BATCH_MAX = 100;
  private static final long SWEEP_MS = 60_000;
  private static final long AGAIN_MS = 100; // if there was more than one batch
  private static final long HOUR_MS = 3_600_000;

  private final AttachmentStore store;
  private final Depot depot;
  private final UploadPolicy policy;
  private final Scheduler scheduler;
  private final Scheduler threads;
  private volatile boolean closed;

  /** Something a depot does. */
  @FunctionalInterface
  private interface Work<T> {
    T now() throws IOException;
  }

  /**
   * @param threads where the depot may block
   */
  public Uploads(
      AttachmentStore store,
      Depot depot,
      UploadPolicy policy,
      Scheduler scheduler,
      Scheduler threads) {
    this.store = store;
    this.depot = depot;
    this.policy = policy;
    this.scheduler = scheduler;
    this.threads = threads;
  }

  public UploadPolicy policy() {
    return policy;
  }

  /**
   * Keeps a file that may be posted in a room by whoever has uploaded it.
   *
   * @param name as {@link FileName} has it
   * @return completes exceptionally with {@link RefusedException} if the project has as much as it
   *     may, or the bytes could not be kept
   */
  public CompletionStage<AttachmentRecord> keep(
      RoomId room, String userId, String name, String contentType, byte[] bytes) {
    HexFormat hex = HexFormat.of();
    String id = hex.toHexDigits(scheduler.random()) + hex.toHexDigits(scheduler.random());
    AttachmentRecord file =
        new AttachmentRecord(
            room, id, userId, name, contentType, bytes.length, scheduler.nowMs(), 0);
    return store
        .add(file, policy.bytesPerProjectMax(), policy.filesPerProjectMax())
        .thenCompose(added -> added ? put(file, bytes) : CompletableFuture.failedStage(full()));
  }

  private CompletionStage<AttachmentRecord> put(AttachmentRecord file, byte[] bytes) {
    return work(() -> {
          depot.put(file.room().project(), file.id(), bytes);
          return file;
        })
        .exceptionallyCompose(
            failure -> {
              LOG.warn("{}: a file could not be kept: {}", file.room(), failure.toString());
              return CompletableFuture.failedStage(
                  new RefusedException(
                      Refusal.later(Refusal.Reason.UNAVAILABLE, "the file could not be kept", 1)));
            }); // the row is swept like that of a file that nobody has posted
  }

  private RefusedException full() {
    String detail =
        "the project's files may have %,d bytes and be %,d"
            .formatted(policy.bytesPerProjectMax(), policy.filesPerProjectMax());
    return new RefusedException(Refusal.of(Refusal.Reason.LIMIT_REACHED, detail));
  }

  /** A file that is not about to go, if it is there. Who may have it is for the caller to say. */
  public CompletionStage<Optional<AttachmentRecord>> find(String projectId, String fileId) {
    return store.find(projectId, fileId);
  }

  /** The next piece of a file; empty at its end. */
  public CompletionStage<Optional<byte[]>> piece(AttachmentRecord file, long offset) {
    if (offset >= file.sizeBytes()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return work(
        () -> {
          byte[] piece = depot.read(file.room().project(), file.id(), offset, PIECE_BYTES);
          if (piece.length == 0) {
            throw new IOException(file.id() + " ends before its end");
          }
          return Optional.of(piece);
        });
  }

  private <T> CompletionStage<T> work(Work<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    threads.run(
        () -> {
          try {
            done.complete(work.now());
          } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  /** Begins to remove what nobody shows any more: now, and every minute. */
  public void start() {
    sweep();
  }

  /** Removes nothing any more. */
  public void stop() {
    closed = true;
  }

  private void sweep() {
    if (closed) {
      return;
    }
    store
        .doomUnposted(scheduler.nowMs() - policy.unpostedHours() * HOUR_MS)
        .thenCompose(nothing -> store.doomed(BATCH_MAX))
        .thenCompose(this::remove)
        .whenComplete(this::swept);
  }

  /** Completes with whether there is more to be done at once. */
  private CompletionStage<Boolean> remove(List<AttachmentRecord> doomed) {
    CompletionStage<Boolean> all = CompletableFuture.completedStage(true);
    for (AttachmentRecord file : doomed) {
      all = all.thenCombine(remove(file), (before, now) -> before && now);
    }
    return all.thenApply(done -> done && doomed.size() == BATCH_MAX);
  }

  private CompletionStage<Boolean> remove(AttachmentRecord file) {
    return work(() -> {
          depot.remove(file.room().project(), file.id());
          return true;
        })
        .thenCompose(removed -> store.forget(file.room().project(), file.id()))
        .thenApply(nothing -> true)
        .exceptionally(
            failure -> {
              LOG.warn("{}: a file could not be removed: {}", file.room(), failure.toString());
              return false;
            });
  }

  private void swept(@Nullable Boolean more, @Nullable Throwable failure) {
    if (failure != null && !closed) {
      LOG.warn("files that go could not be read: {}", failure.toString());
    }
    scheduler.after(Boolean.TRUE.equals(more) ? AGAIN_MS : SWEEP_MS, this::sweep);
  }
}
