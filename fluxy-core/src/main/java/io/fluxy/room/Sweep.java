package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.User;
import io.fluxy.store.Expiries;
import io.fluxy.store.RoomRecord;
import io.fluxy.time.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets messages go when their time has come, whether their room is alive or not, and whoever posted
 * them: it asks the store what goes next and wakes the rooms. It looks when the first of them is
 * due, and once a minute for those of other engines. Two engines may ask for the same message; its
 * room says yes once.
 *
 * <p>Safe for use by many threads.
 */
public final class Sweep implements Witness {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int BATCH_MAX = 100;
  private static final long LOOK_MS = 60_000;
  private static final long AGAIN_MS = 100; // if there was more than one batch
  private static final User NOBODY = User.named("fluxy");

  private final Expiries expiries;
  private final Scheduler scheduler;
  private @Nullable RoomRegistry rooms; // guarded by this, as all below
  private Scheduler.@Nullable Timer timer;
  private long dueAtMs = Long.MAX_VALUE;
  private long look; // counts
  private Scheduler.@Nullable Timer watch; // over the look under way: a store may fall silent
  private boolean looking;
  private boolean again;

  public Sweep(Expiries expiries, Scheduler scheduler) {
    this.expiries = expiries;
    this.scheduler = scheduler;
  }

  /** Begins: what was due while nobody looked goes now. */
  public void start(RoomRegistry awake) {
    synchronized (this) {
      rooms = awake;
    }
    look();
  }

  /** Ends: nothing goes any more. */
  public synchronized void stop() {
    rooms = null;
    if (timer != null) {
      timer.cancel();
    }
    if (watch != null) {
      watch.cancel();
    }
  }

  @Override
  public void happened(RoomRecord room, Event.Durable event) {
    if (event instanceof Event.Posted posted && posted.message().expiresAtMs() != null) {
      expect(posted.message().expiresAtMs());
    }
  }

  private synchronized void expect(long atMs) {
    if (rooms != null && atMs < dueAtMs) {
      dueAtMs = atMs;
      if (timer != null) {
        timer.cancel();
      }
      long waitMs = Math.max(1, atMs - scheduler.nowMs());
      timer = scheduler.after(Math.min(waitMs, LOOK_MS), this::look); // the clock may be set back
    }
  }

  private void look() {
    RoomRegistry awake;
    long mine;
    synchronized (this) {
      awake = rooms;
      if (looking || awake == null) {
        again = looking;
        return;
      }
      looking = true;
      again = false;
      dueAtMs = Long.MAX_VALUE;
      timer = null;
      mine = ++look;
      watch = scheduler.after(LOOK_MS, () -> looked(mine, scheduler.nowMs(), null));
    }
    expiries
        .next(BATCH_MAX)
        .thenCompose(next -> expire(awake, next))
        .whenComplete((nextMs, failure) -> looked(mine, nextMs, failure));
  }

  /** Completes with when to look again. */
  private CompletionStage<Long> expire(RoomRegistry awake, List<Expiries.Expiring> next) {
    long nowMs = scheduler.nowMs();
    CompletionStage<Boolean> gone = CompletableFuture.completedStage(true);
    long nextMs = nowMs + LOOK_MS;
    int due = 0;
    for (Expiries.Expiring each : next) {
      if (each.atMs() <= nowMs) {
        due++;
        gone = gone.thenCombine(expire(awake, each), (before, now) -> before && now);
      } else {
        nextMs = Math.min(nextMs, each.atMs());
        break; // they come in order
      }
    }
    long after = nextMs;
    boolean more = due == BATCH_MAX;
    return gone.thenApply(all -> all && more ? nowMs + AGAIN_MS : after);
  }

  private CompletionStage<Boolean> expire(RoomRegistry awake, Expiries.Expiring due) {
    long messageId = Message.id(due.room().number(), due.seq());
    return awake
        .lease(due.room().id())
        .thenCompose(
            lease ->
                lease.isEmpty()
                    ? CompletableFuture.completedStage(true)
                    : lease
                        .get()
                        .room()
                        .submit(NOBODY, new Command.Expire(messageId))
                        .thenApply(answer -> !(answer instanceof Answer.Refused))
                        .whenComplete((answer, failure) -> lease.get().release()))
        .exceptionally(
            failure -> {
              LOG.warn("{}: message {} could not expire", due.room().id(), messageId, failure);
              return false;
            });
  }

  private void looked(long which, @Nullable Long nextMs, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn("what expires could not be read: {}", failure.toString());
    }
    boolean missed;
    synchronized (this) {
      if (!looking || look != which) {
        return; // it has been given up, or this is its late end
      }
      looking = false;
      missed = again;
      if (watch != null) {
        watch.cancel();
      }
    }
    expect(missed ? 0 : nextMs == null ? scheduler.nowMs() + LOOK_MS : nextMs);
  }
}
