package io.fluxy.store;

import io.fluxy.chat.Event;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What people have put on one message, oldest first. Guarded by the room's lock. */
final class MemoryReactions {
  private final Map<String, Set<String>> usersByEmoji = new LinkedHashMap<>();

  void apply(Event.Reacted reacted) {
    Set<String> users =
        usersByEmoji.computeIfAbsent(reacted.emoji(), none -> new LinkedHashSet<>());
    if (reacted.add()) {
      users.add(reacted.userId());
    } else {
      users.remove(reacted.userId());
    }
    if (users.isEmpty()) {
      usersByEmoji.remove(reacted.emoji());
    }
  }

  boolean names(String userId) {
    return usersByEmoji.values().stream().anyMatch(users -> users.contains(userId));
  }

  /** Takes away all that a user has put. */
  void forget(String userId) {
    usersByEmoji.values().forEach(users -> users.remove(userId));
    usersByEmoji.values().removeIf(Set::isEmpty);
  }

  Map<String, Set<String>> snapshot() {
    Map<String, Set<String>> copy = new LinkedHashMap<>();
    usersByEmoji.forEach(
        (emoji, users) -> copy.put(emoji, Collections.unmodifiableSet(new LinkedHashSet<>(users))));
    return Collections.unmodifiableMap(copy);
  }
}
