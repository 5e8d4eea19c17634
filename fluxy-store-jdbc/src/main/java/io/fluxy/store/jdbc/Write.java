package io.fluxy.store.jdbc;

import io.fluxy.store.StoreException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Something that waits to be written, and its stage. It may be tried twice: first together with all
 * others of its group and, if any of them meets a conflict, once more by itself.
 */
abstract class Write<T> {
  private final String subject;
  private final CompletableFuture<T> stage = new CompletableFuture<>();
  private @Nullable T result;
  private @Nullable StoreException failure;

  /**
   * @param subject the room or project it is about, for messages
   */
  Write(String subject) {
    this.subject = subject;
  }

  final String subject() {
    return subject;
  }

  /** What counts against the queue's bound. */
  int rows() {
    return 1;
  }

  /**
   * Does it, inside a transaction that is open.
   *
   * @return null if there is nothing to tell
   * @throws StoreException if it is declined; then nothing was changed
   */
  abstract @Nullable T run(Transaction transaction) throws SQLException;

  /**
   * What a conflict means that it met by itself; its changes are undone by now.
   *
   * @return null to run it again
   */
  @Nullable StoreException conflict(Transaction transaction, SQLException e) throws SQLException {
    return null;
  }

  final CompletionStage<T> stage() {
    return stage;
  }

  /** Tries it; what came of it is kept until the transaction ends. */
  final void attempt(Transaction transaction) throws SQLException {
    failure = null;
    try {
      result = run(transaction);
    } catch (StoreException e) {
      failure = e;
    }
  }

  final boolean isDeclined() {
    return failure != null;
  }

  final void decline(StoreException why) {
    failure = why;
  }

  /** The transaction has been committed. */
  @SuppressWarnings("NullAway") // the result of a Void is null
  final void complete() {
    if (failure == null) {
      stage.complete(result);
    } else {
      stage.completeExceptionally(failure);
    }
  }

  /** The transaction was not committed, or nobody knows. */
  final void fail(StoreException why) {
    stage.completeExceptionally(why);
  }
}
