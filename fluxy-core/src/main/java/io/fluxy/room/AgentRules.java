package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.User;
import java.util.Optional;

/** What the log says of the work of agents. */
final class AgentRules {
  private AgentRules() {}

  static Answer useTool(Turn turn, User from, Command.UseTool use) {
    Optional<Refusal> flaw = Flaws.ofJson(turn, use.json(), "a tool's arguments, result and error");
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    return turn.save(
        new Event.ToolUsed(
            turn.nextSeq(),
            turn.nextAtMs(),
            from.id(),
            use.phase(),
            use.runId(),
            use.agentId(),
            use.toolCallId(),
            use.name(),
            use.json()));
  }

  static Answer reportRun(Turn turn, User from, Command.ReportRun report) {
    Optional<Refusal> flaw = Flaws.ofJson(turn, report.json(), "a run");
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    return turn.save(
        new Event.RunReported(
            turn.nextSeq(),
            turn.nextAtMs(),
            from.id(),
            report.runId(),
            report.agentId(),
            report.status(),
            report.json()));
  }
}
