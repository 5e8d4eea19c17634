package io.fluxy.protocol.pusher;

/**
 * The bounds of one app, with Pusher's own values as defaults (contract 4, limits).
 *
 * @param connectionsMax sockets of the app on this server
 * @param channelsPerConnectionMax channels that one socket is subscribed to
 * @param channelNameCharsMax characters of a channel's name, prefix included
 * @param eventNameCharsMax characters of an event's name
 * @param eventDataBytesMax UTF-8 bytes of an event's data
 * @param channelsPerEventMax channels that one request publishes to
 * @param batchEventsMax events of one batch
 * @param clientEventsPerSecond client events of one connection
 * @param presenceUsersMax users of one presence channel
 * @param presenceUserBytesMax UTF-8 bytes of a presence user's channel data
 * @param userIdCharsMax characters of a user's id
 * @param watchlistMax users that one connection watches
 * @param cacheSeconds for how long a cache channel's last event is told
 * @param cachedChannelsMax cache channels whose last event is kept; the least used goes first
 * @param roomsPerMinute rooms that unsigned subscriptions may make, all together
 * @param historyPageMax events of a channel's history that one request gets
 * @param activityTimeoutSeconds after how long a silence clients ask whether we are there
 */
public record PusherLimits(
    int connectionsMax,
    int channelsPerConnectionMax,
    int channelNameCharsMax,
    int eventNameCharsMax,
    int eventDataBytesMax,
    int channelsPerEventMax,
    int batchEventsMax,
    int clientEventsPerSecond,
    int presenceUsersMax,
    int presenceUserBytesMax,
    int userIdCharsMax,
    int watchlistMax,
    int cacheSeconds,
    int cachedChannelsMax,
    int roomsPerMinute,
    int historyPageMax,
    int activityTimeoutSeconds) {
  private static final PusherLimits DEFAULTS = new Builder().build();

  /** Pusher's values. */
  public static PusherLimits defaults() {
    return DEFAULTS;
  }

  /** A builder that starts from Pusher's values. */
  public static Builder builder() {
    return new Builder();
  }

  /** Changes some bounds; the names are those of the record. */
  public static final class Builder {
    private int connectionsMax = 20_000;
    private int channelsPerConnectionMax = 1_000;
    private int channelNameCharsMax = 164;
    private int eventNameCharsMax = 200;
    private int eventDataBytesMax = 10_240;
    private int channelsPerEventMax = 100;
    private int batchEventsMax = 10;
    private int clientEventsPerSecond = 10;
    private int presenceUsersMax = 100;
    private int presenceUserBytesMax = 1_024;
    private int userIdCharsMax = 128;
    private int watchlistMax = 100;
    private int cacheSeconds = 1_800;
    private int cachedChannelsMax = 10_000;
    private int roomsPerMinute = 600;
    private int historyPageMax = 500;
    private int activityTimeoutSeconds = 120;

    private Builder() {}

    public Builder connectionsMax(int count) {
      connectionsMax = count;
      return this;
    }

    public Builder channelsPerConnectionMax(int count) {
      channelsPerConnectionMax = count;
      return this;
    }

    public Builder channelNameCharsMax(int chars) {
      channelNameCharsMax = chars;
      return this;
    }

    public Builder eventNameCharsMax(int chars) {
      eventNameCharsMax = chars;
      return this;
    }

    public Builder eventDataBytesMax(int bytes) {
      eventDataBytesMax = bytes;
      return this;
    }

    public Builder channelsPerEventMax(int count) {
      channelsPerEventMax = count;
      return this;
    }

    public Builder batchEventsMax(int count) {
      batchEventsMax = count;
      return this;
    }

    public Builder clientEventsPerSecond(int count) {
      clientEventsPerSecond = count;
      return this;
    }

    public Builder presenceUsersMax(int count) {
      presenceUsersMax = count;
      return this;
    }

    public Builder presenceUserBytesMax(int bytes) {
      presenceUserBytesMax = bytes;
      return this;
    }

    public Builder userIdCharsMax(int chars) {
      userIdCharsMax = chars;
      return this;
    }

    public Builder watchlistMax(int count) {
      watchlistMax = count;
      return this;
    }

    public Builder cacheSeconds(int seconds) {
      cacheSeconds = seconds;
      return this;
    }

    public Builder cachedChannelsMax(int count) {
      cachedChannelsMax = count;
      return this;
    }

    public Builder roomsPerMinute(int count) {
      roomsPerMinute = count;
      return this;
    }

    public Builder historyPageMax(int count) {
      historyPageMax = count;
      return this;
    }

    public Builder activityTimeoutSeconds(int seconds) {
      activityTimeoutSeconds = seconds;
      return this;
    }

    /** The bounds. */
    public PusherLimits build() {
      return new PusherLimits(
          connectionsMax,
          channelsPerConnectionMax,
          channelNameCharsMax,
          eventNameCharsMax,
          eventDataBytesMax,
          channelsPerEventMax,
          batchEventsMax,
          clientEventsPerSecond,
          presenceUsersMax,
          presenceUserBytesMax,
          userIdCharsMax,
          watchlistMax,
          cacheSeconds,
          cachedChannelsMax,
          roomsPerMinute,
          historyPageMax,
          activityTimeoutSeconds);
    }
  }
}
