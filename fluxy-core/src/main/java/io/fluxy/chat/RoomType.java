package io.fluxy.chat;

import java.util.Locale;
import java.util.Optional;

/** What kind of conversation a room is; decides who may enter and who may speak. */
public enum RoomType {
  /** Two members. */
  DM,
  /** Members only. */
  GROUP,
  /** Anyone of the project may enter, and becomes a member by entering. */
  PUBLIC,
  /** Members only; owners, admins and moderators speak. */
  ANNOUNCEMENT;

  /** The word on the wire and in the store: lower case, ASCII. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #word()} back; empty for an unknown word. */
  public static Optional<RoomType> of(String word) {
    for (RoomType type : values()) {
      if (type.word().equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
