package io.fluxy;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RefusedException;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.connection.Gate;
import io.fluxy.room.Member;
import io.fluxy.room.RoomView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A room as the host's own code has it: no token, no rate limit, the same order and the same rules.
 * The host says who speaks; that user needs the same right in the room as anybody.
 *
 * <p>Safe for use by many threads; no method blocks. Stages complete exceptionally with {@link
 * RefusedException} where the room declines.
 */
public final class HostRoom {
  private final Gate gate;
  private final RoomId id;

  HostRoom(Gate gate, RoomId id) {
    this.gate = gate;
    this.id = id;
  }

  /**
   * Posts a message; a draft with a client message id that this user has used here gets the first
   * message back.
   */
  public CompletionStage<Message> post(User from, Draft draft) {
    return submit(from, new Command.Post(draft))
        .thenCompose(
            answer -> {
              if (answer instanceof Answer.Done done
                  && done.event() instanceof Event.Posted posted) {
                return CompletableFuture.completedStage(posted.message());
              } else if (answer instanceof Answer.Repeated repeated) {
                return CompletableFuture.completedStage(repeated.message());
              }
              return CompletableFuture.failedStage(new AssertionError("a post became " + answer));
            });
  }

  /** Asks the room anything. */
  public CompletionStage<Answer> submit(User from, Command command) {
    return gate.with(id, room -> room.submit(from, command))
        .thenCompose(
            answer ->
                answer instanceof Answer.Refused refused
                    ? CompletableFuture.failedStage(new RefusedException(refused.refusal()))
                    : CompletableFuture.completedStage(answer));
  }

  /** The newest messages, newest first. */
  public CompletionStage<List<StoredMessage>> newest(User reader, int max) {
    return gate.with(id, room -> room.page(reader, Long.MAX_VALUE, max));
  }

  /** What there is to see of the room now. */
  public CompletionStage<RoomView> look(User reader) {
    return gate.with(id, room -> room.look(reader));
  }

  /**
   * Lets host code hear the room. The member hears on the room's turn: see {@link Member}.
   *
   * @param snapshotMax how many of the newest messages to hear first
   * @return completes with something to leave by
   */
  public CompletionStage<AutoCloseable> join(Member member, int snapshotMax) {
    return gate.lease(id)
        .thenApply(
            found -> {
              var lease = found.orElseThrow(() -> new IllegalArgumentException("no room " + id));
              lease.room().join(member, snapshotMax, false);
              return () -> {
                lease.room().leave(member);
                lease.release();
              };
            });
  }
}
