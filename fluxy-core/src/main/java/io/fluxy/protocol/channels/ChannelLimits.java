package io.fluxy.protocol.channels;

/**
 * The bounds of one app.
 *
 * @param connectionsMax sockets of the app on this server
 * @param channelNameCharsMax characters of a channel's name, prefix included
 * @param eventDataBytesMax UTF-8 bytes of an event's data
 * @param channelsPerPublishMax channels that one request publishes to
 * @param publishesPerMinute events that the app's servers publish, all together; an event for three
 *     channels counts three times
 * @param clientEventsPerSecond client events of one socket
 * @param readsPerMinute pages of history and looks at presence of one caller
 * @param roomsPerMinute rooms that sockets without a token may make, all together
 * @param historyMax seqs of one page of history
 * @param channelDataBytesMax UTF-8 bytes of the channel data of a presence channel
 * @param wrongKeysPerMinute wrong keys and tokens of one address that are looked into, by the store
 *     if need be; of several apps the greatest number counts
 * @param authSeconds how long a socket may take to prove that it may hear its channel
 */
public record ChannelLimits(
    int connectionsMax,
    int channelNameCharsMax,
    int eventDataBytesMax,
    int channelsPerPublishMax,
    int publishesPerMinute,
    int clientEventsPerSecond,
    int readsPerMinute,
    int roomsPerMinute,
    int historyMax,
    int channelDataBytesMax,
    int wrongKeysPerMinute,
    int authSeconds) {
  private static final ChannelLimits DEFAULTS = new Builder().build();

  /** Bounds that suit most. */
  public static ChannelLimits defaults() {
    return DEFAULTS;
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Changes some bounds; the names are those of the record. */
  public static final class Builder {
    private int connectionsMax = 20_000;
    private int channelNameCharsMax = 164;
    private int eventDataBytesMax = 32_768;
    private int channelsPerPublishMax = 100;
    private int publishesPerMinute = 6_000;
    private int clientEventsPerSecond = 10;
    private int readsPerMinute = 600;
    private int roomsPerMinute = 600;
    private int historyMax = 100;
    private int channelDataBytesMax = 1_024;
    private int wrongKeysPerMinute = 120;
    private int authSeconds = 30;

    private Builder() {}

    public Builder connectionsMax(int count) {
      connectionsMax = count;
      return this;
    }

    public Builder channelNameCharsMax(int chars) {
      channelNameCharsMax = chars;
      return this;
    }

    public Builder eventDataBytesMax(int bytes) {
      eventDataBytesMax = bytes;
      return this;
    }

    public Builder channelsPerPublishMax(int count) {
      channelsPerPublishMax = count;
      return this;
    }

    public Builder publishesPerMinute(int count) {
      publishesPerMinute = count;
      return this;
    }

    public Builder clientEventsPerSecond(int count) {
      clientEventsPerSecond = count;
      return this;
    }

    public Builder readsPerMinute(int count) {
      readsPerMinute = count;
      return this;
    }

    public Builder roomsPerMinute(int count) {
      roomsPerMinute = count;
      return this;
    }

    public Builder historyMax(int count) {
      historyMax = count;
      return this;
    }

    public Builder channelDataBytesMax(int bytes) {
      channelDataBytesMax = bytes;
      return this;
    }

    public Builder wrongKeysPerMinute(int count) {
      wrongKeysPerMinute = count;
      return this;
    }

    public Builder authSeconds(int seconds) {
      authSeconds = seconds;
      return this;
    }

    /** The bounds. */
    public ChannelLimits build() {
      return new ChannelLimits(
          connectionsMax,
          channelNameCharsMax,
          eventDataBytesMax,
          channelsPerPublishMax,
          publishesPerMinute,
          clientEventsPerSecond,
          readsPerMinute,
          roomsPerMinute,
          historyMax,
          channelDataBytesMax,
          wrongKeysPerMinute,
          authSeconds);
    }
  }
}
