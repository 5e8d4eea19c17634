package io.fluxy.spring;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Speaks when the caller's transaction has been committed, so that nobody hears of an order that
 * was never placed:
 *
 * <pre>{@code
 * @Transactional
 * public void ship(Order order) {
 *   orders.markShipped(order);
 *   afterCommit.run(() -> fluxy.room(order.room()).post(SHOP, Draft.text("On its way")));
 * }
 * }</pre>
 *
 * <p>A bean of this type is there if the application has Spring's transactions. What is said so is
 * not part of the transaction: if the process dies between the commit and the message, the order is
 * placed and nothing is said. {@link InTransaction} has no such gap; this is for all that is no
 * message.
 *
 * <p>Safe for use by many threads.
 */
public final class AfterCommit {
  AfterCommit() {}

  /**
   * Runs something after the commit; at once if there is no transaction.
   *
   * @param action such as a post; must not block, for the caller waits for it
   * @return the action's outcome; fails with {@link CancellationException} if the transaction was
   *     rolled back. Don't wait for it inside the transaction
   */
  public <T> CompletionStage<T> run(Supplier<? extends CompletionStage<T>> action) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.isSynchronizationActive()) {
      return action.get();
    }
    CompletableFuture<T> outcome = new CompletableFuture<>();
    TransactionSynchronizationManager.registerSynchronization(new Then<>(action, outcome));
    return outcome;
  }

  private record Then<T>(
      Supplier<? extends CompletionStage<T>> action, CompletableFuture<T> outcome)
      implements TransactionSynchronization {
    @Override
    public void afterCompletion(int status) {
      if (status != STATUS_COMMITTED) {
        outcome.completeExceptionally(new CancellationException("rolled back"));
        return;
      }
      try {
        action
            .get()
            .whenComplete(
                (result, failure) -> {
                  if (failure == null) {
                    outcome.complete(result);
                  } else {
                    outcome.completeExceptionally(failure);
                  }
                });
      } catch (RuntimeException e) {
        outcome.completeExceptionally(e); // what has been committed stays so
      }
    }
  }
}
