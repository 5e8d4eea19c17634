package io.fluxy.room;

import io.fluxy.chat.Farewell;
import io.fluxy.chat.User;
import io.fluxy.wire.Delivery;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whoever hears a room: a connection, an event stream, an agent, host code. A user may be there as
 * several members.
 *
 * <p>The room calls these methods on its turn: they must return at once, must not block and must
 * not call strangers.
 */
public interface Member {
  /** Unique among the members of all rooms; shown to others as the socket id. */
  String id();

  User user();

  /** What the user wants others to see of them: name, avatar_url, role. */
  Map<String, String> info();

  /**
   * Hears what the room tells. All of it or nothing: after a false the room tells this member
   * nothing more until it asks with {@link Room#drained}, and then goes on where it stopped.
   *
   * @return false if there is no room for it now
   */
  boolean hear(Delivery delivery);

  /**
   * Whether the host has a say about this member: then it is asked about again, by {@link
   * #mayStay}, when the host's permissions have changed.
   */
  default boolean answersToHost() {
    return false;
  }

  /**
   * Whether it may still be here. Not asked on the room's turn, unlike all else; until the stage
   * completes, the room tells the member nothing. A stage that fails counts as no.
   */
  default CompletionStage<Boolean> mayStay() {
    return CompletableFuture.completedStage(true);
  }

  /** The room has let this member go; it hears nothing more from it. */
  void part(Farewell farewell);
}
