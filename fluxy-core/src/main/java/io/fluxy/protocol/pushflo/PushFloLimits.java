package io.fluxy.protocol.pushflo;

/**
 * The bounds of one app, each with its unit in its name.
 *
 * @param connectionsMax sockets of the app on this server
 * @param connectionsPerTokenMax of these, sockets with one user's token
 * @param channelsPerConnectionMax channels that one socket is subscribed to
 * @param framesPerMinute frames of one socket; whoever sends more is sent away
 * @param frameBytesMax bytes of one incoming frame
 * @param pingFloorMs pings that come faster are answered, and counted
 * @param idleSeconds how long a socket may be without a subscription
 * @param contentBytesMax UTF-8 bytes of a message's content as JSON
 * @param nestedBytesMax characters of JSON up to which frames say their content twice
 * @param roomsPerMinute rooms that subscribers and publishers may make, all together
 * @param historyScanMax messages that one question about the past may look at
 * @param listedMax channels that are listed
 * @param descriptionCharsMax characters of a channel's description
 * @param metadataCharsMax characters of a channel's metadata as JSON
 * @param tokenSecondsMax how long a token may be good for
 * @param rejectedMax tokens that are remembered to be no good
 * @param rejectedSeconds for how long
 * @param wrongKeysPerMinute wrong keys and tokens of one address that are told why; any more are
 *     told to wait. Of several apps the greatest number counts
 * @param restoreSeconds how long the subscriptions of a socket that was cut off are kept
 * @param restoredChannelsMax channels of all those together; the oldest go first
 * @param cursorPauseMs the least time between two questions how far a socket has received
 * @param dedupMs for how long a publish whose answer may not have arrived is recognised when it is
 *     sent again; 0 for not at all
 * @param dedupLateMs after so long an answer may have come too late for its publisher
 * @param dedupMax publishes that are remembered for that
 */
public record PushFloLimits(
    int connectionsMax,
    int connectionsPerTokenMax,
    int channelsPerConnectionMax,
    int framesPerMinute,
    int frameBytesMax,
    int pingFloorMs,
    int idleSeconds,
    int contentBytesMax,
    int nestedBytesMax,
    int roomsPerMinute,
    int historyScanMax,
    int listedMax,
    int descriptionCharsMax,
    int metadataCharsMax,
    int tokenSecondsMax,
    int rejectedMax,
    int rejectedSeconds,
    int wrongKeysPerMinute,
    int restoreSeconds,
    int restoredChannelsMax,
    int cursorPauseMs,
    int dedupMs,
    int dedupLateMs,
    int dedupMax) {
  private static final PushFloLimits DEFAULTS = new Builder().build();

  /** What suits one machine with a few thousand users. */
  public static PushFloLimits defaults() {
    return DEFAULTS;
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Changes some bounds; the names are those of the record. */
  public static final class Builder {
    private int connectionsMax = 20_000;
    private int connectionsPerTokenMax = 100;
    private int channelsPerConnectionMax = 1_000;
    private int framesPerMinute = 1_200;
    private int frameBytesMax = 65_536;
    private int pingFloorMs = 5_000;
    private int idleSeconds = 600;
    private int contentBytesMax = 32_768;
    private int nestedBytesMax = 4_096;
    private int roomsPerMinute = 600;
    private int historyScanMax = 10_000;
    private int listedMax = 10_000;
    private int descriptionCharsMax = 1_024;
    private int metadataCharsMax = 8_192;
    private int tokenSecondsMax = 86_400;
    private int rejectedMax = 10_000;
    private int rejectedSeconds = 30;
    private int wrongKeysPerMinute = 600;
    private int restoreSeconds = 300;
    private int restoredChannelsMax = 100_000;
    private int cursorPauseMs = 1_000;
    private int dedupMs = 10_000;
    private int dedupLateMs = 5_000;
    private int dedupMax = 10_000;

    private Builder() {}

    public Builder connectionsMax(int count) {
      connectionsMax = count;
      return this;
    }

    public Builder connectionsPerTokenMax(int count) {
      connectionsPerTokenMax = count;
      return this;
    }

    public Builder channelsPerConnectionMax(int count) {
      channelsPerConnectionMax = count;
      return this;
    }

    public Builder framesPerMinute(int count) {
      framesPerMinute = count;
      return this;
    }

    public Builder frameBytesMax(int bytes) {
      frameBytesMax = bytes;
      return this;
    }

    public Builder pingFloorMs(int ms) {
      pingFloorMs = ms;
      return this;
    }

    public Builder idleSeconds(int seconds) {
      idleSeconds = seconds;
      return this;
    }

    public Builder contentBytesMax(int bytes) {
      contentBytesMax = bytes;
      return this;
    }

    public Builder nestedBytesMax(int bytes) {
      nestedBytesMax = bytes;
      return this;
    }

    public Builder roomsPerMinute(int count) {
      roomsPerMinute = count;
      return this;
    }

    public Builder historyScanMax(int count) {
      historyScanMax = count;
      return this;
    }

    public Builder listedMax(int count) {
      listedMax = count;
      return this;
    }

    public Builder descriptionCharsMax(int chars) {
      descriptionCharsMax = chars;
      return this;
    }

    public Builder metadataCharsMax(int chars) {
      metadataCharsMax = chars;
      return this;
    }

    public Builder tokenSecondsMax(int seconds) {
      tokenSecondsMax = seconds;
      return this;
    }

    public Builder rejectedMax(int count) {
      rejectedMax = count;
      return this;
    }

    public Builder rejectedSeconds(int seconds) {
      rejectedSeconds = seconds;
      return this;
    }

    public Builder wrongKeysPerMinute(int count) {
      wrongKeysPerMinute = count;
      return this;
    }

    public Builder restoreSeconds(int seconds) {
      restoreSeconds = seconds;
      return this;
    }

    public Builder restoredChannelsMax(int count) {
      restoredChannelsMax = count;
      return this;
    }

    public Builder cursorPauseMs(int ms) {
      cursorPauseMs = ms;
      return this;
    }

    public Builder dedupMs(int ms) {
      dedupMs = ms;
      return this;
    }

    public Builder dedupLateMs(int ms) {
      dedupLateMs = ms;
      return this;
    }

    public Builder dedupMax(int count) {
      dedupMax = count;
      return this;
    }

    /** The bounds. */
    public PushFloLimits build() {
      return new PushFloLimits(
          connectionsMax,
          connectionsPerTokenMax,
          channelsPerConnectionMax,
          framesPerMinute,
          frameBytesMax,
          pingFloorMs,
          idleSeconds,
          contentBytesMax,
          nestedBytesMax,
          roomsPerMinute,
          historyScanMax,
          listedMax,
          descriptionCharsMax,
          metadataCharsMax,
          tokenSecondsMax,
          rejectedMax,
          rejectedSeconds,
          wrongKeysPerMinute,
          restoreSeconds,
          restoredChannelsMax,
          cursorPauseMs,
          dedupMs,
          dedupLateMs,
          dedupMax);
    }
  }
}
