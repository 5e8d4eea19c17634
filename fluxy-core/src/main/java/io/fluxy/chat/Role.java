package io.fluxy.chat;

import java.util.Locale;
import java.util.Optional;

/** What a user is, in a project (claimed by a signed token) or in one room (kept in its log). */
public enum Role {
  OWNER,
  ADMIN,
  MODERATOR,
  MEMBER,
  GUEST,
  BOT;

  /** The word on the wire and in the store: lower case, ASCII. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #word()} back; FluxyChat's "mod" is a moderator. Empty for an unknown word. */
  public static Optional<Role> of(String word) {
    if (word.equals("mod")) {
      return Optional.of(MODERATOR);
    }
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
