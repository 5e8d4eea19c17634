package io.fluxy.room;

import io.fluxy.store.StoreException;
import io.fluxy.time.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a turn waits for the store without holding a thread: it goes on when the store answers, or
 * when it has not answered for too long. An answer that comes after that is dropped; one watchdog
 * at a time looks after all waits of a room.
 */
final class Parking {
  private static final long FREE = 0;

  private final Scheduler scheduler;
  private final long timeoutMs;
  private final String name;
  private final AtomicLong ticket = new AtomicLong(FREE); // of the wait under way
  private final AtomicLong watched = new AtomicLong(FREE); // the ticket the watchdog was set on
  private long lastTicket;
  private volatile Runnable overdue = () -> {};

  Parking(Scheduler scheduler, long timeoutMs, String name) {
    this.scheduler = scheduler;
    this.timeoutMs = timeoutMs;
    this.name = name;
  }

  /**
   * Goes on with what the store says, on this thread if it has said it already, else in a task of
   * its own. One wait at a time.
   *
   * @param then gets the value, or the failure without its wrapping
   */
  <T> void await(
      Supplier<? extends CompletionStage<T>> call,
      BiConsumer<@Nullable T, @Nullable Throwable> then) {
    CompletionStage<T> stage = called(call);
    if (stage.toCompletableFuture().isDone()) {
      stage.whenComplete((value, failure) -> then.accept(value, unwrapped(failure)));
      return;
    }
    long mine = ++lastTicket;
    overdue =
        () -> then.accept(null, new StoreException(name + ": no answer in " + timeoutMs + " ms"));
    ticket.set(mine);
    watch(mine);
    stage.whenComplete(
        (value, failure) -> {
          if (ticket.compareAndSet(mine, FREE)) {
            scheduler.run(() -> then.accept(value, unwrapped(failure)));
          }
        });
  }

  private static <T> CompletionStage<T> called(Supplier<? extends CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void watch(long mine) {
    if (watched.compareAndSet(FREE, mine)) {
      scheduler.after(timeoutMs, this::look);
    }
  }

  private void look() {
    long seen = watched.getAndSet(FREE);
    Runnable tooLate = overdue;
    if (ticket.compareAndSet(seen, FREE)) {
      tooLate.run();
    } else if (ticket.get() != FREE) {
      watch(ticket.get());
    }
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
