package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Names;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.util.Set;

/** Who becomes a member, and who is one no more. */
final class MemberRules {
  private MemberRules() {}

  static Answer enter(Turn turn, User from, Command.Enter enter) {
    if (turn.member(from.id()).isPresent()) {
      return new Answer.Unchanged(null);
    } else if (!enter.admitted() && turn.room().type() != RoomType.PUBLIC) {
      return from.governs()
          ? new Answer.Unchanged(null)
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    return admit(turn, from.id(), roleOf(from), from.id());
  }

  private static Role roleOf(User user) {
    if (user.isOnlyGuest()) {
      return Role.GUEST;
    }
    return user.roles().equals(Set.of(Role.BOT)) ? Role.BOT : Role.MEMBER;
  }

  static Answer add(Turn turn, User from, Command.AddMember add) {
    if (!turn.administers(from)) {
      return turn.mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins add members")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (!Names.isId(add.userId())) {
      return refuse(Reason.INVALID, "user id must be 1-128 letters, digits, _ or -");
    } else if (turn.member(add.userId()).filter(m -> m.role() == add.role()).isPresent()) {
      return new Answer.Unchanged(null);
    }
    return admit(turn, add.userId(), add.role(), from.id());
  }

  private static Answer admit(Turn turn, String userId, Role role, String by) {
    if (turn.room().type() == RoomType.DM
        && turn.member(userId).isEmpty()
        && turn.ledger().memberCount() >= 2) {
      return refuse(Reason.INVALID, "a dm has two members");
    } else if (turn.member(userId).isEmpty()
        && turn.ledger().memberCount() >= turn.limits().membersPerRoomMax()) {
      return refuse(
          Reason.LIMIT_REACHED, "the room has " + turn.limits().membersPerRoomMax() + " members");
    }
    return turn.save(new Event.MemberAdded(turn.nextSeq(), turn.nextAtMs(), userId, role, by));
  }

  static Answer remove(Turn turn, User from, Command.RemoveMember remove) {
    if (!turn.administers(from) && !from.id().equals(remove.userId())) {
      return turn.mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins remove members")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (turn.member(remove.userId()).isEmpty()) {
      return refuse(Reason.MEMBER_NOT_FOUND, "not a member");
    }
    return turn.save(
        new Event.MemberRemoved(turn.nextSeq(), turn.nextAtMs(), remove.userId(), from.id()));
  }
}
