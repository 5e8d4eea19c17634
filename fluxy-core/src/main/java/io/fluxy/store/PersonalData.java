package io.fluxy.store;

import io.fluxy.chat.Event;
import io.fluxy.chat.Message;
import io.fluxy.chat.RoomId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one user: to show it, and to find where it has to be taken out. What stands in a
 * room's log changes only through the room.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface PersonalData {
  /**
   * Rooms by rising number.
   *
   * @param userId only rooms whose log, members, read positions, notes or sanctions name this user;
   *     null for all
   * @param afterNumber only rooms with a higher number
   */
  CompletionStage<List<RoomRecord>> rooms(
      String projectId, @Nullable String userId, long afterNumber, int max);

  /**
   * What is kept of a user.
   *
   * @param max of each kind at most so many, oldest first
   */
  CompletionStage<Report> of(String projectId, String userId, int max);

  /**
   * Forgets what is kept of a user beside logs: read positions and notes in all rooms of a project,
   * the reasons of its reports, and those of what operators did as this user or about it.
   */
  CompletionStage<Void> forgetBesideLogs(String projectId, String userId);

  /** The seq of the first message of a room that is not deleted; 0 if there is none. */
  CompletionStage<Long> firstKept(RoomId room);

  /** What is kept of a user. */
  record Report(
      List<Said> messages,
      List<Put> reactions,
      List<Place> reads,
      List<Membership> memberships,
      List<Said> mentions,
      List<Kept> notes,
      List<Moderated> moderated) {}

  /** A message, deleted ones without their text. */
  record Said(RoomRecord room, Message message) {}

  /** A reaction, as it stands. */
  record Put(RoomRecord room, long messageId, String emoji) {}

  /** Up to where the user has read. */
  record Place(RoomRecord room, long messageId) {}

  /**
   * A note, as it stands; see {@link Personal}.
   *
   * @param messageId what it is about; 0 if it is about no message
   */
  record Kept(RoomRecord room, Personal.Kind kind, long messageId, Personal.Note note) {}

  /** What a moderator has done about the user. */
  record Moderated(RoomRecord room, Event.Imposed event) {}

  /** A membership, as it stands. */
  record Membership(RoomRecord room, MemberRecord member) {}
}
