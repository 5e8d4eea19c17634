package io.fluxy.protocol;

import io.fluxy.chat.Refusal;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.connection.RateLimit;
import io.fluxy.room.RoomRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Rooms that are there as soon as somebody asks for them. Only so many a minute for strangers.
 *
 * <p>Safe for use by many threads.
 */
public final class RoomFounder {
  private final Services services;
  private final String by;
  private final int perMinute;
  private final RateLimit founding;

  /**
   * @param by the user who makes them
   * @param perMinute rooms that strangers may make, all together
   */
  public RoomFounder(Services services, String by, int perMinute) {
    this.services = services;
    this.by = by;
    this.perMinute = perMinute;
    this.founding = new RateLimit(services.scheduler());
  }

  /**
   * A lease on a room, which is made if there is none.
   *
   * @param type of a new one
   * @param byStranger whether this counts
   * @return completes exceptionally with {@link RefusedException} if it can't be had
   */
  public CompletionStage<RoomRegistry.Lease> lease(RoomId id, RoomType type, boolean byStranger) {
    return services
        .gate()
        .lease(id)
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedStage(found.get())
                    : made(id, type, byStranger).thenCompose(nothing -> leased(id)));
  }

  private CompletionStage<?> made(RoomId id, RoomType type, boolean byStranger) {
    Optional<Integer> wait = byStranger ? founding.take(id.project(), perMinute) : Optional.empty();
    if (wait.isPresent()) {
      return CompletableFuture.failedStage(
          new RefusedException(
              Refusal.later(
                  Refusal.Reason.RATE_LIMITED, "too many new rooms, try later", wait.get())));
    }
    return services
        .directory()
        .createRoom(id, type, id.name(), services.scheduler().nowMs(), List.of(), by);
  }

  private CompletionStage<RoomRegistry.Lease> leased(RoomId id) {
    return services
        .gate()
        .lease(id)
        .thenApply(
            found ->
                found.orElseThrow(
                    () ->
                        new RefusedException(
                            Refusal.of(Refusal.Reason.FORBIDDEN, "the room was deleted"))));
  }
}
