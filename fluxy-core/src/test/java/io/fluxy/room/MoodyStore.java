package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.store.DeliveryRecord;
import io.fluxy.store.MessageStore;
import io.fluxy.store.StandIn;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that does what a test tells it to: works, waits, fails, or saves and then fails. Counts
 * what it was asked.
 */
final class MoodyStore {
  enum Mood {
    FINE,
    /** Saves nothing and says nothing until {@link #goOn}. */
    WAITS,
    FAILS,
    SAVES_AND_FAILS,
    NEVER_ANSWERS
  }

  private final Store inner;
  private final Store port;
  private final List<Runnable> waiting = new ArrayList<>();
  Mood appends = Mood.FINE;
  Mood reads = Mood.FINE;
  int appended;
  int checkpoints;
  int pagesRead;
  int logsRead;

  MoodyStore(Store inner) {
    this.inner = inner;
    MessageStore messages = StandIn.of(MessageStore.class, new Messages(), this::asked);
    this.port =
        StandIn.of(
            Store.class,
            new Object(),
            (method, arguments) ->
                method.getName().equals("messages")
                    ? messages
                    : StandIn.call(method, inner, arguments));
  }

  Store inner() {
    return inner;
  }

  /** The store as rooms have it. */
  Store port() {
    return port;
  }

  /** Lets everything happen that was waiting. */
  void goOn() {
    appends = Mood.FINE;
    reads = Mood.FINE;
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(Runnable::run);
  }

  private <T> CompletionStage<T> does(Mood mood, Supplier<? extends CompletionStage<T>> what) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    switch (mood) {
      case FINE -> {
        return what.get();
      }
      case WAITS ->
          waiting.add(
              () ->
                  what.get()
                      .whenComplete(
                          (value, failure) -> {
                            if (failure == null) {
                              answer.complete(value);
                            } else {
                              answer.completeExceptionally(failure);
                            }
                          }));
      case SAVES_AND_FAILS -> {
        what.get().toCompletableFuture().join();
        answer.completeExceptionally(new StoreException("planned"));
      }
      case FAILS -> answer.completeExceptionally(new StoreException("planned"));
      case NEVER_ANSWERS -> {}
    }
    return answer;
  }

  /** What a room asks. */
  final class Messages {
    CompletionStage<Void> append(
        RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing) {
      appended++;
      List<Event.Durable> offered = List.copyOf(events);
      return does(appends, () -> inner.messages().append(room, offered, outgoing));
    }

    CompletionStage<List<Event.Durable>> read(RoomId room, long afterSeq, int max) {
      logsRead++;
      return does(reads, () -> inner.messages().read(room, afterSeq, max));
    }

    CompletionStage<List<StoredMessage>> page(RoomId room, long beforeSeq, int max) {
      pagesRead++;
      return does(reads, () -> inner.messages().page(room, beforeSeq, max));
    }

    CompletionStage<Void> checkpoint(RoomId room, long seq, String content) {
      checkpoints++;
      return does(appends, () -> inner.messages().checkpoint(room, seq, content));
    }
  }

  /** Every other question is a read. */
  private Object asked(Method method, Object @Nullable [] arguments) {
    return does(
        reads,
        () -> {
          try {
            return (CompletionStage<?>) StandIn.call(method, inner.messages(), arguments);
          } catch (Throwable e) {
            throw new StoreException(method.getName(), e);
          }
        });
  }
}
