package io.fluxy.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something a room tells its members. */
public sealed interface Event {
  /** Who may hear it; null for everyone in the room. */
  default @Nullable Readers readers() {
    return null;
  }

  /** An event in the room's log: numbered from 1 without gaps, saved before it is told. */
  sealed interface Durable extends Event {
    /** Its place in the room's log. */
    long seq();

    /** UTC milliseconds since 1970; rises strictly with the seq. */
    long atMs();
  }

  /**
   * A new message.
   *
   * @param stream says who goes on writing it, until an edit or a deletion ends that; null for a
   *     message that is whole
   */
  record Posted(Message message, @Nullable Stream stream) implements Durable {
    /** A message that is whole. */
    public Posted(Message message) {
      this(message, null);
    }

    @Override
    public long seq() {
      return message.seq();
    }

    @Override
    public long atMs() {
      return message.createdAtMs();
    }

    @Override
    public @Nullable Readers readers() {
      return message.readers();
    }
  }

  /**
   * A message is being written bit by bit.
   *
   * @param runId the run of the agent that writes it; empty if it is no agent's
   */
  record Stream(String runId) {}

  /**
   * A message has new content.
   *
   * @param version of the message, after this edit
   */
  record Edited(
      long seq,
      long atMs,
      long messageId,
      String userId,
      String content,
      int version,
      @Nullable Readers readers)
      implements Durable {
    public Edited(long seq, long atMs, long messageId, String userId, String content, int version) {
      this(seq, atMs, messageId, userId, content, version, null);
    }
  }

  /**
   * A message is gone.
   *
   * @param hard its text has left the store
   * @param expired it went by itself, when its time had come; its author stands for the deleter
   */
  record Deleted(
      long seq,
      long atMs,
      long messageId,
      String userId,
      boolean hard,
      int version,
      boolean expired,
      @Nullable Readers readers)
      implements Durable {
    public Deleted(
        long seq,
        long atMs,
        long messageId,
        String userId,
        boolean hard,
        int version,
        @Nullable Readers readers) {
      this(seq, atMs, messageId, userId, hard, version, false, readers);
    }

    public Deleted(long seq, long atMs, long messageId, String userId, boolean hard, int version) {
      this(seq, atMs, messageId, userId, hard, version, false, null);
    }
  }

  /** A user put an emoji on a message or took it away. */
  record Reacted(
      long seq,
      long atMs,
      long messageId,
      String userId,
      String emoji,
      boolean add,
      @Nullable Readers readers)
      implements Durable {
    public Reacted(long seq, long atMs, long messageId, String userId, String emoji, boolean add) {
      this(seq, atMs, messageId, userId, emoji, add, null);
    }
  }

  /**
   * A user is a member of the room from here on, in this role.
   *
   * @param by the user who did it
   */
  record MemberAdded(long seq, long atMs, String userId, Role role, String by) implements Durable {}

  /** A user is no member any more. */
  record MemberRemoved(long seq, long atMs, String userId, String by) implements Durable {}

  /**
   * The room has this name and type from here on.
   *
   * @param by the user who did it
   */
  record RoomChanged(long seq, long atMs, String by, String name, RoomType type)
      implements Durable {}

  /**
   * This message stands out in the room from here on, instead of any other.
   *
   * @param by the user who did it
   * @param messageId null for none
   */
  record Pinned(long seq, long atMs, String by, @Nullable Long messageId) implements Durable {}

  /** The room is no more: the last event of its log, and the only one that is left of it. */
  record RoomDeleted(long seq, long atMs, String by) implements Durable {}

  /**
   * A moderator has done something about a user.
   *
   * @param untilMs UTC milliseconds since 1970; {@link Long#MAX_VALUE} for good, 0 if it is over
   * @param by the moderator
   */
  record Imposed(
      long seq, long atMs, String userId, Sanction sanction, long untilMs, String reason, String by)
      implements Durable {}

  /**
   * One step of an agent's tool use; {@code json} is the arguments, the result or the error. What
   * the agent answers is for these readers, and so is this.
   */
  record ToolUsed(
      long seq,
      long atMs,
      String userId,
      Command.ToolPhase phase,
      String runId,
      String agentId,
      String toolCallId,
      String name,
      String json,
      @Nullable Readers readers)
      implements Durable {}

  /**
   * How an agent's run stands; {@code json} is the run as one object. What the agent answers is for
   * these readers, and so is this.
   */
  record RunReported(
      long seq,
      long atMs,
      String userId,
      String runId,
      String agentId,
      String status,
      String json,
      @Nullable Readers readers)
      implements Durable {}

  /**
   * The text of a stretch of the log is gone: of one user's messages, which now say {@link
   * Message#ERASED}, with all that user put on others; or of everyone's, which are deleted. What
   * was being written is ended; of what is no message, {@link #redacted} tells what is left.
   *
   * @param userId null for everyone
   * @param afterSeq of what was said after this
   * @param beforeSeq of what was said before this
   * @param by the user who did it
   * @param messageIds the newest of the messages, for whoever shows them now
   * @param scope what of the stretch is gone
   */
  record Purged(
      long seq,
      long atMs,
      @Nullable String userId,
      long afterSeq,
      long beforeSeq,
      String by,
      List<Long> messageIds,
      Command.Purge.Scope scope)
      implements Durable {
    public Purged {
      messageIds = List.copyOf(messageIds);
    }

    /** All there was is gone. */
    public Purged(
        long seq,
        long atMs,
        @Nullable String userId,
        long afterSeq,
        long beforeSeq,
        String by,
        List<Long> messageIds) {
      this(seq, atMs, userId, afterSeq, beforeSeq, by, messageIds, Command.Purge.Scope.ALL);
    }

    /** What is told in place of JSON whose text is gone. */
    public static final String ERASED_JSON = "{\"erased\":true}";

    /** Whether this took the text of a message. */
    public boolean concerns(Message message) {
      return covers(message.seq())
          && isOf(message.userId())
          && (isOfAll() || message.label() != null);
    }

    /** Whether it is about everything, and not about messages with a label only. */
    public boolean isOfAll() {
      return scope == Command.Purge.Scope.ALL;
    }

    private boolean covers(long aSeq) {
      return aSeq > afterSeq && aSeq < beforeSeq;
    }

    private boolean isOf(String aUserId) {
      return userId == null || userId.equals(aUserId);
    }

    /**
     * What is left of an event that is about no message: of the work of agents, that it was; of a
     * sanction by or against the user, all but the reason.
     */
    public Durable redacted(Durable told) {
      if (!isOfAll() || !covers(told.seq())) {
        return told;
      } else if (told instanceof ToolUsed e && isOf(e.userId())) {
        return new ToolUsed(
            e.seq,
            e.atMs,
            e.userId,
            e.phase,
            e.runId,
            e.agentId,
            e.toolCallId,
            e.name,
            ERASED_JSON,
            e.readers);
      } else if (told instanceof RunReported e && isOf(e.userId())) {
        return new RunReported(
            e.seq, e.atMs, e.userId, e.runId, e.agentId, e.status, ERASED_JSON, e.readers);
      } else if (told instanceof Imposed e && (isOf(e.userId()) || isOf(e.by()))) {
        return new Imposed(e.seq, e.atMs, e.userId, e.sanction, e.untilMs, "", e.by);
      }
      return told;
    }
  }

  /** To a user whose reaction changed nothing: it already was as asked. */
  record ReactionStands(String userId, long messageId, String emoji, boolean add)
      implements Event {}

  /**
   * There are other answers to a message than before. Told of messages that are in the room's
   * memory; of older ones a page of history says.
   *
   * @param replies null if there are none left
   */
  record ThreadChanged(long messageId, @Nullable Replies replies, @Nullable Readers readers)
      implements Event {}

  /** Typing or not. */
  record Typing(String userId, boolean typing, Command.Intent intent) implements Event {}

  /** A message that is being written says this so far. */
  record Streamed(
      long messageId, String userId, String content, long atMs, @Nullable Readers readers)
      implements Event {}

  /** To one member: the message that it writes bit by bit has this id. */
  record StreamStarted(long messageId) implements Event {}

  /** To one member that has just joined: this message of its user is still being written. */
  record StreamState(Message message) implements Event {}

  /** An agent is at work, or no longer. */
  record AgentTyping(String agentId, boolean typing, @Nullable Readers readers) implements Event {}

  /** Something with a name, for everyone; {@code json} is any JSON value. */
  record Signalled(String userId, String name, String json) implements Event {}

  /** Something with a name, from one member to the others; {@code json} is any JSON value. */
  record Whispered(String userId, String name, String json) implements Event {}

  /** Someone has read up to a message. */
  record Read(String userId, long messageId, long atMs, @Nullable Readers readers)
      implements Event {
    public Read(String userId, long messageId, long atMs) {
      this(userId, messageId, atMs, null);
    }
  }

  /** A message has reached somebody else than its author. */
  record Delivered(String userId, long messageId, long atMs, @Nullable Readers readers)
      implements Event {
    /** The word for it. */
    public static final String STATUS = "delivered";
  }

  /** The first connection of a user is here. */
  record Arrived(String userId, Map<String, String> info, String connectionId) implements Event {}

  /** The last connection of a user is gone. */
  record Left(String userId) implements Event {}

  /**
   * Who is here.
   *
   * @param connections how many connections, all users together
   * @param present at most {@link Limits#presenceListMax()} of the users, in order of arrival
   */
  record Presence(int connections, List<Present> present) implements Event {}

  /**
   * To one member that has just joined: what was said lately, oldest first.
   *
   * @param userId whose member it is
   */
  record Snapshot(List<StoredMessage> messages, String userId) implements Event {}

  /** To one member that has just joined: you are in. */
  record Welcomed(String connectionId, int connections, List<Present> present) implements Event {}

  /**
   * To whoever asked what it has missed: a page of the log, oldest first.
   *
   * @param epoch names this log; another one means that seqs heard earlier say nothing here
   * @param recovered false if the seq is not of this log: reload everything
   * @param lastSeq up to where this page tells; ask again after it while it is below {@code
   *     currentSeq}
   * @param currentSeq up to where there is something to recover; what follows, a member hears
   *     anyway
   */
  record Replayed(
      String epoch, boolean recovered, long lastSeq, long currentSeq, List<Durable> events)
      implements Event {
    public Replayed {
      events = List.copyOf(events);
    }
  }

  /**
   * To one member that comes back: the verdict on what it has missed. If it is recovered, all of it
   * follows as it was told; if not, a snapshot does.
   */
  record Resumed(String epoch, boolean recovered, long lastSeq, long currentSeq) implements Event {}

  /** To one member: what you asked for was declined. */
  record Refused(Refusal refusal, @Nullable String clientMessageId) implements Event {}

  /**
   * To one member that sent a message which the room already has: this one.
   *
   * @param message the first, as it stands now
   */
  record Repeated(Message message) implements Event {}

  /** A user that is here, and what their first connection told of them (name, avatar_url, role). */
  record Present(String userId, Map<String, String> info) {}
}
