package io.fluxy.room;

import io.fluxy.chat.Limits;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.store.OpenedRoom;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import io.fluxy.time.Scheduler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms that are alive in this process. A room can only leave inside the map's {@code compute},
 * when nobody has a lease on it; whoever wants it at that moment takes the lease in another {@code
 * compute}, before or after, and so gets either the room that stays or a new one. Two of the same
 * id are never alive at once.
 */
final class LocalRegistry implements RoomRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRegistry.class);

  private static final long STILL_BUSY_MS = 100; // until a look at a room that had something to do

  private final Store store;
  private final Scheduler scheduler;
  private final Limits limits;
  private final Witness witness;
  private final ConcurrentMap<RoomId, Alive> rooms = new ConcurrentHashMap<>();

  /** A room, or one that is being opened; its fields are guarded by the map's compute. */
  private static final class Alive {
    private final CompletableFuture<Optional<LocalRoom>> room = new CompletableFuture<>();
    private int leases;
    private long idleSinceMs;
    private boolean watched; // a timer will look whether it can leave
  }

  LocalRegistry(Store store, Scheduler scheduler, Limits limits, Witness witness) {
    this.witness = witness;
    this.store = store;
    this.scheduler = scheduler;
    this.limits = limits;
  }

  @Override
  public CompletionStage<Optional<Lease>> lease(RoomId id) {
    if (rooms.size() >= limits.roomsMax() && !rooms.containsKey(id)) {
      String full = "more than " + limits.roomsMax() + " rooms are alive";
      return CompletableFuture.failedStage(
          new RefusedException(Refusal.later(Reason.LIMIT_REACHED, full, 5)));
    }
    AtomicBoolean isNew = new AtomicBoolean();
    Alive alive =
        rooms.compute(
            id,
            (key, present) -> {
              isNew.set(present == null);
              Alive now = present == null ? new Alive() : present;
              now.leases++;
              return now;
            });
    if (isNew.get()) {
      open(id, alive);
    }
    return alive.room.thenApply(room -> room.map(found -> new RoomLease(id, alive, found)));
  }

  @Override
  public CompletionStage<Optional<Lease>> leaseIfAlive(RoomId id) {
    return rooms.containsKey(id) ? lease(id) : CompletableFuture.completedStage(Optional.empty());
  }

  @Override
  public void review(Predicate<RoomId> which, @Nullable String userId) {
    rooms.forEach(
        (id, alive) -> {
          if (which.test(id) && !alive.room.isCompletedExceptionally()) {
            alive.room.getNow(Optional.empty()).ifPresent(room -> room.review(userId));
          }
        });
  }

  @Override
  public int size() {
    return rooms.size();
  }

  @Override
  public Waiting waiting() {
    long letters = 0;
    int deepest = 0;
    for (Alive alive : rooms.values()) {
      if (alive.room.isDone() && !alive.room.isCompletedExceptionally()) {
        int here = alive.room.join().map(LocalRoom::waiting).orElse(0);
        letters += here;
        deepest = Math.max(deepest, here);
      }
    }
    return new Waiting(letters, deepest);
  }

  private void open(RoomId id, Alive alive) {
    AtomicBoolean answered = new AtomicBoolean();
    Scheduler.Timer tooLate =
        scheduler.after(
            limits.storeTimeoutMs(),
            () -> {
              if (answered.compareAndSet(false, true)) {
                failed(id, alive, new StoreException("no answer"));
              }
            });
    opening(id)
        .whenComplete(
            (opened, failure) -> {
              if (!answered.compareAndSet(false, true)) {
                return;
              }
              tooLate.cancel();
              if (failure == null) {
                opened(id, alive, opened);
              } else {
                failed(id, alive, failure);
              }
            });
  }

  private CompletionStage<Optional<OpenedRoom>> opening(RoomId id) {
    try {
      return store.messages().open(id, limits.recentMessagesMax());
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void failed(RoomId id, Alive alive, Throwable failure) {
    LOG.warn("{}: could not be opened: {}", id, failure.toString());
    rooms.remove(id, alive);
    Refusal refusal = Refusal.later(Reason.UNAVAILABLE, "the store does not answer", 1);
    alive.room.completeExceptionally(new RefusedException(refusal));
  }

  private void opened(RoomId id, Alive alive, Optional<OpenedRoom> opened) {
    if (opened.isEmpty()) {
      rooms.remove(id, alive);
      alive.room.complete(Optional.empty());
    } else {
      alive.room.complete(
          Optional.of(new LocalRoom(opened.get(), store, scheduler, limits, witness)));
    }
  }

  private void release(RoomId id, Alive alive) {
    rooms.computeIfPresent(
        id,
        (key, present) -> {
          if (present == alive && --alive.leases == 0) {
            alive.idleSinceMs = scheduler.ticksMs();
            watch(id, alive, limits.roomIdleMs());
          }
          return present;
        });
  }

  private void watch(RoomId id, Alive alive, long delayMs) {
    if (!alive.watched) {
      alive.watched = true;
      scheduler.after(delayMs, () -> leaveIfIdle(id, alive));
    }
  }

  private void leaveIfIdle(RoomId id, Alive alive) {
    rooms.computeIfPresent(
        id,
        (key, present) -> {
          if (present != alive) {
            return present;
          }
          alive.watched = false;
          if (alive.leases > 0) {
            return present;
          }
          long leftMs = alive.idleSinceMs + limits.roomIdleMs() - scheduler.ticksMs();
          if (leftMs > 0 || !isQuiet(alive)) {
            watch(id, alive, Math.max(leftMs, STILL_BUSY_MS));
            return present;
          }
          return null;
        });
  }

  private static boolean isQuiet(Alive alive) {
    return alive.room.getNow(Optional.empty()).map(LocalRoom::isQuiet).orElse(true);
  }

  private final class RoomLease implements Lease {
    private final RoomId id;
    private final Alive alive;
    private final Room room;
    private final AtomicBoolean released = new AtomicBoolean();

    RoomLease(RoomId id, Alive alive, Room room) {
      this.id = id;
      this.alive = alive;
      this.room = room;
    }

    @Override
    public Room room() {
      return room;
    }

    @Override
    public void release() {
      if (released.compareAndSet(false, true)) {
        LocalRegistry.this.release(id, alive);
      }
    }
  }
}
