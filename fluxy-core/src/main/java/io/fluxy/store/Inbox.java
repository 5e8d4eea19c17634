package io.fluxy.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What concerns a user, over all rooms of a project. It says only where to look: whether the user
 * may still see it, the room says.
 *
 * <p>{@link MessageStore#append} keeps it in step. Methods return at once and never block the
 * caller; stages complete on any thread, exceptionally with {@link StoreException}.
 */
public interface Inbox {
  /** A message. */
  record Place(RoomRecord room, long seq) {}

  /** Messages that mention the user and are not deleted, newest first. */
  CompletionStage<List<Place>> mentions(String projectId, String userId, int max);

  /** Whom the user has blocked, by user id: the others in dms of which the user is a member. */
  CompletionStage<List<String>> blocked(String projectId, String userId, int max);

  /**
   * Messages that somebody has answered, if the user has written one or the other: by the newest
   * answer that concerns the user, newest first.
   */
  CompletionStage<List<Place>> threads(String projectId, String userId, int max);
}
