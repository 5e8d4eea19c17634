package io.fluxy.store;

import io.fluxy.chat.RoomId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * What users keep in a room that is no part of its log: small notes, of which the last one counts.
 * They go when the room goes; drafts and preferences also when their user's membership ends.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface Personal {
  /** What a note is for. */
  enum Kind {
    /** What a user has typed and not sent: JSON. */
    DRAFT,
    /** How a member wants the room to be: JSON. */
    PREFERENCES,
    /** A message has reached a user: the word for how far. One per message. */
    RECEIPT,
    /** What is said of the room itself, by no user: JSON. */
    DETAILS
  }

  /**
   * A note.
   *
   * @param atMs when it was last changed, in UTC milliseconds since 1970
   */
  record Note(String userId, String text, long atMs) {}

  /**
   * A user's note.
   *
   * @param seq of the message it is about; 0 if it is about none
   */
  CompletionStage<Optional<Note>> find(RoomId room, Kind kind, long seq, String userId);

  /** The notes of all users, by user id. */
  CompletionStage<List<Note>> all(RoomId room, Kind kind, long seq, int max);

  /**
   * Changes a user's note, one change at a time. Fails if there is no such room.
   *
   * @param change makes the new text of the old one, which is empty if there was no note; an empty
   *     text removes the note. Called on the store's writer: must be quick and must not block
   * @return the note as it is now
   */
  CompletionStage<Optional<Note>> change(
      RoomId room, Kind kind, long seq, String userId, long atMs, UnaryOperator<String> change);
}
