package io.fluxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * Something asked of a room by a member or by host code. Who asks is not in here: it comes from the
 * session.
 */
public sealed interface Command {
  /**
   * Ask to be let in. A visitor of a public room becomes a member; so does anybody the host admits.
   *
   * @param admitted the host's {@code Access} has said yes, whatever the room's type
   */
  record Enter(boolean admitted) implements Command {}

  /**
   * Ask whether one may speak here, before somebody else speaks at one's request. Changes nothing.
   *
   * @param about the message to be answered, which one has to see; null for none
   */
  record Speak(@Nullable Long about) implements Command {}

  /**
   * Post a message.
   *
   * @param exceptMemberId a member not to tell live, since it knows; null for none
   * @param askedBy at whose request somebody else says this, who has to be allowed to speak as
   *     well; null for nobody's
   */
  record Post(Draft draft, @Nullable String exceptMemberId, @Nullable User askedBy)
      implements Command {
    /** Post a message of which everybody is told. */
    public Post(Draft draft) {
      this(draft, null);
    }

    /** Post a message of one's own. */
    public Post(Draft draft, @Nullable String exceptMemberId) {
      this(draft, exceptMemberId, null);
    }
  }

  /**
   * Post a message while that is refused: whoever has sent it before gets the first one back.
   *
   * @param refusal for whoever has not
   */
  record Resend(Draft draft, Refusal refusal) implements Command {}

  /** Change one's own message. */
  record Edit(long messageId, String content) implements Command {}

  /**
   * Delete one's own message.
   *
   * @param hard for owners and admins: anybody's message, and its text leaves the store
   */
  record Delete(long messageId, boolean hard) implements Command {}

  /** Let a message go whose time has come. Changes nothing before, so anybody may ask. */
  record Expire(long messageId) implements Command {}

  /** Put an emoji on a message, or take it away again. Doing it twice changes nothing. */
  record React(long messageId, String emoji, boolean add) implements Command {}

  /** Say up to where one has read. Told and kept, not numbered. */
  record Read(long messageId) implements Command {}

  /** Say that somebody else's message has arrived. Told and kept, not numbered. */
  record Deliver(long messageId) implements Command {}

  /** Typing or not. Told, not kept. */
  record Type(boolean typing, Intent intent) implements Command {}

  /** Make someone a member, or change their role. */
  record AddMember(String userId, Role role) implements Command {}

  /** End someone's membership; oneself is always allowed. */
  record RemoveMember(String userId) implements Command {}

  /**
   * Give the room another name or type; for its owners and admins. Two people's conversation stays
   * one, and nothing else becomes one.
   *
   * @param name null to keep it
   * @param type null to keep it
   */
  record ChangeRoom(@Nullable String name, @Nullable RoomType type) implements Command {}

  /**
   * Let a message stand out, instead of the one that does; for whoever may post, and only one that
   * everybody in the room may see.
   *
   * @param messageId null for none
   */
  record Pin(@Nullable Long messageId) implements Command {}

  /**
   * End the room, for its owners and admins: everybody leaves, and all it said leaves the store.
   */
  record DeleteRoom() implements Command {}

  /**
   * Mute, ban or kick a user of the room, or take it back; for moderators.
   *
   * @param seconds how long; 0 for good
   */
  record Impose(String userId, Sanction sanction, long seconds, String reason) implements Command {}

  /**
   * One step of an agent's tool use.
   *
   * @param json the arguments, the result or the error as one JSON value
   * @param about the message that the agent answers: who may not read it does not hear of this;
   *     null for none
   */
  record UseTool(
      ToolPhase phase,
      String runId,
      String agentId,
      String toolCallId,
      String name,
      String json,
      @Nullable Long about)
      implements Command {}

  /**
   * How an agent's run stands.
   *
   * @param json the run as one JSON object
   * @param about as for {@link UseTool}
   */
  record ReportRun(String runId, String agentId, String status, String json, @Nullable Long about)
      implements Command {}

  /**
   * Tell everyone something that has a name. Told, not kept.
   *
   * @param json any JSON value
   * @param exceptMemberId the member not to tell, since it knows; null for none
   */
  record Signal(String name, String json, @Nullable String exceptMemberId) implements Command {}

  /**
   * Tell the others something that has a name: everyone but the member it comes from. Told, not
   * kept.
   *
   * @param json any JSON value
   */
  record Whisper(String name, String json) implements Command {}

  /**
   * Post a message that is going to be written bit by bit; it may be empty so far. One at a time
   * for a user in a room.
   *
   * @param runId the agent's run that writes it; empty if none
   */
  record StartStream(String content, @Nullable Long parentId, String runId) implements Command {}

  /** The message one is writing says this so far, all of it. Told now and then, not numbered. */
  record GrowStream(String content) implements Command {}

  /**
   * The message one is writing is whole.
   *
   * @param content all it says; null for what it said so far. A message that says nothing is
   *     deleted
   */
  record EndStream(@Nullable String content) implements Command {}

  /** Delete the message one is writing. */
  record AbortStream() implements Command {}

  /**
   * An agent is at work, or no longer. Told, not kept.
   *
   * @param about as for {@link UseTool}
   */
  record TypeAsAgent(
      String agentId, boolean typing, @Nullable String exceptMemberId, @Nullable Long about)
      implements Command {}

  /**
   * Tell me what I have missed. Becomes {@link Event.Replayed}, for whoever asks alone.
   *
   * @param lastSeq the seq up to which the asker has heard
   * @param epoch the log the seq is of, as an earlier answer named it; null for "this one"
   * @param max at most so many events
   */
  record Resume(long lastSeq, @Nullable String epoch, int max) implements Command {}

  /**
   * Take the text out of a stretch of the log, for good: of one user's messages, which leave a note
   * in their places, or of everyone's, which are deleted. For owners and admins of the project, and
   * for the user itself, member or not.
   *
   * @param userId null for everyone
   * @param afterSeq only what was said after this
   * @param beforeSeq only what was said before this
   * @param scope what goes
   */
  record Purge(@Nullable String userId, long afterSeq, long beforeSeq, Scope scope)
      implements Command {
    /** A purge of all there is. */
    public Purge(@Nullable String userId, long afterSeq, long beforeSeq) {
      this(userId, afterSeq, beforeSeq, Scope.ALL);
    }

    /** What a purge takes out of its stretch. */
    public enum Scope {
      ALL,
      /** Messages with a {@link Label}, and nothing else. */
      LABELLED
    }
  }

  /** What a typing user is about to do (FluxyChat contract 2.3). */
  enum Intent {
    COMPOSING,
    AWAY,
    VIEWING_THREAD,
    IDLE
  }

  /** Where a tool call stands. */
  enum ToolPhase {
    CALL,
    RESULT,
    ERROR
  }
}
