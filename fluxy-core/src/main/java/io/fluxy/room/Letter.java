package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.Event;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.OpenStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What can lie in a room's mailbox. */
sealed interface Letter {
  /**
   * A command.
   *
   * @param via the member that hears what became of it, if it came from one
   * @param answer completed with what became of it, if somebody waits for that
   */
  record Ask(
      User from, @Nullable Member via, Command command, @Nullable CompletableFuture<Answer> answer)
      implements Letter {
    /** What names the send, if it is one and has a name. */
    @Nullable String clientMessageId() {
      if (command instanceof Command.Resend resend) {
        return resend.draft().clientMessageId();
      }
      return command instanceof Command.Post post ? post.draft().clientMessageId() : null;
    }
  }

  /**
   * A member that wants to hear the room.
   *
   * @param fetched its snapshot, oldest first, if it had to come from the store
   */
  record Join(
      Member member, int snapshotMax, boolean visible, @Nullable List<StoredMessage> fetched)
      implements Letter {
    Join(Member member, int snapshotMax, boolean visible) {
      this(member, snapshotMax, visible, null);
    }

    Join with(List<StoredMessage> snapshot) {
      return new Join(member, snapshotMax, visible, snapshot);
    }
  }

  /** A member that wants to hear what followed a seq, and then the room. */
  record Rejoin(Member member, long lastSeq, int snapshotMax, boolean visible) implements Letter {}

  /**
   * What the store had for somebody who asked what it has missed.
   *
   * @param upTo the seq of the last event that is of interest
   * @param events the log from the seq asked for; null if the store failed
   */
  record Replay(Ask ask, long upTo, @Nullable List<Event.Durable> events) implements Letter {}

  record Leave(Member member) implements Letter {}

  /** A slow member can hear again. */
  record Drained(Member member) implements Letter {}

  /**
   * What the store had for a slow member.
   *
   * @param events the log after the member's cursor; null if the store failed
   */
  record Fetched(Member member, @Nullable List<Event.Durable> events) implements Letter {}

  record Look(User reader, CompletableFuture<RoomView> view) implements Letter {}

  /**
   * How far members have been told.
   *
   * @param userId only members of this user; null for all
   */
  record Places(@Nullable String userId, int max, CompletableFuture<List<Place>> places)
      implements Letter {}

  /**
   * A page from memory if it is there.
   *
   * @param page completed with what the reader may see, and with no page if the store has to be
   *     asked for it
   */
  record Page(User reader, long beforeSeq, long beforeMs, int max, CompletableFuture<Paged> page)
      implements Letter {}

  /** It is time to tell what a message says so far. */
  record StreamDue(long seq) implements Letter {}

  /** It is time to keep what messages say so far. */
  record BeatDue() implements Letter {}

  /** What the store says of messages that are being written; empty if it failed. */
  record Beats(List<OpenStream> streams) implements Letter {}

  /** Nobody writes a message any more. */
  record Interrupt(long seq, String userId) implements Letter {}

  /** What became of a {@link Page}; a null page has to come from the store. */
  record Paged(Sight sight, @Nullable List<StoredMessage> page) {}

  /**
   * The host's permissions have changed.
   *
   * @param userId whose; null for anybody's
   */
  record Review(@Nullable String userId) implements Letter {}

  /** What the host says of a member now. */
  record Reviewed(Seat seat, Reviews.Verdict verdict) implements Letter {}

  /** It is time to tell who is here. */
  record PresenceDue() implements Letter {}

  /** Look whether the log has more than is known here. */
  record CatchUp() implements Letter {}
}
