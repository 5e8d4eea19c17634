package io.fluxy.protocol.fluxy;

import io.fluxy.auth.Identity;
import io.fluxy.auth.Quota;
import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.protocol.Services;
import io.fluxy.room.Room;
import io.fluxy.store.RoomRecord;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * How this protocol's routes reach rooms, with FluxyChat's words for what goes wrong on the way.
 */
final class Rooms {
  private static final int NUMBERS_MAX = 100_000;

  private final Services services;
  private final Map<NumberKey, RoomId> byNumber = new ConcurrentHashMap<>();

  private record NumberKey(String project, long number) {}

  Rooms(Services services) {
    this.services = services;
  }

  /** A room of the caller's project, by the id in a path or body. */
  static RoomId id(Identity who, String name, Problem invalid) {
    if (!Names.isId(name)) {
      throw invalid;
    }
    RoomId id = new RoomId(who.project(), name);
    if (!who.isGoodFor(id)) {
      throw Problem.forbidden();
    }
    return id;
  }

  /**
   * Asks a room something, within limits.
   *
   * @return completes exceptionally with {@link Problem} if it is refused
   */
  CompletionStage<Answer> ask(Identity who, RoomId id, Command command) {
    return services
        .gate()
        .submit(who, id, command)
        .thenCompose(
            answer ->
                answer instanceof Answer.Refused refused
                    ? CompletableFuture.failedStage(problem(id, command, refused.refusal()))
                    : CompletableFuture.completedStage(answer));
  }

  /** Looks into a room; what it refuses becomes a {@link Problem}. */
  <T> CompletionStage<T> look(Identity who, RoomId id, Function<Room, CompletionStage<T>> use) {
    return services
        .gate()
        .look(who, id, use)
        .exceptionallyCompose(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              return CompletableFuture.failedStage(
                  cause instanceof RefusedException refused
                      ? problem(id, refused.refusal())
                      : cause);
            });
  }

  /** The room of a message id, which routes have without a room (contract 0.6). */
  CompletionStage<RoomId> ofMessage(Identity who, long messageId) {
    NumberKey key = new NumberKey(who.project(), Message.roomNumberOf(messageId));
    RoomId known = byNumber.get(key);
    CompletionStage<Optional<RoomId>> found =
        known != null
            ? CompletableFuture.completedStage(Optional.of(known))
            : services
                .directory()
                .roomByNumber(key.project(), key.number())
                .thenApply(room -> room.map(RoomRecord::id));
    return found.thenApply(
        room -> {
          if (room.isEmpty() || !who.isGoodFor(room.get())) {
            throw new Problem(404, "message not found");
          } else if (byNumber.size() < NUMBERS_MAX) {
            byNumber.put(key, room.get());
          }
          return room.get();
        });
  }

  private Problem problem(RoomId id, Command command, Refusal refusal) {
    return command instanceof Command.Delete && refusal.reason() == Reason.NOT_AN_ADMIN
        ? new Problem(403, "forbidden_hard_delete_requires_admin")
        : problem(id, refusal);
  }

  /** The contract's answer to a project that has used up what it may (1.5, 8). */
  Problem quotaExceeded(String project, Quota.Metric metric) {
    Limits limits = services.projects().limits(project);
    long max =
        switch (metric) {
          case MESSAGES -> limits.messagesPerMonth();
          case AGENT_INVOKES -> limits.data().agentInvokesPerMonth();
          case WEBHOOK_DELIVERIES -> limits.data().webhookDeliveriesPerMonth();
        };
    return Problem.quotaExceeded(services.gate().quota().usage(project, metric), max);
  }

  /** What a refusal is in this protocol's words, with a quota's numbers as they stand. */
  Problem problem(RoomId id, Refusal refusal) {
    if (refusal.reason() == Reason.QUOTA_EXCEEDED) {
      return quotaExceeded(id.project(), Quota.Metric.MESSAGES);
    }
    return Problem.of(refusal);
  }
}
