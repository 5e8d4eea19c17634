package io.fluxy.chat;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message, what people put on it, and what they answered.
 *
 * @param reactions emoji to the users who put it there; no empty sets
 * @param replies null if there are none
 */
public record StoredMessage(
    Message message, Map<String, Set<String>> reactions, @Nullable Replies replies) {
  /** A message that nobody has answered, or of which that does not matter. */
  public StoredMessage(Message message, Map<String, Set<String>> reactions) {
    this(message, reactions, null);
  }

  /** The same with its answers. */
  public StoredMessage answered(@Nullable Replies by) {
    return new StoredMessage(message, reactions, by);
  }
}
