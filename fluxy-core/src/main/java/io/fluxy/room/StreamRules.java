package io.fluxy.room;

import static io.fluxy.room.Refusals.refuse;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.Refusal;
import io.fluxy.chat.Refusal.Reason;
import io.fluxy.chat.User;
import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a message is written bit by bit: it begins with a post, and ends with an edit or a deletion.
 */
final class StreamRules {
  private static final String INTERRUPTED = "interrupted";

  private StreamRules() {}

  static Answer start(Turn turn, User from, Command.StartStream start) {
    if (turn.mayBeHere(from) && turn.stream(from.id()) != null) {
      return refuse(
          Reason.STREAM_ALREADY_ACTIVE, "one message at a time is written here by a user");
    }
    Draft draft = new Draft(start.content(), start.parentId(), null, List.of());
    return PostRules.post(turn, from, draft, new Event.Stream(start.runId()));
  }

  static Answer grow(Turn turn, User from, Command.GrowStream grow) {
    Ledger.Stream stream = turn.stream(from.id());
    Optional<Refusal> flaw =
        grow.content().isBlank() ? Optional.empty() : Flaws.of(turn, grow.content().strip());
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (stream == null) {
      return refuse(Reason.STREAM_NOT_ACTIVE, "no message is being written here by this user");
    } else if (flaw.isPresent()) {
      return new Answer.Refused(flaw.get());
    }
    String content = grow.content();
    return new Answer.Done(
        new Event.Streamed(
            stream.message().id(), from.id(), content, turn.nowMs(), stream.message().readers()));
  }

  static Answer end(Turn turn, User from, @Nullable String content) {
    Ledger.Stream stream = turn.stream(from.id());
    if (!turn.mayBeHere(from)) {
      return refuse(Reason.FORBIDDEN, "not a member of this room");
    } else if (stream == null) {
      return refuse(Reason.STREAM_NOT_ACTIVE, "no message is being written here by this user");
    }
    return end(turn, stream, content == null ? stream.message().content() : content);
  }

  private static Answer end(Turn turn, Ledger.Stream stream, String content) {
    Message message = stream.message();
    int version = message.version() + 1;
    String whole = content.strip();
    if (whole.isEmpty()) {
      return turn.save(
          new Event.Deleted(
              turn.nextSeq(),
              turn.nextAtMs(),
              message.id(),
              message.userId(),
              false,
              version,
              message.readers()));
    }
    Optional<Refusal> flaw = Flaws.of(turn, whole);
    return flaw.isPresent()
        ? new Answer.Refused(flaw.get())
        : turn.save(
            new Event.Edited(
                turn.nextSeq(),
                turn.nextAtMs(),
                message.id(),
                message.userId(),
                whole,
                version,
                message.readers()));
  }

  /**
   * Nobody writes a message any more: it keeps what it says so far, and the run that wrote it is
   * marked.
   *
   * @return what happens; empty if somebody else has seen to it
   */
  static List<Event.Durable> interrupt(Turn turn, Letter.Interrupt interrupt) {
    Ledger.Stream stream = turn.stream(interrupt.userId());
    int before = turn.events().size();
    if (stream == null
        || stream.seq() != interrupt.seq()
        || !(end(turn, stream, stream.message().content()) instanceof Answer.Done)) {
      return List.of();
    }
    if (!stream.runId().isEmpty()) {
      turn.save(
          new Event.RunReported(
              turn.nextSeq(),
              turn.nextAtMs(),
              interrupt.userId(),
              stream.runId(),
              interrupt.userId(),
              INTERRUPTED,
              interrupted(turn, stream),
              stream.message().readers()));
    }
    return List.copyOf(turn.events().subList(before, turn.events().size()));
  }

  private static String interrupted(Turn turn, Ledger.Stream stream) {
    byte[] utf8 =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("id", stream.runId());
              json.writeStringField("status", INTERRUPTED);
              json.writeStringField("room_id", turn.room().id().name());
              json.writeStringField("error", "the server that ran it is gone");
              json.writeEndObject();
            });
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
