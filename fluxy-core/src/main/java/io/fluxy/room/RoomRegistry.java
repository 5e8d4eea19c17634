package io.fluxy.room;

import io.fluxy.chat.Limits;
import io.fluxy.chat.RoomId;
import io.fluxy.store.Store;
import io.fluxy.time.Scheduler;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds rooms, wakes them, and lets idle ones leave memory. A room stays alive as long as somebody
 * has a lease on it, and there is never more than one alive of the same id.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public interface RoomRegistry {
  /**
   * Takes a lease on a room and wakes it if need be.
   *
   * @return empty if there is no such room; completes exceptionally with {@link
   *     io.fluxy.chat.RefusedException} if it can't be had now
   */
  CompletionStage<Optional<Lease>> lease(RoomId id);

  /**
   * Takes a lease on a room if it is alive: wakes none.
   *
   * @return empty if it sleeps, or there is no such room
   */
  CompletionStage<Optional<Lease>> leaseIfAlive(RoomId id);

  /**
   * The host's permissions have changed; see {@link Room#review}. Rooms that sleep have no members.
   *
   * @param which the rooms concerned
   * @param userId whose permissions; null for anybody's
   */
  void review(Predicate<RoomId> which, @Nullable String userId);

  /** How many rooms are alive. */
  int size();

  /** What waits in the rooms that are alive. Looks into each of them and holds none up. */
  Waiting waiting();

  /**
   * What waits for rooms' turns.
   *
   * @param letters commands and the like, in all rooms together
   * @param deepest how many of them in the room that has most
   */
  record Waiting(long letters, int deepest) {}

  /**
   * Rooms of this process, over a store.
   *
   * @param witness hears of what is written
   */
  static RoomRegistry local(Store store, Scheduler scheduler, Limits limits, Witness witness) {
    return new LocalRegistry(store, scheduler, limits, witness);
  }

  /** A claim that keeps a room alive. */
  interface Lease {
    Room room();

    /** Gives the claim back; further calls do nothing. */
    void release();
  }
}
