package io.fluxy.room;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Role;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one user may see of what is said in a room, as things stand on one turn. The only place that
 * knows; whatever a room shows of its messages passes it.
 *
 * @param role the user's role in the room, if it is a member
 * @param nowMs a message that was to go before this is not seen, even if it is still there
 */
record Sight(User user, @Nullable Role role, long nowMs) {
  boolean sees(Message message) {
    Long expiresAtMs = message.expiresAtMs();
    return isOneOf(message.readers()) && (expiresAtMs == null || expiresAtMs > nowMs);
  }

  boolean hears(Event event) {
    return isOneOf(event.readers());
  }

  private boolean isOneOf(@Nullable Readers readers) {
    return readers == null || readers.include(user, role);
  }

  /** What it sees of these; the same list if it sees all. */
  List<StoredMessage> of(List<StoredMessage> messages) {
    for (StoredMessage stored : messages) {
      if (!sees(stored.message())) {
        return messages.stream().filter(each -> sees(each.message())).toList();
      }
    }
    return messages;
  }
}
