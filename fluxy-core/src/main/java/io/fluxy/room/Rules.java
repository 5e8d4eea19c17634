package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.User;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of contents: which rule decides which command, and what it has to know. */
final class Rules {
  private Rules() {}

  /** Decides one command, in the light of all that the turn has decided before. */
  static Answer decide(Turn turn, User from, Command command) {
    if (turn.isDeleted()) {
      return command instanceof Command.DeleteRoom && from.id().equals(turn.ledger().deletedBy())
          ? new Answer.Unchanged(null)
          : new Answer.Refused(Refusals.forbidden());
    }
    Optional<Refusal> sanctioned = turn.sanctions().refusal(from, command, turn.nowMs());
    if (sanctioned.isPresent()) {
      return new Answer.Refused(sanctioned.get());
    } else if (command instanceof Command.Post post) {
      User askedBy = post.askedBy();
      return askedBy == null
          ? PostRules.post(turn, from, post.draft(), null)
          : PostRules.postFor(turn, from, askedBy, post.draft());
    } else if (command instanceof Command.Speak speak) {
      return PostRules.speak(turn, from, speak);
    } else if (command instanceof Command.GrowStream grow) {
      return StreamRules.grow(turn, from, grow);
    } else if (command instanceof Command.StartStream start) {
      return StreamRules.start(turn, from, start);
    } else if (command instanceof Command.EndStream end) {
      return StreamRules.end(turn, from, end.content());
    } else if (command instanceof Command.AbortStream) {
      return StreamRules.end(turn, from, "");
    } else if (command instanceof Command.Type type) {
      return TellRules.type(turn, from, type);
    } else if (command instanceof Command.Resend resend) {
      return PostRules.resend(turn, from, resend);
    } else if (command instanceof Command.Read read) {
      return MessageRules.read(turn, from, read);
    } else if (command instanceof Command.Deliver deliver) {
      return MessageRules.deliver(turn, from, deliver);
    } else if (command instanceof Command.Expire expire) {
      return MessageRules.expire(turn, expire);
    } else if (command instanceof Command.Edit edit) {
      return MessageRules.edit(turn, from, edit);
    } else if (command instanceof Command.Delete delete) {
      return MessageRules.delete(turn, from, delete);
    } else if (command instanceof Command.React react) {
      return MessageRules.react(turn, from, react);
    } else if (command instanceof Command.Enter enter) {
      return MemberRules.enter(turn, from, enter);
    } else if (command instanceof Command.AddMember add) {
      return MemberRules.add(turn, from, add);
    } else if (command instanceof Command.RemoveMember remove) {
      return MemberRules.remove(turn, from, remove);
    } else if (command instanceof Command.Impose impose) {
      return SanctionRules.impose(turn, from, impose);
    } else if (command instanceof Command.Signal signal) {
      return TellRules.tell(
          turn, from, signal.json(), new Event.Signalled(from.id(), signal.name(), signal.json()));
    } else if (command instanceof Command.Whisper whisper) {
      return TellRules.tell(
          turn,
          from,
          whisper.json(),
          new Event.Whispered(from.id(), whisper.name(), whisper.json()));
    } else if (command instanceof Command.TypeAsAgent type) {
      return AgentRules.type(turn, from, type);
    } else if (command instanceof Command.ChangeRoom change) {
      return RoomRules.change(turn, from, change);
    } else if (command instanceof Command.Pin pin) {
      return RoomRules.pin(turn, from, pin.messageId());
    } else if (command instanceof Command.DeleteRoom) {
      return RoomRules.deleteRoom(turn, from);
    } else if (command instanceof Command.UseTool use) {
      return AgentRules.useTool(turn, from, use);
    } else if (command instanceof Command.ReportRun report) {
      return AgentRules.reportRun(turn, from, report);
    } else if (command instanceof Command.Purge purge) {
      return EraseRules.purge(turn, from, purge);
    }
    throw new AssertionError("no rule for " + command);
  }

  /**
   * The seq of an older message that has to be fetched before this command can be decided; 0 for
   * none.
   */
  private static long needs(Turn turn, User from, Command command) {
    if (command instanceof Command.Edit edit) {
      return turn.unknown(edit.messageId());
    } else if (command instanceof Command.Delete delete) {
      return turn.unknown(delete.messageId());
    } else if (command instanceof Command.React react) {
      return turn.unknown(react.messageId());
    } else if (command instanceof Command.EndStream || command instanceof Command.AbortStream) {
      return needs(turn, from.id());
    } else if (command instanceof Command.Read read) {
      return turn.unknown(read.messageId());
    } else if (command instanceof Command.Deliver deliver) {
      return turn.unknown(deliver.messageId());
    } else if (command instanceof Command.Expire expire) {
      return turn.unknown(expire.messageId());
    } else if (command instanceof Command.Pin pin && pin.messageId() != null) {
      return turn.unknown(pin.messageId());
    } else if (command instanceof Command.Speak speak) {
      return unknown(turn, speak.about());
    } else if (command instanceof Command.UseTool use) {
      return unknown(turn, use.about());
    } else if (command instanceof Command.ReportRun report) {
      return unknown(turn, report.about());
    } else if (command instanceof Command.TypeAsAgent type) {
      return unknown(turn, type.about());
    } else if (command instanceof Command.Resend resend) {
      String clientMessageId = resend.draft().clientMessageId();
      long seq = clientMessageId == null ? 0 : turn.ledger().seqOf(from.id(), clientMessageId);
      return seq == 0 ? 0 : turn.unknown(Message.id(turn.room().number(), seq));
    } else if (command instanceof Command.Post post && post.draft().clientMessageId() != null) {
      long seq = turn.ledger().seqOf(from.id(), post.draft().clientMessageId());
      long first = seq == 0 ? 0 : turn.unknown(Message.id(turn.room().number(), seq));
      return first != 0 ? first : unknown(turn, post.draft().parentId());
    } else if (command instanceof Command.Post post) {
      return unknown(turn, post.draft().parentId());
    }
    return 0;
  }

  /** The seq of an older message without which a letter can't be decided; 0 for none. */
  static long needs(Turn turn, Letter letter) {
    if (letter instanceof Letter.Interrupt interrupt) {
      return needs(turn, interrupt.userId());
    }
    return letter instanceof Letter.Ask ask ? needs(turn, ask.from(), ask.command()) : 0;
  }

  /** The seq of what a user is writing, if it has to be fetched before that can end; 0 if not. */
  private static long needs(Turn turn, String userId) {
    Ledger.Stream stream = turn.ledger().stream(userId);
    return stream == null ? 0 : turn.unknown(stream.message().id());
  }

  private static long unknown(Turn turn, @Nullable Long messageId) {
    return messageId == null ? 0 : turn.unknown(messageId);
  }
}
