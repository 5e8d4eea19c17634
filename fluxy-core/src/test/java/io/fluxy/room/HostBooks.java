package io.fluxy.room;

import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import io.fluxy.store.Pending;
import io.fluxy.store.PendingPost;
import io.fluxy.store.StoreException;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Pending posts of a host that has transactions, in memory: answers come later, or not at all. */
final class HostBooks implements Pending {
  final Map<String, String> refused = new LinkedHashMap<>();
  final List<PendingPost> everCommitted = new ArrayList<>();
  Scheduler scheduler;
  boolean fails;
  private final Map<String, PendingPost> committed = new LinkedHashMap<>();
  private final List<Runnable> lookers = new ArrayList<>();
  private int posts;

  HostBooks(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** What a host writes between begin and commit. */
  final class Transaction {
    private final List<PendingPost> written = new ArrayList<>();

    void post(RoomId room, String userId, String text) {
      String id = "tx-%08d".formatted(posts++);
      Draft draft = Draft.text(text).withClientMessageId(id);
      written.add(new PendingPost(id, room, User.named(userId), draft));
    }

    void commit() {
      for (PendingPost post : written) {
        committed.put(post.id(), post);
      }
      everCommitted.addAll(written);
    }
  }

  Transaction begin() {
    return new Transaction();
  }

  /** The host says that it has committed. */
  void sayCommitted() {
    lookers.forEach(Runnable::run);
  }

  /** The engines that looked are gone. */
  void forgetLookers() {
    lookers.clear();
  }

  int left() {
    return committed.size() - refused.size();
  }

  private <T> CompletionStage<T> later(Supplier<T> what) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    scheduler.run(
        () -> {
          if (fails) {
            answer.completeExceptionally(new StoreException("planned"));
          } else {
            answer.complete(what.get());
          }
        });
    return answer;
  }

  @Override
  public CompletionStage<List<PendingPost>> next(int max) {
    return later(
        () ->
            committed.values().stream()
                .filter(post -> !refused.containsKey(post.id()))
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<Void> taken(String id) {
    return later(
        () -> {
          committed.remove(id);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> refused(String id, String reason, long atMs) {
    return later(
        () -> {
          refused.put(id, reason);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> forgetRefused(long beforeMs) {
    return later(() -> null);
  }

  @Override
  public void whenCommitted(Runnable look) {
    lookers.add(look);
  }
}
