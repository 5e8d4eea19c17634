package io.fluxy.protocol.channels;

import io.fluxy.chat.Names;

/** What a channel's name says of it, as with Pusher (pusher contract 2.1). */
enum ChannelKind {
  /** Anybody may hear it, if the app is open. */
  PUBLIC,
  /** A token of somebody who may enter the room, or a signature, lets in. */
  PRIVATE,
  /** The same, and whoever is there is seen. */
  PRESENCE;

  static ChannelKind of(String name) {
    if (name.startsWith("presence-")) {
      return PRESENCE;
    }
    return name.startsWith("private-") ? PRIVATE : PUBLIC;
  }

  /** Letters, digits and {@code _ - = @ , . ;}: what a room may be called, without the colon. */
  static boolean isName(String name, int charsMax) {
    return name.length() <= charsMax && Names.isRoomName(name) && name.indexOf(':') < 0;
  }

  boolean isSigned() {
    return this != PUBLIC;
  }
}
