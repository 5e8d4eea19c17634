package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Expiry;
import io.fluxy.chat.Label;
import io.fluxy.chat.Message;
import io.fluxy.chat.Names;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a new message. */
final class PostRules {
  private PostRules() {}

  static Answer post(Turn turn, User from, Draft draft, Event.@Nullable Stream stream) {
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    Optional<Message> first = turn.sentBefore(from, draft);
    if (first.isPresent()) {
      return new Answer.Repeated(first.get());
    }
    Answer silence = silence(turn, from);
    if (silence != null) {
      return silence;
    }
    String content = draft.content().strip();
    Label label = draft.label();
    Optional<Refusal> flaw =
        stream != null && content.isEmpty()
            ? Optional.empty()
            : label == null ? Flaws.of(turn, content) : Flaws.ofJson(turn, content, "data");
    if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    if (draft.attachments().size() > turn.limits().attachmentsMax()) {
      return refuse(
          Reason.LIMIT_REACHED, "more than " + turn.limits().attachmentsMax() + " attachments");
    }
    if (draft.clientMessageId() != null && !Names.isClientMessageId(draft.clientMessageId())) {
      return refuse(Reason.INVALID, "client message id must be 8-128 letters, digits, _ or -");
    }
    StoredMessage parent =
        draft.parentId() == null ? null : turn.message(from, draft.parentId()).orElse(null);
    if (draft.parentId() != null && parent == null) {
      return refuse(Reason.MESSAGE_NOT_FOUND, "the message to answer is not in this room");
    }
    if (draft.expiry() != null && !lives(turn, draft.expiry())) {
      return refuse(
          Reason.INVALID,
          "a message lives %d seconds to %d days"
              .formatted(
                  turn.limits().lifetimeMsMin() / 1_000,
                  turn.limits().lifetimeMsMax() / 86_400_000));
    }
    Readers readers = readers(from, draft, parent);
    Optional<Refusal> tooMany = tooMany(turn, readers, parent);
    if (tooMany.isPresent()) {
      return new Answer.Refused(tooMany.get());
    }
    return turn.save(
        new Event.Posted(
            new Message(
                turn.nextSeq(),
                Message.id(turn.room().number(), turn.nextSeq()),
                from.id(),
                content,
                turn.nextAtMs(),
                draft.parentId(),
                draft.clientMessageId(),
                label == null ? Mentions.in(turn, from, content, readers) : List.of(),
                draft.attachments(),
                1,
                null,
                null,
                readers,
                draft.expiry() == null ? null : (Long) draft.expiry().from(turn.nextAtMs()),
                label),
            stream));
  }

  /** In one turn: whoever asks may speak, and is spoken for. */
  static Answer postFor(Turn turn, User from, User askedBy, Draft draft) {
    Command.Speak speak = new Command.Speak(draft.parentId());
    Optional<Refusal> sanctioned = turn.sanctions().refusal(askedBy, speak, turn.nowMs());
    Answer may =
        sanctioned.<Answer>map(Answer.Refused::new).orElseGet(() -> speak(turn, askedBy, speak));
    return may instanceof Answer.Refused ? may : post(turn, from, draft, null);
  }

  /** What answers those who may read here and not speak; null if they may. */
  private static @Nullable Answer silence(Turn turn, User from) {
    if (from.isOnlyGuest()) {
      return refuse(Reason.GUEST_READ_ONLY, "guests only read");
    }
    return turn.room().type() == RoomType.ANNOUNCEMENT && !turn.moderates(from)
        ? refuse(Reason.ANNOUNCEMENT_READ_ONLY, "only moderators speak here")
        : null;
  }

  /** Whoever may not speak may not have others speak, either. */
  static Answer speak(Turn turn, User from, Command.Speak speak) {
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    Answer silence = silence(turn, from);
    if (silence != null) {
      return silence;
    }
    return speak.about() != null && turn.message(from, speak.about()).isEmpty()
        ? refuse(Reason.MESSAGE_NOT_FOUND, "the message to answer is not in this room")
        : new Answer.Unchanged(null);
  }

  static Answer resend(Turn turn, User from, Command.Resend resend) {
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    }
    Optional<Message> first = turn.sentBefore(from, resend.draft());
    return first.isPresent()
        ? new Answer.Repeated(first.get())
        : new Answer.Refused(resend.refusal());
  }

  private static boolean lives(Turn turn, Expiry expiry) {
    long lifeMs = expiry.from(turn.nowMs()) - turn.nowMs();
    return lifeMs >= turn.limits().lifetimeMsMin() && lifeMs <= turn.limits().lifetimeMsMax();
  }

  /** An answer to what not everyone may read is for the same readers, unless it names its own. */
  private static @Nullable Readers readers(User from, Draft draft, @Nullable StoredMessage parent) {
    if (draft.readers() == null) {
      return parent == null ? null : parent.message().readers();
    }
    return draft.readers().and(from.id());
  }

  private static Optional<Refusal> tooMany(
      Turn turn, @Nullable Readers readers, @Nullable StoredMessage parent) {
    Readers limit = parent == null ? null : parent.message().readers();
    if (readers == null || readers.equals(limit)) {
      return Optional.empty();
    } else if (readers.userIds().size()
        > turn.limits().readersPerMessageMax() + 1) { // and its author
      return Optional.of(
          Refusal.of(
              Reason.LIMIT_REACHED,
              "more than " + turn.limits().readersPerMessageMax() + " readers"));
    } else if (!readers.userIds().stream().allMatch(Names::isId)) {
      return Optional.of(
          Refusal.of(Reason.INVALID, "visibleTo must be user ids of letters, digits, _ or -"));
    } else if (limit != null
        && !(readers.role() == null && limit.userIds().containsAll(readers.userIds()))) {
      return Optional.of(
          Refusal.of(Reason.INVALID, "an answer is for no more readers than what it answers"));
    }
    return Optional.empty();
  }
}
