package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Emoji;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.Optional;
import java.util.Set;

/**
 * What may be done about a message that is there: to change it, to react to it, to say that one has
 * it.
 */
final class MessageRules {
  private MessageRules() {}

  static Answer edit(Turn turn, User from, Command.Edit edit) {
    Message message = turn.message(from, edit.messageId()).map(StoredMessage::message).orElse(null);
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (message == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (!message.userId().equals(from.id())) {
      return refuse(Reason.NOT_THE_AUTHOR, "only its author edits a message");
    } else if (message.isDeleted()) {
      return refuse(Reason.MESSAGE_DELETED, "message deleted");
    } else if (message.label() != null) {
      return refuse(Reason.INVALID, "an event is not edited");
    }
    String content = edit.content().strip();
    Optional<Refusal> flaw = Flaws.of(turn, content);
    if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    int version = message.version() + 1;
    return turn.save(
        new Event.Edited(
            turn.nextSeq(),
            turn.nextAtMs(),
            message.id(),
            from.id(),
            content,
            version,
            message.readers()));
  }

  static Answer delete(Turn turn, User from, Command.Delete delete) {
    Message message =
        turn.message(from, delete.messageId()).map(StoredMessage::message).orElse(null);
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (message == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (delete.hard() && !turn.administers(from)) {
      return refuse(Reason.NOT_AN_ADMIN, "only owners and admins delete for good");
    } else if (!delete.hard() && !message.userId().equals(from.id())) {
      return refuse(Reason.NOT_THE_AUTHOR, "only its author deletes a message");
    } else if (message.isDeleted() && !delete.hard()) {
      return new Answer.Unchanged(message);
    }
    int version = message.version() + 1;
    return turn.save(
        new Event.Deleted(
            turn.nextSeq(),
            turn.nextAtMs(),
            message.id(),
            from.id(),
            delete.hard(),
            version,
            message.readers()));
  }

  static Answer expire(Turn turn, Command.Expire expire) {
    Message message = turn.known(expire.messageId()).map(StoredMessage::message).orElse(null);
    if (message == null
        || message.isDeleted()
        || message.expiresAtMs() == null
        || message.expiresAtMs() > turn.nowMs()) {
      return new Answer.Unchanged(message);
    }
    return turn.save(
        new Event.Deleted(
            turn.nextSeq(),
            turn.nextAtMs(),
            message.id(),
            message.userId(),
            true,
            message.version() + 1,
            true,
            message.readers()));
  }

  static Answer react(Turn turn, User from, Command.React react) {
    StoredMessage stored = turn.message(from, react.messageId()).orElse(null);
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (from.isOnlyGuest()) {
      return refuse(Reason.GUEST_READ_ONLY, "guests only read");
    } else if (stored == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (stored.message().isDeleted()) {
      return refuse(Reason.MESSAGE_DELETED, "message deleted");
    } else if (!Emoji.isEmoji(react.emoji())) {
      return refuse(Reason.EMOJI_INVALID, "invalid emoji");
    }
    boolean there = stored.reactions().getOrDefault(react.emoji(), Set.of()).contains(from.id());
    if (there == react.add()) {
      return new Answer.Unchanged(stored.message());
    }
    int reactions = stored.reactions().values().stream().mapToInt(Set::size).sum();
    if (react.add() && reactions >= turn.limits().reactionsPerMessageMax()) {
      return refuse(
          Reason.LIMIT_REACHED, turn.limits().reactionsPerMessageMax() + " reactions are on it");
    }
    return turn.save(
        new Event.Reacted(
            turn.nextSeq(),
            turn.nextAtMs(),
            react.messageId(),
            from.id(),
            react.emoji(),
            react.add(),
            stored.message().readers()));
  }

  static Answer read(Turn turn, User from, Command.Read read) {
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    Optional<StoredMessage> message = turn.message(from, read.messageId());
    return message.isEmpty()
        ? refuse(Reason.MESSAGE_NOT_FOUND, "message not found")
        : new Answer.Done(
            new Event.Read(
                from.id(), read.messageId(), turn.nowMs(), message.get().message().readers()));
  }

  static Answer deliver(Turn turn, User from, Command.Deliver deliver) {
    Message message =
        turn.message(from, deliver.messageId()).map(StoredMessage::message).orElse(null);
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (message == null || message.isDeleted()) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "message not found");
    } else if (message.userId().equals(from.id())) {
      return refuse(Reason.INVALID, "cannot_mark_own_message_delivered");
    }
    return new Answer.Done(
        new Event.Delivered(from.id(), message.id(), turn.nowMs(), message.readers()));
  }
}
