package io.fluxy.store;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who and what there is: projects, rooms, members, and up to where people have read. Memberships
 * change only through a room's log ({@link MessageStore#append}), never here.
 *
 * <p>Methods return at once and never block the caller; stages complete on any thread,
 * exceptionally with {@link StoreException}.
 */
public interface Directory {
  /**
   * Adds the project, or replaces the one with this id. Fails if one of its keys is another
   * project's.
   */
  CompletionStage<Void> saveProject(ProjectRecord project);

  CompletionStage<Optional<ProjectRecord>> project(String projectId);

  /** All projects, newest first. */
  CompletionStage<List<ProjectRecord>> projects(int max);

  /** The project that has an API key with this hash, valid or no longer. */
  CompletionStage<Optional<ProjectRecord>> projectByKeyHash(String keyHash);

  /**
   * Adds a room together with the first events of its log, all or none, and gives it a number.
   *
   * @param founders members from the start; their {@link Event.MemberAdded} events become seq 1 and
   *     up, with times that start at {@code createdAtMs} and rise by one; the times they bring
   *     along are ignored
   * @param by the user who founds it
   * @return empty if the project already has a room with this id, or had one that was deleted; then
   *     nothing has changed
   */
  CompletionStage<Optional<RoomRecord>> createRoom(
      RoomId id,
      RoomType type,
      String name,
      long createdAtMs,
      List<MemberRecord> founders,
      String by);

  CompletionStage<Optional<RoomRecord>> room(RoomId id);

  /** Finds the room that a message id belongs to. */
  CompletionStage<Optional<RoomRecord>> roomByNumber(String projectId, long number);

  /**
   * Rooms of a project, newest first: by falling number.
   *
   * @param userId only rooms this user is a member of; null for all
   * @param type only rooms of this type; null for all
   * @param reader whose unread messages to count
   */
  CompletionStage<List<RoomListing>> rooms(
      String projectId, @Nullable String userId, @Nullable RoomType type, User reader, int max);

  /**
   * Rooms of a project with a text in their id or name, newest first: by falling number.
   *
   * @param part letters of ASCII count alike in upper and lower case; empty for all rooms
   * @param beforeNumber only rooms with a lower number; {@link Long#MAX_VALUE} for the newest
   */
  CompletionStage<List<RoomRecord>> roomsLike(
      String projectId, String part, long beforeNumber, int max);

  /** Members of a room, longest first. */
  CompletionStage<List<MemberRecord>> members(RoomId id, int max);

  /** How far a user is behind in a room; nothing in one that does not exist. */
  CompletionStage<Unread> unread(RoomId id, User reader);

  /**
   * Remembers that a user has read up to a seq; an earlier one than remembered changes nothing.
   * Fails if there is no such room.
   */
  CompletionStage<Void> markRead(RoomId id, String userId, long seq);

  /** How many messages a project's rooms have got since a time, deleted ones included. */
  CompletionStage<Long> messagesSince(String projectId, long sinceMs);

  /**
   * A room as one reader sees it in a list.
   *
   * @param unread messages of others after what the reader has read, not deleted, counted up to
   *     1,000
   */
  record RoomListing(RoomRecord room, int unread) {}
}
