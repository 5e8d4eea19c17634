package io.fluxy.chat;

import java.util.Locale;
import java.util.Optional;

/** What a moderator may do about a user in a room. */
public enum Sanction {
  /** The user may read, and say nothing. */
  MUTE,
  UNMUTE,
  /** The user may not be here. A membership is kept, for when the ban is over. */
  BAN,
  UNBAN,
  /** The user's connections end; they may come back. */
  KICK;

  /** The word on the wire and in the store: lower case, ASCII. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #word()} back; empty for an unknown word. */
  public static Optional<Sanction> of(String word) {
    for (Sanction sanction : values()) {
      if (sanction.word().equals(word)) {
        return Optional.of(sanction);
      }
    }
    return Optional.empty();
  }
}
