package io.fluxy.chat;

import java.util.Locale;
import java.util.Optional;

/** What a moderator may do about a user in a room, and one of a dm's two about the other. */
public enum Sanction {
  /** The user may read, and say nothing. */
  MUTE,
  UNMUTE,
  /** The user may not be here. A membership is kept, for when the ban is over. */
  BAN,
  UNBAN,
  /** The user's connections end; they may come back. */
  KICK,
  /** In a dm, of the other one: it may read what was said, and say nothing more. */
  BLOCK,
  UNBLOCK;

  /** Whether it is for moderators; a block is for either of the two. */
  public boolean isForModerators() {
    return this != BLOCK && this != UNBLOCK;
  }

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
