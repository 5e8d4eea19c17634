package io.fluxy.auth;

import io.fluxy.chat.Command;
import io.fluxy.chat.RoomId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The host's own say in who may do what. Asked before a room hears of it: {@link Command.Enter}
 * when somebody wants in, and then every command. Never asked inside a turn.
 */
@FunctionalInterface
public interface Access {
  /** What the host says. */
  enum Verdict {
    /** Yes, member or not; whoever is let in so becomes a member. */
    YES,
    /** No, member or not. */
    NO,
    /** As the room's type and membership have it. */
    BY_MEMBERSHIP
  }

  /** Called on any thread; must not block. A stage that fails counts as {@link Verdict#NO}. */
  CompletionStage<Verdict> may(Identity who, RoomId room, Command command);

  /** The default: membership decides. */
  static Access byMembership() {
    return BY_MEMBERSHIP;
  }

  /** See {@link #byMembership()}. */
  Access BY_MEMBERSHIP =
      (who, room, command) -> CompletableFuture.completedStage(Verdict.BY_MEMBERSHIP);
}
