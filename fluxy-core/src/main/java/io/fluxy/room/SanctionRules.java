package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Names;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.Sanction;
import io.fluxy.chat.Text;
import io.fluxy.chat.User;

/** Who may mute, ban, kick and block whom. */
final class SanctionRules {
  private static final long SECONDS_MAX = 10L * 366 * 24 * 3_600;
  private static final int REASON_CHARS_MAX = 500;

  private SanctionRules() {}

  static Answer impose(Turn turn, User from, Command.Impose impose) {
    if (!impose.sanction().isForModerators()) {
      return block(turn, from, impose);
    } else if (!turn.moderates(from)) {
      return turn.mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only moderators do this")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (!Names.isId(impose.userId()) || from.id().equals(impose.userId())) {
      return refuse(Reason.INVALID, "userId must be another user's");
    } else if (impose.seconds() < 0 || impose.seconds() > SECONDS_MAX) {
      return refuse(Reason.INVALID, "durationSeconds must be 0 to " + SECONDS_MAX);
    } else if (!Text.isSound(impose.reason()) || impose.reason().length() > REASON_CHARS_MAX) {
      return refuse(Reason.INVALID, "reason has at most " + REASON_CHARS_MAX + " characters");
    }
    boolean aboveUs =
        turn.hasRole(impose.userId(), Role.OWNER) || turn.hasRole(impose.userId(), Role.ADMIN);
    if (aboveUs && !from.governs()) {
      return refuse(Reason.NOT_AN_ADMIN, "owners and admins of the room can't be sanctioned");
    } else if (turn.sanctions().size() >= turn.limits().membersPerRoomMax()) {
      return refuse(
          Reason.LIMIT_REACHED, turn.limits().membersPerRoomMax() + " users are sanctioned");
    }
    long untilMs =
        switch (impose.sanction()) {
          case UNMUTE, UNBAN, KICK, BLOCK, UNBLOCK -> 0;
          case MUTE, BAN ->
              impose.seconds() == 0 ? Long.MAX_VALUE : turn.nowMs() + impose.seconds() * 1_000;
        };
    return turn.save(
        new Event.Imposed(
            turn.nextSeq(),
            turn.nextAtMs(),
            impose.userId(),
            impose.sanction(),
            untilMs,
            impose.reason(),
            from.id()));
  }

  /** For either of the two, about the other: whoever is blocked can't take it back. */
  private static Answer block(Turn turn, User from, Command.Impose impose) {
    boolean blocks = impose.sanction() == Sanction.BLOCK;
    if (turn.room().type() != RoomType.DM || turn.member(from.id()).isEmpty()) {
      return turn.mayBeHere(from)
          ? refuse(Reason.INVALID, "only the two of a dm block each other")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (!Names.isId(impose.userId()) || from.id().equals(impose.userId())) {
      return refuse(Reason.INVALID, "userId must be another user's");
    } else if (blocks == turn.sanctions().isBlocked(impose.userId())) {
      return new Answer.Unchanged(null);
    } else if (turn.sanctions().size() >= turn.limits().membersPerRoomMax()) {
      return refuse(Reason.LIMIT_REACHED, "too many are blocked here");
    }
    long untilMs = blocks ? Long.MAX_VALUE : 0;
    return turn.save(
        new Event.Imposed(
            turn.nextSeq(),
            turn.nextAtMs(),
            impose.userId(),
            impose.sanction(),
            untilMs,
            "",
            from.id()));
  }
}
