package io.fluxy.simulation;

import io.fluxy.chat.RoomId;
import java.util.HashMap;
import java.util.Map;

/** Whom the host lets be in which room, and what was said there since it does not. */
final class Host {
  private final Map<String, Long> deniedSince = new HashMap<>(); // by room and user
  private final Map<String, Long> askedAt = new HashMap<>(); // by what a post says
  private long moments;

  void decides(RoomId room, String userId, boolean allowed) {
    if (allowed) {
      deniedSince.remove(key(room, userId));
    } else {
      deniedSince.putIfAbsent(key(room, userId), ++moments);
    }
  }

  boolean allows(RoomId room, String userId) {
    return !deniedSince.containsKey(key(room, userId));
  }

  /** A room is asked to post this, perhaps again. */
  void roomIsAsked(String content) {
    askedAt.putIfAbsent(content, ++moments);
  }

  /** Whether a room was asked to post this only after the host had denied it to somebody. */
  boolean isSaidSince(RoomId room, String userId, String content) {
    Long since = deniedSince.get(key(room, userId));
    return since != null && askedAt.getOrDefault(content, 0L) > since;
  }

  private static String key(RoomId room, String userId) {
    return room + " " + userId;
  }
}
