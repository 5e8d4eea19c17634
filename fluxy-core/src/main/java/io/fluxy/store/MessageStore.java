package io.fluxy.store;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.StoredMessage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps what rooms have said: one log per room, numbered from 1 without gaps.
 *
 * <p>A room asks for one append at a time; many rooms ask at once, and several engines may share a
 * store. The store is the only arbiter of order: two appends that offer the same seq can't both
 * succeed. Methods return at once and never block the caller; stages complete on any thread. Every
 * stage may complete exceptionally with {@link StoreException}.
 *
 * <p>A room that does not exist reads like an empty one; an append to it fails. So does one that
 * was deleted, but for {@link #read}, which tells its end to whoever has not read so far.
 */
public interface MessageStore {
  /**
   * Everything a room needs to come alive, in one trip.
   *
   * @param newestMax how many of the newest messages to bring along
   * @return empty if there is no such room
   */
  CompletionStage<Optional<OpenedRoom>> open(RoomId room, int newestMax);

  /**
   * Saves a turn's events and what follows from them (a message's present content, reactions,
   * memberships), all or none, and completes when they would survive what {@link
   * Store#durability()} promises. After {@link Event.RoomDeleted} that event alone is left of the
   * room: its seq stays taken, and so does its id. A hard {@link Event.Deleted} takes the text of
   * the message and of its edits out of the store. Reactions of a deleted message stay.
   *
   * @param events at least one, with consecutive seqs that start at the room's head + 1; seqs that
   *     would leave a gap are not saved
   * @param outgoing what webhooks are to be told of these events; saved with them, or not at all
   * @return completes exceptionally with {@link SeqTakenException} if the log already has one of
   *     these seqs, else with {@link ClientIdTakenException} if a post's client message id is
   *     already in the log for its user; then nothing was saved. With any other {@link
   *     StoreException} it is not known whether the events were saved: the room reads the log to
   *     find out
   */
  CompletionStage<Void> append(
      RoomId room, List<Event.Durable> events, List<DeliveryRecord> outgoing);

  /** Appends events of which nobody is to be told. */
  default CompletionStage<Void> append(RoomId room, List<Event.Durable> events) {
    return append(room, events, List.of());
  }

  /**
   * A stretch of the log, oldest first, as it was told; but posts and edits of a message that was
   * deleted since come back with empty content (and no mentions or attachments).
   *
   * @param afterSeq 0 for the start
   * @param max at most so many events; fewer only at the end of the log
   */
  CompletionStage<List<Event.Durable>> read(RoomId room, long afterSeq, int max);

  /**
   * A page of messages as they stand now, newest first, without deleted ones.
   *
   * @param beforeSeq only messages with a smaller seq; {@link Long#MAX_VALUE} for the newest page
   * @param max at most so many; fewer only at the beginning of the room
   */
  CompletionStage<List<StoredMessage>> page(RoomId room, long beforeSeq, int max);

  /** The seq of the nth newest message that is not deleted; 0 if there are fewer. */
  CompletionStage<Long> nthNewest(RoomId room, int nth);

  /**
   * A page of the answers to a message, as they stand now, newest first, without deleted ones.
   *
   * @param parentSeq of the message
   * @param beforeSeq only answers with a smaller seq; {@link Long#MAX_VALUE} for the newest page
   */
  CompletionStage<List<StoredMessage>> replies(
      RoomId room, long parentSeq, long beforeSeq, int max);

  /**
   * Messages as they stand now, deleted ones included.
   *
   * @param seqs of posts; a seq that is no post of this room is left out of the answer
   * @return in order of their seqs
   */
  CompletionStage<List<StoredMessage>> messages(RoomId room, Collection<Long> seqs);

  /** The message that this user sent to this room under this client message id, deleted or not. */
  CompletionStage<Optional<StoredMessage>> find(RoomId room, String userId, String clientMessageId);

  /**
   * The smallest seq whose event is at or after a time; head + 1 if there is none. Times rise with
   * seqs, so a bisection over the primary key answers without an index.
   */
  CompletionStage<Long> seqAt(RoomId room, long atMs);

  /** The messages of a room that are being written bit by bit, oldest first. */
  CompletionStage<List<OpenStream>> streams(RoomId room);

  /**
   * Keeps what a message that is being written says so far, and that somebody is still writing it:
   * its beat moves on. Changes nothing if it is written no longer. Numbers nothing, and need not
   * survive a crash at once.
   */
  CompletionStage<Void> checkpoint(RoomId room, long seq, String content);
}
