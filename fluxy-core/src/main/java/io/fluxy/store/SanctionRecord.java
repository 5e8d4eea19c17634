package io.fluxy.store;

import io.fluxy.chat.Event;
import org.jspecify.annotations.Nullable;

/**
 * How a user stands with the moderators of a room.
 *
 * @param mutedUntilMs UTC milliseconds since 1970; 0 for not at all, {@link Long#MAX_VALUE} for
 *     good
 * @param bannedUntilMs the same
 */
public record SanctionRecord(String userId, long mutedUntilMs, long bannedUntilMs) {
  /** After an event about this user. */
  public static SanctionRecord after(@Nullable SanctionRecord before, Event.Imposed event) {
    long muted = before == null ? 0 : before.mutedUntilMs;
    long banned = before == null ? 0 : before.bannedUntilMs;
    return switch (event.sanction()) {
      case MUTE, UNMUTE -> new SanctionRecord(event.userId(), event.untilMs(), banned);
      case BAN, UNBAN -> new SanctionRecord(event.userId(), muted, event.untilMs());
      case KICK -> new SanctionRecord(event.userId(), muted, banned);
    };
  }

  /** Nothing holds, at any time. */
  public boolean isNone() {
    return mutedUntilMs == 0 && bannedUntilMs == 0;
  }
}
