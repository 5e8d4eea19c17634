package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RoomId;
import io.fluxy.store.Pending;
import io.fluxy.store.PendingPost;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what hosts have written in transactions of their own to the rooms, which number and tell it
 * like any other post. It looks when a host says that it has committed, at the start, and every two
 * seconds for what nobody said: of hosts that crashed, of other engines, of hosts without an
 * engine.
 *
 * <p>Once each, though it may be taken twice and by two engines at a time: the room knows the
 * client message id it has had before. So the pending row need not go with the append, only after
 * it. Those for one room go one after the other, in the order they were written; what cannot be
 * taken now holds up its room alone.
 *
 * <p>Safe for use by many threads.
 */
public final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final int BATCH_MAX = 100;
  private static final long LOOK_MS = 2_000;
  private static final long FORGET_EVERY_MS = 3_600_000;
  private static final long REFUSED_KEPT_MS = 30L * 24 * 3_600_000;
  private static final Set<Reason> PASSING =
      Set.of(Reason.UNAVAILABLE, Reason.BUSY, Reason.RATE_LIMITED);

  private final Store store;
  private final Pending pending;
  private final Scheduler scheduler;
  private final BiConsumer<PendingPost, Refusal> refused;
  private @Nullable RoomRegistry rooms; // guarded by this, as all below
  private Scheduler.@Nullable Timer timer;
  private boolean troubled;
  private boolean looking;
  private boolean again;
  private long forgetAtTicks;

  /**
   * @param pending of that store
   * @param refused hears of what no room will ever take; must return at once
   */
  public Intake(
      Store store, Pending pending, Scheduler scheduler, BiConsumer<PendingPost, Refusal> refused) {
    this.store = store;
    this.pending = pending;
    this.scheduler = scheduler;
    this.refused = refused;
  }

  /** Begins: what was committed while nobody looked is taken now. */
  public void start(RoomRegistry registry) {
    synchronized (this) {
      rooms = registry;
      forgetAtTicks = scheduler.ticksMs();
    }
    pending.whenCommitted(() -> scheduler.run(this::look));
    look();
  }

  /** Ends: nothing is taken any more. */
  public synchronized void stop() {
    rooms = null;
    cancel();
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void look() {
    RoomRegistry registry;
    boolean forget;
    synchronized (this) {
      registry = rooms;
      if (looking || registry == null) {
        again |= looking;
        return;
      }
      looking = true;
      again = false;
      cancel();
      forget = scheduler.ticksMs() >= forgetAtTicks;
      if (forget) {
        forgetAtTicks = scheduler.ticksMs() + FORGET_EVERY_MS;
      }
    }
    CompletionStage<Void> before =
        forget
            ? pending.forgetRefused(scheduler.nowMs() - REFUSED_KEPT_MS)
            : CompletableFuture.completedStage(null);
    before
        .thenCompose(ready -> pending.next(BATCH_MAX))
        .thenCompose(next -> take(registry, next))
        .whenComplete(this::looked);
  }

  private void looked(@Nullable Boolean more, @Nullable Throwable failure) {
    synchronized (this) {
      if (failure != null && !troubled) { // once for as long as it lasts, not with every look
        StoreTrouble.log(LOG, "{}: pending posts could not be read: {}", "the store", failure);
      }
      troubled = failure != null;
      looking = false;
      if (rooms == null) {
        return;
      } else if (again || Boolean.TRUE.equals(more)) {
        scheduler.run(this::look);
      } else {
        timer = scheduler.after(LOOK_MS, this::look);
      }
    }
  }

  /** Completes with true if all of these are done with and there may be more. */
  private CompletionStage<Boolean> take(RoomRegistry registry, List<PendingPost> next) {
    Map<RoomId, List<PendingPost>> byRoom = new LinkedHashMap<>();
    for (PendingPost post : next) {
      byRoom.computeIfAbsent(post.room(), room -> new ArrayList<>()).add(post);
    }
    CompletionStage<Boolean> all = done(next.size() == BATCH_MAX);
    for (Map.Entry<RoomId, List<PendingPost>> room : byRoom.entrySet()) {
      CompletionStage<Boolean> taken = take(registry, room.getKey(), room.getValue());
      all = all.thenCombine(taken, (before, now) -> before && now);
    }
    return all;
  }

  private CompletionStage<Boolean> take(RoomRegistry registry, RoomId id, List<PendingPost> posts) {
    return registry
        .lease(id)
        .thenCompose(
            lease ->
                lease.isEmpty()
                    ? refuseAll(posts)
                    : takeFrom(lease.get().room(), posts, 0)
                        .whenComplete((taken, failure) -> lease.get().release()))
        .exceptionally(
            failure -> {
              StoreTrouble.log(LOG, "{}: a pending post has to wait: {}", id, failure);
              return false;
            });
  }

  private CompletionStage<Boolean> refuseAll(List<PendingPost> posts) {
    Refusal none = Refusal.of(Reason.FORBIDDEN, "there is no such room");
    CompletionStage<Boolean> all = done(true);
    for (PendingPost post : posts) {
      all = all.thenCompose(before -> refuse(post, none)).thenApply(nothing -> true);
    }
    return all;
  }

  private CompletionStage<Boolean> takeFrom(Room room, List<PendingPost> posts, int index) {
    if (index == posts.size()) {
      return done(true);
    }
    PendingPost post = posts.get(index);
    return room.submit(post.from(), new Command.Post(post.draft()))
        .thenCompose(
            answer -> {
              if (!(answer instanceof Answer.Refused no)) {
                CompletionStage<Void> noted = pending.taken(post.id()); // along with what follows
                return takeFrom(room, posts, index + 1).thenCombine(noted, (goOn, nothing) -> goOn);
              } else if (PASSING.contains(no.refusal().reason())) {
                return done(false);
              }
              return refuseUnlessTaken(post, no.refusal())
                  .thenCompose(goOn -> takeFrom(room, posts, index + 1));
            });
  }

  /** Its author may have lost the right after the room had taken it and before that was noted. */
  private CompletionStage<Boolean> refuseUnlessTaken(PendingPost post, Refusal refusal) {
    String clientMessageId = Objects.requireNonNull(post.draft().clientMessageId());
    return store
        .messages()
        .find(post.room(), post.from().id(), clientMessageId)
        .thenCompose(found -> found.isPresent() ? pending.taken(post.id()) : refuse(post, refusal))
        .thenApply(nothing -> true);
  }

  private CompletionStage<Void> refuse(PendingPost post, Refusal refusal) {
    LOG.warn(
        "{}: a post of {} that was written in a transaction is refused: {}",
        post.room(),
        post.from().id(),
        refusal.detail());
    return pending
        .refused(post.id(), refusal.reason() + ": " + refusal.detail(), scheduler.nowMs())
        .thenRun(() -> refused.accept(post, refusal));
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedStage(value);
  }
}
