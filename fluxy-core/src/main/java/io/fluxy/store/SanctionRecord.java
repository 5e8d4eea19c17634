package io.fluxy.store;

import io.fluxy.chat.Event;
import org.jspecify.annotations.Nullable;

/**
 * How a user stands with the moderators of a room, and with the other one of a dm.
 *
 * @param mutedUntilMs UTC milliseconds since 1970; 0 for not at all, {@link Long#MAX_VALUE} for
 *     good
 * @param bannedUntilMs the same
 * @param isBlocked whether the other one of a dm wants to hear no more
 */
public record SanctionRecord(
    String userId, long mutedUntilMs, long bannedUntilMs, boolean isBlocked) {
  /** After an event about this user. */
  public static SanctionRecord after(@Nullable SanctionRecord before, Event.Imposed event) {
    long muted = before == null ? 0 : before.mutedUntilMs;
    long banned = before == null ? 0 : before.bannedUntilMs;
    boolean blocked = before != null && before.isBlocked;
    return switch (event.sanction()) {
      case MUTE, UNMUTE -> new SanctionRecord(event.userId(), event.untilMs(), banned, blocked);
      case BAN, UNBAN -> new SanctionRecord(event.userId(), muted, event.untilMs(), blocked);
      case KICK -> new SanctionRecord(event.userId(), muted, banned, blocked);
      case BLOCK -> new SanctionRecord(event.userId(), muted, banned, true);
      case UNBLOCK -> new SanctionRecord(event.userId(), muted, banned, false);
    };
  }

  /** Nothing holds, at any time. */
  public boolean isNone() {
    return mutedUntilMs == 0 && bannedUntilMs == 0 && !isBlocked;
  }
}
