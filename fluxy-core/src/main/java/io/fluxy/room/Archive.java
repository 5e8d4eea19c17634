package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.OpenStream;
import io.fluxy.store.Personal;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.time.Scheduler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a room asks its store for outside of a turn: old pages, the log for members that are slow,
 * read positions. Nothing here waits longer for the store than {@link Limits} allows.
 */
final class Archive {
  private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

  private final RoomId room;
  private final Store store;
  private final Scheduler scheduler;
  private final Limits limits;
  private final Pages pages;

  Archive(RoomId room, Store store, Scheduler scheduler, Limits limits) {
    this.room = room;
    this.store = store;
    this.scheduler = scheduler;
    this.limits = limits;
    this.pages = new Pages(room, store.messages());
  }

  /** See {@link Room#page}. */
  CompletionStage<List<StoredMessage>> page(Sight sight, long beforeSeq, int max) {
    return orUnavailable(() -> pages.before(sight, beforeSeq, max));
  }

  /** See {@link Room#pageBefore}. */
  CompletionStage<List<StoredMessage>> pageBefore(Sight sight, long beforeMs, int max) {
    return orUnavailable(() -> store.messages().seqAt(room, beforeMs))
        .thenCompose(seq -> page(sight, seq, max));
  }

  /** See {@link Room#thread}. */
  CompletionStage<Optional<RoomThread>> thread(
      Sight sight, long parentSeq, long beforeMs, int max) {
    return orUnavailable(() -> store.messages().messages(room, List.of(parentSeq)))
        .thenCompose(
            found -> {
              if (found.isEmpty() || !sight.sees(found.get(0).message())) {
                return CompletableFuture.completedStage(Optional.empty());
              }
              return before(beforeMs)
                  .thenCompose(
                      seq -> orUnavailable(() -> pages.replies(sight, parentSeq, seq, max)))
                  .thenApply(replies -> Optional.of(new RoomThread(found.get(0), replies)));
            });
  }

  private CompletionStage<Long> before(long beforeMs) {
    return beforeMs == Long.MAX_VALUE
        ? CompletableFuture.completedStage(Long.MAX_VALUE)
        : orUnavailable(() -> store.messages().seqAt(room, beforeMs));
  }

  /** A stretch of the log; completes exceptionally if the store fails or takes too long. */
  CompletionStage<List<Event.Durable>> log(long afterSeq, int max) {
    return inTime(() -> store.messages().read(room, afterSeq, max));
  }

  /** The messages that are being written bit by bit. */
  CompletionStage<List<OpenStream>> streams() {
    return inTime(() -> store.messages().streams(room));
  }

  /** Keeps what a message says so far, if the store does: nobody waits for it. */
  void checkpoint(long seq, String content) {
    store
        .messages()
        .checkpoint(room, seq, content)
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                StoreTrouble.log(LOG, "{}: a checkpoint was not kept: {}", room, failure);
              }
            });
  }

  /** Keeps a read position, if the store does: nobody waits for it. */
  void keep(Event.Read read) {
    store
        .directory()
        .markRead(room, read.userId(), Message.seqOf(read.messageId()))
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                StoreTrouble.log(LOG, "{}: a read position was not kept: {}", room, failure);
              }
            });
  }

  /** Keeps a receipt, likewise. */
  void keep(Event.Delivered delivered) {
    long seq = Message.seqOf(delivered.messageId());
    store
        .personal()
        .change(
            room,
            Personal.Kind.RECEIPT,
            seq,
            delivered.userId(),
            delivered.atMs(),
            before -> Event.Delivered.STATUS)
        .whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                StoreTrouble.log(LOG, "{}: a receipt was not kept: {}", room, failure);
              }
            });
  }

  private <T> CompletionStage<T> orUnavailable(Supplier<CompletionStage<T>> call) {
    return inTime(call)
        .exceptionallyCompose(
            failure -> {
              StoreTrouble.log(LOG, "{}: the store could not be read: {}", room, failure);
              return CompletableFuture.failedStage(new RefusedException(Refusals.unavailable()));
            });
  }

  private <T> CompletionStage<T> inTime(Supplier<CompletionStage<T>> call) {
    CompletionStage<T> answer = call.get();
    if (answer.toCompletableFuture().isDone()) {
      return answer;
    }
    CompletableFuture<T> inTime = new CompletableFuture<>();
    Scheduler.Timer tooLate =
        scheduler.after(
            limits.storeTimeoutMs(),
            () -> inTime.completeExceptionally(new StoreException(room + ": no answer")));
    answer.whenComplete(
        (value, failure) -> {
          tooLate.cancel();
          if (failure == null) {
            inTime.complete(value);
          } else {
            inTime.completeExceptionally(failure);
          }
        });
    return inTime;
  }
}
