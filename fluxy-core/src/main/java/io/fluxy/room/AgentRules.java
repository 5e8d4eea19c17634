package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Readers;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.User;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is told of the work of agents. It is for the readers of what the agent answers: whoever may
 * not read a question does not hear that somebody works at it.
 */
final class AgentRules {
  private AgentRules() {}

  static Answer useTool(Turn turn, User from, Command.UseTool use) {
    Answer no =
        refusal(turn, from, use.json(), "a tool's arguments, result and error", use.about());
    return no != null
        ? no
        : turn.save(
            new Event.ToolUsed(
                turn.nextSeq(),
                turn.nextAtMs(),
                from.id(),
                use.phase(),
                use.runId(),
                use.agentId(),
                use.toolCallId(),
                use.name(),
                use.json(),
                readers(turn, use.about())));
  }

  static Answer reportRun(Turn turn, User from, Command.ReportRun report) {
    Answer no = refusal(turn, from, report.json(), "a run", report.about());
    return no != null
        ? no
        : turn.save(
            new Event.RunReported(
                turn.nextSeq(),
                turn.nextAtMs(),
                from.id(),
                report.runId(),
                report.agentId(),
                report.status(),
                report.json(),
                readers(turn, report.about())));
  }

  static Answer type(Turn turn, User from, Command.TypeAsAgent type) {
    Answer no = refusal(turn, from, "{}", "", type.about());
    return no != null
        ? no
        : new Answer.Done(
            new Event.AgentTyping(type.agentId(), type.typing(), readers(turn, type.about())));
  }

  private static @Nullable Answer refusal(
      Turn turn, User from, String json, String what, @Nullable Long about) {
    Optional<Refusal> flaw = Flaws.ofJson(turn, json, what);
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    return about != null && turn.message(from, about).isEmpty()
        ? refuse(Reason.MESSAGE_NOT_FOUND, "the message to answer is not in this room")
        : null;
  }

  private static @Nullable Readers readers(Turn turn, @Nullable Long about) {
    return about == null
        ? null
        : turn.known(about).map(stored -> stored.message().readers()).orElse(null);
  }
}
