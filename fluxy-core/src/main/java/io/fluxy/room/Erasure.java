package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.store.PersonalData;
import io.fluxy.store.RoomRecord;
import io.fluxy.store.Store;
import io.fluxy.store.StoreException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes text out of rooms: all that a user has said, or what a project has kept for long enough.
 * Every room does it to itself, in its own turns, a stretch of its log at a time; rooms come one
 * after the other, so it never competes with more than one of them for the store. Doing it again
 * finds nothing left to do.
 *
 * <p>Safe for use by many threads; no method blocks.
 */
public final class Erasure {
  private static final int ROOMS_MAX = 200; // looked up at a time
  private static final int STRETCH = 2_000; // seqs a turn purges
  private static final User SYSTEM = new User("system", Set.of(Role.ADMIN));

  private final RoomRegistry registry;
  private final Store store;

  public Erasure(RoomRegistry registry, Store store) {
    this.registry = registry;
    this.store = store;
  }

  /**
   * Erases what a user has said, put, read, noted and uploaded in a project, and ends its
   * memberships. What others have said about it stays.
   *
   * @return completes when all of it is done; exceptionally with {@link StoreException} if not:
   *     then ask again
   */
  public CompletionStage<Void> erase(String projectId, String userId) {
    return erase(projectId, userId, () -> {});
  }

  /**
   * The same.
   *
   * @param roomDone called when it is done in one more room
   */
  public CompletionStage<Void> erase(String projectId, String userId, Runnable roomDone) {
    return eachRoom(projectId, userId, 0, room -> erase(room, userId).thenRun(roomDone))
        .thenCompose(nothing -> store.personalData().forgetBesideLogs(projectId, userId))
        .thenCompose(nothing -> store.webhooks().forget(projectId, userId))
        .thenCompose(nothing -> store.attachments().doom(projectId, userId));
  }

  /**
   * Deletes messages that are older than a time, in all rooms of a project.
   *
   * @param beforeMs UTC milliseconds since 1970
   */
  public CompletionStage<Void> expire(String projectId, long beforeMs) {
    return eachRoom(projectId, null, 0, room -> expire(room, beforeMs));
  }

  private CompletionStage<Void> eachRoom(
      String projectId,
      @Nullable String userId,
      long afterNumber,
      Function<RoomRecord, CompletionStage<Void>> what) {
    PersonalData data = store.personalData();
    return data.rooms(projectId, userId, afterNumber, ROOMS_MAX)
        .thenCompose(
            rooms -> {
              CompletionStage<Void> done = CompletableFuture.completedStage(null);
              for (RoomRecord room : rooms) {
                done = done.thenCompose(nothing -> what.apply(room));
              }
              return rooms.size() < ROOMS_MAX
                  ? done
                  : done.thenCompose(
                      nothing ->
                          eachRoom(projectId, userId, rooms.get(ROOMS_MAX - 1).number(), what));
            });
  }

  private CompletionStage<Void> erase(RoomRecord record, String userId) {
    return within(
        record,
        room ->
            room.look(SYSTEM)
                .thenCompose(view -> purge(room, userId, 0, view.head() + 1))
                .thenCompose(nothing -> room.submit(SYSTEM, new Command.RemoveMember(userId)))
                .thenAccept(answer -> {}));
  }

  private CompletionStage<Void> expire(RoomRecord record, long beforeMs) {
    return store
        .personalData()
        .firstKept(record.id())
        .thenCombine(
            store.messages().seqAt(record.id(), beforeMs), (first, end) -> new long[] {first, end})
        .thenCompose(
            range ->
                range[0] == 0 || range[0] >= range[1]
                    ? CompletableFuture.completedStage(null)
                    : within(record, room -> purge(room, null, range[0] - 1, range[1])));
  }

  private static CompletionStage<Void> purge(
      Room room, @Nullable String userId, long afterSeq, long endSeq) {
    if (afterSeq + 1 >= endSeq) {
      return CompletableFuture.completedStage(null);
    }
    long beforeSeq = Math.min(endSeq, afterSeq + 1 + STRETCH);
    return room.submit(SYSTEM, new Command.Purge(userId, afterSeq, beforeSeq))
        .thenCompose(
            answer -> {
              if (answer instanceof Answer.Refused refused) {
                String why = refused.refusal().detail();
                return CompletableFuture.failedStage(
                    new StoreException(room.record().id() + ": not purged: " + why));
              }
              return purge(room, userId, beforeSeq - 1, endSeq);
            });
  }

  private CompletionStage<Void> within(
      RoomRecord record, Function<Room, CompletionStage<Void>> what) {
    return registry
        .lease(record.id())
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return CompletableFuture.completedStage(null);
              }
              RoomRegistry.Lease lease = found.get();
              return what.apply(lease.room()).whenComplete((nothing, failure) -> lease.release());
            });
  }
}
