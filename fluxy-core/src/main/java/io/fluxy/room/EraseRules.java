package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How text leaves the log. */
final class EraseRules {
  private EraseRules() {}

  static Answer purge(Turn turn, User from, Command.Purge purge) {
    if (!from.governs() && !from.id().equals(purge.userId())) {
      return refuse(Reason.NOT_AN_ADMIN, "only owners, admins and oneself erase");
    }
    long beforeSeq = Math.min(purge.beforeSeq(), turn.nextSeq());
    if (purge.afterSeq() + 1 >= beforeSeq) {
      return new Answer.Unchanged(null);
    }
    Event.Purged asked =
        new Event.Purged(
            turn.nextSeq(),
            turn.nextAtMs(),
            purge.userId(),
            purge.afterSeq(),
            beforeSeq,
            from.id(),
            List.of(),
            purge.scope());
    Map<Long, StoredMessage> known = new TreeMap<>();
    turn.ledger().newest().forEach(stored -> known.put(stored.message().seq(), stored));
    known.putAll(turn.touched());
    known.values().removeIf(stored -> !asked.concerns(stored.message()));
    List<Long> ids =
        known.values().stream()
            .map(StoredMessage::message)
            .filter(message -> message.readers() == null) // of others, nobody learns
            .map(Message::id)
            .toList();
    Answer answer =
        turn.save(
            new Event.Purged(
                asked.seq(),
                asked.atMs(),
                asked.userId(),
                asked.afterSeq(),
                asked.beforeSeq(),
                asked.by(),
                ids,
                asked.scope()));
    if (answer instanceof Answer.Done) {
      turn.touched(known, asked);
    }
    return answer;
  }
}
