package io.fluxy.room;

import io.fluxy.chat.Answer;
import io.fluxy.chat.Command;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.store.RoomRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One ordered conversation. Whatever is asked of it is decided in one order, saved, and only then
 * answered and told.
 *
 * <p>Safe for use by many threads; no method blocks. Letters of one thread are taken in the order
 * it sent them.
 */
public interface Room {
  RoomRecord record();

  /**
   * Lets a member hear the room from now on. It hears {@link io.fluxy.chat.Event.Snapshot} and
   * {@link io.fluxy.chat.Event.Welcomed} first and every later event after, or is parted.
   *
   * @param snapshotMax how many of the newest messages to tell it first; 0 for no snapshot
   * @param visible whether it counts as present
   */
  void join(Member member, int snapshotMax, boolean visible);

  /**
   * Like {@link #join}, for a member that has heard this room before. It hears {@link
   * io.fluxy.chat.Event.Resumed} first; then, if all it missed is in the log, just that, each event
   * once and as it was told; otherwise what a newcomer hears.
   *
   * @param lastSeq the seq up to which it has heard
   * @param snapshotMax how many of the newest messages to tell it if its seq is not of this log
   */
  void rejoin(Member member, long lastSeq, int snapshotMax, boolean visible);

  /** The member hears nothing more. */
  void leave(Member member);

  /** A member that could not hear can hear again. */
  void drained(Member member);

  /**
   * Asks something as a member that has joined. What becomes of it, the member hears: the event
   * itself, or {@link io.fluxy.chat.Event.Refused}, or {@link io.fluxy.chat.Event.Repeated}.
   */
  void submit(Member from, Command command);

  /**
   * Asks something as a user who need not be here: an HTTP request, an agent, host code.
   *
   * @return never completes exceptionally; a declined command is {@link Answer.Refused}
   */
  CompletionStage<Answer> submit(User from, Command command);

  /**
   * What a reader may see of the room now.
   *
   * @return completes exceptionally with {@link io.fluxy.chat.RefusedException} if the reader may
   *     not be here
   */
  CompletionStage<RoomView> look(User reader);

  /**
   * How far members of the room have been told, for whoever looks after it: not for its users.
   *
   * @param userId only members of this user; null for all
   * @return completes exceptionally with {@link io.fluxy.chat.RefusedException} if the room is busy
   */
  CompletionStage<List<Place>> places(@Nullable String userId, int max);

  /**
   * A page of messages as they stand, newest first, without deleted ones.
   *
   * @param beforeSeq only messages with a smaller seq; {@link Long#MAX_VALUE} for the newest
   * @return completes exceptionally with {@link io.fluxy.chat.RefusedException} if the reader may
   *     not be here, or the store is unavailable
   */
  CompletionStage<List<StoredMessage>> page(User reader, long beforeSeq, int max);

  /** Like {@link #page}, but before a time: only messages created earlier than {@code beforeMs}. */
  CompletionStage<List<StoredMessage>> pageBefore(User reader, long beforeMs, int max);

  /**
   * The host's permissions have changed: members that answer to them hear nothing from the next
   * turn on, until it is known that they may stay.
   *
   * @param userId whose permissions; null for anybody's
   */
  void review(@Nullable String userId);

  /**
   * A message and a page of its answers, newest first.
   *
   * @param beforeMs only answers that were created earlier; {@link Long#MAX_VALUE} for the newest
   * @return empty if the reader sees no such message here; completes exceptionally like {@link
   *     #page}
   */
  CompletionStage<Optional<RoomThread>> thread(User reader, long parentId, long beforeMs, int max);

  /**
   * Somebody else may have written to this room's log: read it, if it has more than is known here,
   * and tell the members. A hint; may come at any time, for nothing, or never.
   */
  void hint();
}
