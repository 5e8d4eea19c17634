package io.fluxy.room;

import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.User;
import io.fluxy.store.SanctionRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is muted, banned or blocked in a room: a part of the ledger, or of a turn over it. Owners and
 * admins of the project are above it.
 */
final class Sanctions {
  static final String MUTED = "You are muted and cannot send messages right now.";
  static final String BLOCKED = "this user does not want to hear from you";
  static final String BANNED = "You have been banned from this room.";

  private final @Nullable Sanctions under;
  private final Map<String, SanctionRecord> byUser = new HashMap<>(0);

  Sanctions(List<SanctionRecord> known) {
    under = null;
    known.forEach(record -> byUser.put(record.userId(), record));
  }

  /** Those of a turn, over those of the ledger. */
  Sanctions(Sanctions under) {
    this.under = under;
  }

  void apply(Event.Imposed event) {
    SanctionRecord after = SanctionRecord.after(of(event.userId()), event);
    if (after.isNone() && under == null) {
      byUser.remove(event.userId());
    } else {
      byUser.put(event.userId(), after);
    }
  }

  int size() {
    return byUser.size() + (under == null ? 0 : under.size());
  }

  boolean isBanned(User user, long nowMs) {
    SanctionRecord record = user.governs() ? null : of(user.id());
    return record != null && record.bannedUntilMs() > nowMs;
  }

  boolean isBlocked(String userId) {
    SanctionRecord record = of(userId);
    return record != null && record.isBlocked();
  }

  /** Why a user may not ask this now; empty if it is not for a sanction. */
  Optional<Refusal> refusal(User from, Command command, long nowMs) {
    if (size() == 0 || from.governs() || command instanceof Command.Purge) { // a right
      return Optional.empty();
    }
    SanctionRecord record = of(from.id());
    if (record == null) {
      return Optional.empty();
    } else if (record.bannedUntilMs() > nowMs) {
      return Optional.of(refusal(Reason.BANNED, BANNED, record.bannedUntilMs(), nowMs));
    } else if (record.isBlocked() && reachesTheOther(command)) {
      return Optional.of(Refusal.of(Reason.USER_BLOCKED, BLOCKED));
    } else if (record.mutedUntilMs() > nowMs && !isQuiet(command)) {
      return Optional.of(refusal(Reason.MUTED, MUTED, record.mutedUntilMs(), nowMs));
    }
    return Optional.empty();
  }

  /** What the muted may still do: all that puts no words of theirs before others. */
  private static boolean isQuiet(Command command) {
    return command instanceof Command.Enter
        || command instanceof Command.Read
        || command instanceof Command.Deliver
        || command instanceof Command.Resume
        || command instanceof Command.Type
        || command instanceof Command.React
        || command instanceof Command.Delete
        || command instanceof Command.AbortStream
        || command instanceof Command.RemoveMember
        || (command instanceof Command.Impose impose && !impose.sanction().isForModerators());
  }

  /** What the blocked may not do, beside what the muted may not. */
  private static boolean reachesTheOther(Command command) {
    return !isQuiet(command) || command instanceof Command.Type || command instanceof Command.React;
  }

  private static Refusal refusal(Reason reason, String detail, long untilMs, long nowMs) {
    if (untilMs == Long.MAX_VALUE) {
      return Refusal.of(reason, detail);
    }
    long seconds = Math.min((untilMs - nowMs + 999) / 1_000, Integer.MAX_VALUE);
    return Refusal.later(reason, detail, (int) seconds);
  }

  private @Nullable SanctionRecord of(String userId) {
    SanctionRecord record = byUser.get(userId);
    return record != null || under == null ? record : under.of(userId);
  }
}
