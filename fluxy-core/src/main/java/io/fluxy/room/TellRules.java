package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.User;
import java.util.Optional;

/** What is told to whoever is here, and not kept. */
final class TellRules {
  private TellRules() {}

  static Answer type(Turn turn, User from, Command.Type type) {
    return turn.mayBeHere(from)
        ? new Answer.Done(new Event.Typing(from.id(), type.typing(), type.intent()))
        : refuse(Reason.FORBIDDEN, "not a member of this room");
  }

  static Answer tell(Turn turn, User from, String json, Event event) {
    Optional<Refusal> flaw = Flaws.ofJson(turn, json, "data");
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    return new Answer.Done(event);
  }
}
