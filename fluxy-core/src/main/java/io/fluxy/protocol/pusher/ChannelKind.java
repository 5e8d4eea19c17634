package io.fluxy.protocol.pusher;

import io.fluxy.chat.Names;

/** What a channel's name says of it (contract 2.1). */
enum ChannelKind {
  PUBLIC,
  CACHE,
  PRIVATE,
  PRIVATE_CACHE,
  ENCRYPTED,
  ENCRYPTED_CACHE,
  PRESENCE,
  PRESENCE_CACHE,
  /** What a server tells one user; not a room. */
  USER;

  static final String USER_PREFIX = "#server-to-user-";

  static ChannelKind of(String name) {
    if (name.startsWith(USER_PREFIX)) {
      return USER;
    } else if (name.startsWith("presence-")) {
      return name.startsWith("presence-cache-") ? PRESENCE_CACHE : PRESENCE;
    } else if (name.startsWith("private-encrypted-")) {
      return name.startsWith("private-encrypted-cache-") ? ENCRYPTED_CACHE : ENCRYPTED;
    } else if (name.startsWith("private-")) {
      return name.startsWith("private-cache-") ? PRIVATE_CACHE : PRIVATE;
    }
    return name.startsWith("cache-") ? CACHE : PUBLIC;
  }

  /** Letters, digits and {@code _ - = @ , . ;}: what a room may be called, without the colon. */
  static boolean isName(String name, int charsMax) {
    return name.length() <= charsMax && Names.isRoomName(name) && name.indexOf(':') < 0;
  }

  /** Whether a subscription needs a signature. */
  boolean isSigned() {
    return this != PUBLIC && this != CACHE && this != USER;
  }

  boolean isPresence() {
    return this == PRESENCE || this == PRESENCE_CACHE;
  }

  boolean isEncrypted() {
    return this == ENCRYPTED || this == ENCRYPTED_CACHE;
  }

  /** Whether whoever subscribes is told the last event. */
  boolean isCached() {
    return this == CACHE
        || this == PRIVATE_CACHE
        || this == ENCRYPTED_CACHE
        || this == PRESENCE_CACHE;
  }
}
