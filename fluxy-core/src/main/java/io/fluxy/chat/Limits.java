package io.fluxy.chat;

/**
 * Every bound of the engine, with its unit in its name. Defaults suit one machine with a few
 * thousand users; change one with {@code
 * Limits.defaults().toBuilder().messagesPerMinute(600).build()}.
 *
 * @param contentCharsMax characters of a message after trimming (FluxyChat contract 2.5)
 * @param attachmentsMax files a message may point at
 * @param reactionsPerMessageMax emoji and user pairs on one message
 * @param readersPerMessageMax users a whisper may name
 * @param lifetimeMsMin the shortest life of a message that expires
 * @param lifetimeMsMax the longest
 * @param preferencesCharsMax characters of the JSON of a member's preferences
 * @param roomNameCharsMax characters of a room's name
 * @param membersPerRoomMax membership rows of one room
 * @param connectionsPerRoomMax sockets and streams in one room
 * @param connectionsPerUserMax sockets and streams of one user of a project
 * @param pollsMax HTTP requests that wait for the next event of a room
 * @param pollsPerUserMax of these, one user's of a project
 * @param presenceListMax users named in a presence event; above it, the rest is only counted
 * @param presencePauseMs the least time between two presence events in a room with more than {@code
 *     presenceListMax} users
 * @param roomsMax rooms alive in memory
 * @param mailboxLettersMax commands that wait for one room; then {@link Refusal.Reason#BUSY}
 * @param turnLettersMax commands taken in one turn
 * @param recentMessagesMax newest messages a live room keeps in memory
 * @param recentEventsMax newest events a live room keeps encoded for slow clients
 * @param clientIdsMax client message ids a live room remembers, no fewer than {@code
 *     turnLettersMax}; older ones are found by the store
 * @param outboxBytesMax bytes queued for one connection before it leaves live delivery
 * @param writeStallMs how long one write to a connection may take before its farewell
 * @param silenceMs how long nothing need be heard from a connection before its farewell; it is
 *     pinged after a third of it
 * @param roomIdleMs how long a room without members stays in memory after its last letter
 * @param storeTimeoutMs how long the store may take for an append or a read
 * @param listenerEventsMax events that wait for one of the host's listeners; it misses what comes
 *     beyond
 * @param interceptorMs how long the host's interceptors together may take over one command
 * @param webhooksPerProjectMax webhooks a project may register
 * @param webhooksMax webhooks of all projects that an engine serves
 * @param webhookTimeoutMs how long one attempt to deliver a webhook may take, redirects included
 * @param messagesPerMinute sends of one user in one room, socket and HTTP together; fixed
 *     one-minute windows
 * @param tokensPerMinute tokens minted with one API key from one address; fixed one-minute windows
 * @param commandsPerMinute edits, deletes, reactions, reads and typing of one user in one room
 * @param clientEventsPerMinute client events of one user of a project (FluxyChat contract 2.5)
 * @param jsonCharsMax characters of the JSON of a tool call, a run, or an event with a name
 * @param streamPauseMs the least time between two tellings of what a message that is being written
 *     says
 * @param streamBeatMs how often is kept what a message that is being written says; a writer that
 *     misses three is gone
 * @param streamIdleMs how long a message that is being written need not grow before it is over
 * @param streamDeltasPerMinute how often one user may let a message grow in one room
 * @param agentsMax agents of one project
 * @param agentRunsMax runs of agents that are going on or wait
 * @param agentRunsPerMinute runs of one agent (FluxyChat contract 7)
 * @param agentThreadsMax agents that answer at the same time
 * @param agentDeadlineMs how long a run may take, waiting included
 * @param agentToolCallsMax tools one run may call
 * @param messagesPerMonth messages of a project in a UTC month; 0 for no quota
 * @param frameBytesMax bytes of one incoming text frame
 * @param bodyBytesMax bytes of one HTTP request body
 * @param data bounds of what is kept or read beside the conversation
 */
public record Limits(
    int contentCharsMax,
    int attachmentsMax,
    int reactionsPerMessageMax,
    int readersPerMessageMax,
    int lifetimeMsMin,
    int lifetimeMsMax,
    int preferencesCharsMax,
    int roomNameCharsMax,
    int membersPerRoomMax,
    int connectionsPerRoomMax,
    int connectionsPerUserMax,
    int pollsMax,
    int pollsPerUserMax,
    int presenceListMax,
    int presencePauseMs,
    int roomsMax,
    int mailboxLettersMax,
    int turnLettersMax,
    int recentMessagesMax,
    int recentEventsMax,
    int clientIdsMax,
    int outboxBytesMax,
    int writeStallMs,
    int silenceMs,
    int roomIdleMs,
    int storeTimeoutMs,
    int listenerEventsMax,
    int interceptorMs,
    int webhooksPerProjectMax,
    int webhooksMax,
    int webhookTimeoutMs,
    int messagesPerMinute,
    int tokensPerMinute,
    int commandsPerMinute,
    int clientEventsPerMinute,
    int jsonCharsMax,
    int agentToolCallsMax,
    int agentDeadlineMs,
    int agentThreadsMax,
    int agentRunsPerMinute,
    int agentRunsMax,
    int agentsMax,
    int streamDeltasPerMinute,
    int streamIdleMs,
    int streamBeatMs,
    int streamPauseMs,
    long messagesPerMonth,
    int frameBytesMax,
    int bodyBytesMax,
    DataLimits data) {

  private static final Limits DEFAULTS = new Builder().build();

  /**
   * Checks what must fit together.
   *
   * @throws IllegalArgumentException if a live room could forget a client message id in the turn
   *     that looks it up
   */
  public Limits {
    if (clientIdsMax < turnLettersMax) {
      throw new IllegalArgumentException(
          "clientIdsMax is %d, but must be at least turnLettersMax, %d"
              .formatted(clientIdsMax, turnLettersMax));
    }
  }

  /** The defaults. */
  public static Limits defaults() {
    return DEFAULTS;
  }

  /** A builder that starts from these. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Changes some bounds; the names are those of the record. */
  public static final class Builder {
    private int contentCharsMax = 4_000;
    private int attachmentsMax = 10;
    private int reactionsPerMessageMax = 1_000;
    private int readersPerMessageMax = 100;
    private int lifetimeMsMin = 60_000;
    private int lifetimeMsMax = 7 * 86_400_000;
    private int preferencesCharsMax = 4_096;
    private int roomNameCharsMax = 256;
    private int membersPerRoomMax = 10_000;
    private int connectionsPerRoomMax = 20_000;
    private int connectionsPerUserMax = 20_000;
    private int pollsMax = 10_000;
    private int pollsPerUserMax = 20;
    private int presenceListMax = 200;
    private int presencePauseMs = 1_000;
    private int roomsMax = 100_000;
    private int mailboxLettersMax = 4_096;
    private int turnLettersMax = 512;
    private int recentMessagesMax = 100;
    private int recentEventsMax = 64;
    private int clientIdsMax = 1_024;
    private int outboxBytesMax = 512 * 1024;
    private int writeStallMs = 30_000;
    private int silenceMs = 75_000;
    private int roomIdleMs = 60_000;
    private int storeTimeoutMs = 10_000;
    private int listenerEventsMax = 10_000;
    private int interceptorMs = 5_000;
    private int webhooksPerProjectMax = 20;
    private int webhooksMax = 10_000;
    private int webhookTimeoutMs = 10_000;
    private int messagesPerMinute = 60;
    private int tokensPerMinute = 30;
    private int commandsPerMinute = 600;
    private int clientEventsPerMinute = 10;
    private int jsonCharsMax = 64 * 1024;
    private int agentToolCallsMax = 100;
    private int agentDeadlineMs = 60_000;
    private int agentThreadsMax = 16;
    private int agentRunsPerMinute = 60;
    private int agentRunsMax = 256;
    private int agentsMax = 200;
    private int streamDeltasPerMinute = 6_000;
    private int streamIdleMs = 120_000;
    private int streamBeatMs = 3_000;
    private int streamPauseMs = 120;
    private long messagesPerMonth = 0;
    private int frameBytesMax = 256 * 1024;
    private int bodyBytesMax = 1024 * 1024;
    private DataLimits data = DataLimits.defaults();

    private Builder() {}

    private Builder(Limits from) {
      contentCharsMax = from.contentCharsMax;
      attachmentsMax = from.attachmentsMax;
      reactionsPerMessageMax = from.reactionsPerMessageMax;
      readersPerMessageMax = from.readersPerMessageMax;
      lifetimeMsMin = from.lifetimeMsMin;
      lifetimeMsMax = from.lifetimeMsMax;
      preferencesCharsMax = from.preferencesCharsMax;
      roomNameCharsMax = from.roomNameCharsMax;
      membersPerRoomMax = from.membersPerRoomMax;
      connectionsPerRoomMax = from.connectionsPerRoomMax;
      connectionsPerUserMax = from.connectionsPerUserMax;
      pollsMax = from.pollsMax;
      pollsPerUserMax = from.pollsPerUserMax;
      presenceListMax = from.presenceListMax;
      presencePauseMs = from.presencePauseMs;
      roomsMax = from.roomsMax;
      mailboxLettersMax = from.mailboxLettersMax;
      turnLettersMax = from.turnLettersMax;
      recentMessagesMax = from.recentMessagesMax;
      recentEventsMax = from.recentEventsMax;
      clientIdsMax = from.clientIdsMax;
      outboxBytesMax = from.outboxBytesMax;
      writeStallMs = from.writeStallMs;
      silenceMs = from.silenceMs;
      roomIdleMs = from.roomIdleMs;
      storeTimeoutMs = from.storeTimeoutMs;
      listenerEventsMax = from.listenerEventsMax;
      interceptorMs = from.interceptorMs;
      webhooksPerProjectMax = from.webhooksPerProjectMax;
      webhooksMax = from.webhooksMax;
      webhookTimeoutMs = from.webhookTimeoutMs;
      messagesPerMinute = from.messagesPerMinute;
      tokensPerMinute = from.tokensPerMinute;
      commandsPerMinute = from.commandsPerMinute;
      clientEventsPerMinute = from.clientEventsPerMinute;
      jsonCharsMax = from.jsonCharsMax;
      agentToolCallsMax = from.agentToolCallsMax;
      agentDeadlineMs = from.agentDeadlineMs;
      agentThreadsMax = from.agentThreadsMax;
      agentRunsPerMinute = from.agentRunsPerMinute;
      agentRunsMax = from.agentRunsMax;
      agentsMax = from.agentsMax;
      streamDeltasPerMinute = from.streamDeltasPerMinute;
      streamIdleMs = from.streamIdleMs;
      streamBeatMs = from.streamBeatMs;
      streamPauseMs = from.streamPauseMs;
      messagesPerMonth = from.messagesPerMonth;
      frameBytesMax = from.frameBytesMax;
      bodyBytesMax = from.bodyBytesMax;
      data = from.data;
    }

    /** Sets it. */
    public Builder contentCharsMax(int contentCharsMax) {
      this.contentCharsMax = contentCharsMax;
      return this;
    }

    /** Sets it. */
    public Builder attachmentsMax(int attachmentsMax) {
      this.attachmentsMax = attachmentsMax;
      return this;
    }

    /** Sets it. */
    public Builder reactionsPerMessageMax(int reactionsPerMessageMax) {
      this.reactionsPerMessageMax = reactionsPerMessageMax;
      return this;
    }

    /** Sets it. */
    public Builder readersPerMessageMax(int readersPerMessageMax) {
      this.readersPerMessageMax = readersPerMessageMax;
      return this;
    }

    /** Sets it. */
    public Builder lifetimeMsMin(int lifetimeMsMin) {
      this.lifetimeMsMin = lifetimeMsMin;
      return this;
    }

    /** Sets it. */
    public Builder lifetimeMsMax(int lifetimeMsMax) {
      this.lifetimeMsMax = lifetimeMsMax;
      return this;
    }

    /** Sets it. */
    public Builder preferencesCharsMax(int preferencesCharsMax) {
      this.preferencesCharsMax = preferencesCharsMax;
      return this;
    }

    /** Sets it. */
    public Builder roomNameCharsMax(int roomNameCharsMax) {
      this.roomNameCharsMax = roomNameCharsMax;
      return this;
    }

    /** Sets it. */
    public Builder membersPerRoomMax(int membersPerRoomMax) {
      this.membersPerRoomMax = membersPerRoomMax;
      return this;
    }

    /** Sets it. */
    public Builder connectionsPerRoomMax(int connectionsPerRoomMax) {
      this.connectionsPerRoomMax = connectionsPerRoomMax;
      return this;
    }

    /** Sets it. */
    public Builder connectionsPerUserMax(int connectionsPerUserMax) {
      this.connectionsPerUserMax = connectionsPerUserMax;
      return this;
    }

    /** Sets it. */
    public Builder pollsMax(int pollsMax) {
      this.pollsMax = pollsMax;
      return this;
    }

    /** Sets it. */
    public Builder pollsPerUserMax(int pollsPerUserMax) {
      this.pollsPerUserMax = pollsPerUserMax;
      return this;
    }

    /** Sets it. */
    public Builder presenceListMax(int presenceListMax) {
      this.presenceListMax = presenceListMax;
      return this;
    }

    /** Sets it. */
    public Builder presencePauseMs(int presencePauseMs) {
      this.presencePauseMs = presencePauseMs;
      return this;
    }

    /** Sets it. */
    public Builder roomsMax(int roomsMax) {
      this.roomsMax = roomsMax;
      return this;
    }

    /** Sets it. */
    public Builder mailboxLettersMax(int mailboxLettersMax) {
      this.mailboxLettersMax = mailboxLettersMax;
      return this;
    }

    /** Sets it. */
    public Builder turnLettersMax(int turnLettersMax) {
      this.turnLettersMax = turnLettersMax;
      return this;
    }

    /** Sets it. */
    public Builder recentMessagesMax(int recentMessagesMax) {
      this.recentMessagesMax = recentMessagesMax;
      return this;
    }

    /** Sets it. */
    public Builder recentEventsMax(int recentEventsMax) {
      this.recentEventsMax = recentEventsMax;
      return this;
    }

    /** Sets it. */
    public Builder clientIdsMax(int clientIdsMax) {
      this.clientIdsMax = clientIdsMax;
      return this;
    }

    /** Sets it. */
    public Builder outboxBytesMax(int outboxBytesMax) {
      this.outboxBytesMax = outboxBytesMax;
      return this;
    }

    /** Sets it. */
    public Builder writeStallMs(int writeStallMs) {
      this.writeStallMs = writeStallMs;
      return this;
    }

    /** Sets it. */
    public Builder silenceMs(int silenceMs) {
      this.silenceMs = silenceMs;
      return this;
    }

    /** Sets it. */
    public Builder roomIdleMs(int roomIdleMs) {
      this.roomIdleMs = roomIdleMs;
      return this;
    }

    /** Sets it. */
    public Builder storeTimeoutMs(int storeTimeoutMs) {
      this.storeTimeoutMs = storeTimeoutMs;
      return this;
    }

    /** Sets it. */
    public Builder listenerEventsMax(int listenerEventsMax) {
      this.listenerEventsMax = listenerEventsMax;
      return this;
    }

    /** Sets it. */
    public Builder interceptorMs(int interceptorMs) {
      this.interceptorMs = interceptorMs;
      return this;
    }

    /** Sets it. */
    public Builder webhooksPerProjectMax(int webhooksPerProjectMax) {
      this.webhooksPerProjectMax = webhooksPerProjectMax;
      return this;
    }

    /** Sets it. */
    public Builder webhooksMax(int webhooksMax) {
      this.webhooksMax = webhooksMax;
      return this;
    }

    /** Sets it. */
    public Builder webhookTimeoutMs(int webhookTimeoutMs) {
      this.webhookTimeoutMs = webhookTimeoutMs;
      return this;
    }

    /** Sets it. */
    public Builder messagesPerMinute(int messagesPerMinute) {
      this.messagesPerMinute = messagesPerMinute;
      return this;
    }

    /** Sets it. */
    public Builder tokensPerMinute(int tokensPerMinute) {
      this.tokensPerMinute = tokensPerMinute;
      return this;
    }

    /** Sets it. */
    public Builder commandsPerMinute(int commandsPerMinute) {
      this.commandsPerMinute = commandsPerMinute;
      return this;
    }

    /** Sets it. */
    public Builder clientEventsPerMinute(int clientEventsPerMinute) {
      this.clientEventsPerMinute = clientEventsPerMinute;
      return this;
    }

    /** Sets it. */
    public Builder jsonCharsMax(int jsonCharsMax) {
      this.jsonCharsMax = jsonCharsMax;
      return this;
    }

    /** Sets it. */
    public Builder streamPauseMs(int streamPauseMs) {
      this.streamPauseMs = streamPauseMs;
      return this;
    }

    /** Sets it. */
    public Builder streamBeatMs(int streamBeatMs) {
      this.streamBeatMs = streamBeatMs;
      return this;
    }

    /** Sets it. */
    public Builder streamIdleMs(int streamIdleMs) {
      this.streamIdleMs = streamIdleMs;
      return this;
    }

    /** Sets it. */
    public Builder streamDeltasPerMinute(int streamDeltasPerMinute) {
      this.streamDeltasPerMinute = streamDeltasPerMinute;
      return this;
    }

    /** Sets it. */
    public Builder agentsMax(int agentsMax) {
      this.agentsMax = agentsMax;
      return this;
    }

    /** Sets it. */
    public Builder agentRunsMax(int agentRunsMax) {
      this.agentRunsMax = agentRunsMax;
      return this;
    }

    /** Sets it. */
    public Builder agentRunsPerMinute(int agentRunsPerMinute) {
      this.agentRunsPerMinute = agentRunsPerMinute;
      return this;
    }

    /** Sets it. */
    public Builder agentThreadsMax(int agentThreadsMax) {
      this.agentThreadsMax = agentThreadsMax;
      return this;
    }

    /** Sets it. */
    public Builder agentDeadlineMs(int agentDeadlineMs) {
      this.agentDeadlineMs = agentDeadlineMs;
      return this;
    }

    /** Sets it. */
    public Builder agentToolCallsMax(int agentToolCallsMax) {
      this.agentToolCallsMax = agentToolCallsMax;
      return this;
    }

    /** Sets it. */
    public Builder messagesPerMonth(long messagesPerMonth) {
      this.messagesPerMonth = messagesPerMonth;
      return this;
    }

    /** Sets it. */
    public Builder frameBytesMax(int frameBytesMax) {
      this.frameBytesMax = frameBytesMax;
      return this;
    }

    /** Sets it. */
    public Builder bodyBytesMax(int bodyBytesMax) {
      this.bodyBytesMax = bodyBytesMax;
      return this;
    }

    /** Sets it. */
    public Builder data(DataLimits data) {
      this.data = data;
      return this;
    }

    public Limits build() {
      return new Limits(
          contentCharsMax,
          attachmentsMax,
          reactionsPerMessageMax,
          readersPerMessageMax,
          lifetimeMsMin,
          lifetimeMsMax,
          preferencesCharsMax,
          roomNameCharsMax,
          membersPerRoomMax,
          connectionsPerRoomMax,
          connectionsPerUserMax,
          pollsMax,
          pollsPerUserMax,
          presenceListMax,
          presencePauseMs,
          roomsMax,
          mailboxLettersMax,
          turnLettersMax,
          recentMessagesMax,
          recentEventsMax,
          clientIdsMax,
          outboxBytesMax,
          writeStallMs,
          silenceMs,
          roomIdleMs,
          storeTimeoutMs,
          listenerEventsMax,
          interceptorMs,
          webhooksPerProjectMax,
          webhooksMax,
          webhookTimeoutMs,
          messagesPerMinute,
          tokensPerMinute,
          commandsPerMinute,
          clientEventsPerMinute,
          jsonCharsMax,
          agentToolCallsMax,
          agentDeadlineMs,
          agentThreadsMax,
          agentRunsPerMinute,
          agentRunsMax,
          agentsMax,
          streamDeltasPerMinute,
          streamIdleMs,
          streamBeatMs,
          streamPauseMs,
          messagesPerMonth,
          frameBytesMax,
          bodyBytesMax,
          data);
    }
  }
}
