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

  Map<String, Set<String>> snapshot() {
    Map<String, Set<String>> copy = new LinkedHashMap<>();
    usersByEmoji.forEach(
        (emoji, users) -> copy.put(emoji, Collections.unmodifiableSet(new LinkedHashSet<>(users))));
    return Collections.unmodifiableMap(copy);
  }
}
