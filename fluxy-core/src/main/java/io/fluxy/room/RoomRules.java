package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.Text;
import io.fluxy.chat.User;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What may be done about the room itself. */
final class RoomRules {
  private RoomRules() {}

  static Answer change(Turn turn, User from, Command.ChangeRoom change) {
    String name = change.name() == null ? turn.room().name() : change.name();
    RoomType type = change.type() == null ? turn.room().type() : change.type();
    if (!turn.administers(from)) {
      return turn.mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins change a room")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (type != turn.room().type()
        && (type == RoomType.DM || turn.room().type() == RoomType.DM)) {
      return refuse(Reason.INVALID, "a dm stays a dm, and nothing else becomes one");
    } else if (name.isBlank()
        || name.length() > turn.limits().roomNameCharsMax()
        || !Text.isSound(name)) {
      return refuse(
          Reason.INVALID,
          "name must be text of 1-" + turn.limits().roomNameCharsMax() + " characters");
    } else if (name.equals(turn.room().name()) && type == turn.room().type()) {
      return new Answer.Unchanged(null);
    }
    return turn.save(new Event.RoomChanged(turn.nextSeq(), turn.nextAtMs(), from.id(), name, type));
  }

  static Answer pin(Turn turn, User from, @Nullable Long messageId) {
    Message message =
        messageId == null
            ? null
            : turn.message(from, messageId).map(StoredMessage::message).orElse(null);
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (from.isOnlyGuest()) {
      return refuse(Reason.GUEST_READ_ONLY, "guests only read");
    } else if (turn.room().type() == RoomType.ANNOUNCEMENT && !turn.moderates(from)) {
      return refuse(Reason.ANNOUNCEMENT_READ_ONLY, "only moderators pin here");
    } else if (messageId != null && message == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (message != null && message.isDeleted()) {
      return refuse(Reason.MESSAGE_DELETED, "message deleted");
    } else if (message != null && message.readers() != null) {
      return refuse(Reason.INVALID, "only a message for everybody in the room can be pinned");
    } else if (message != null && message.label() != null) {
      return refuse(Reason.INVALID, "only a message of text can be pinned");
    }
    Long pinned = turn.room().pin() == null ? null : (Long) turn.room().pin().messageId();
    return Objects.equals(pinned, messageId)
        ? new Answer.Unchanged(message)
        : turn.save(new Event.Pinned(turn.nextSeq(), turn.nextAtMs(), from.id(), messageId));
  }

  static Answer deleteRoom(Turn turn, User from) {
    if (!turn.administers(from)) {
      return turn.mayBeHere(from)
          ? refuse(Reason.NOT_AN_ADMIN, "only owners and admins delete a room")
          : refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    return turn.save(new Event.RoomDeleted(turn.nextSeq(), turn.nextAtMs(), from.id()));
  }
}
