package io.fluxy.protocol.pusher;

import io.fluxy.chat.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Users of Pusher may be called anything, users of rooms may not. A good id stays as it is; any
 * other is written in letters that are allowed, and can be read back.
 */
final class UserId {
  private static final String ENCODED = "u--";

  private UserId() {}

  /** What the room calls a user; not a good id if this one is too long. */
  static String inRoom(String id) {
    return Names.isId(id) && !id.startsWith(ENCODED)
        ? id
        : ENCODED
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(id.getBytes(StandardCharsets.UTF_8));
  }

  /** What a channel calls a user of a room. */
  static String inChannel(String userId) {
    if (!userId.startsWith(ENCODED)) {
      return userId;
    }
    try {
      byte[] utf8 = Base64.getUrlDecoder().decode(userId.substring(ENCODED.length()));
      return new String(utf8, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return userId; // of another protocol, which only looks like one of ours
    }
  }
}
