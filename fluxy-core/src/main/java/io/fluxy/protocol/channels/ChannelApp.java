package io.fluxy.protocol.channels;

import io.fluxy.chat.Names;
import io.fluxy.protocol.KeySignature;
import io.fluxy.wire.Json;
import org.jspecify.annotations.Nullable;

/**
 * A project whose rooms are served as plain channels.
 *
 * @param project whose rooms the channels are
 * @param key names the secret in a signature: 1 to 128 letters, digits, {@code _ -}
 * @param secret signs subscriptions to private and presence channels
 * @param open whether anybody may hear public channels; if not, a token of the project is needed
 * @param clientEvents whether clients who have proven who they are may send events to the others
 */
public record ChannelApp(
    String project,
    String key,
    String secret,
    boolean open,
    boolean clientEvents,
    ChannelLimits limits) {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if an id or the key is no good id, or the secret is empty
   */
  public ChannelApp {
    if (!Names.isId(project) || !Names.isId(key) || secret.isEmpty()) {
      throw new IllegalArgumentException(
          "no good project, key or secret: " + Names.shown(project) + ", " + Names.shown(key));
    }
  }

  /** Open to anybody for public channels, with client events and default limits. */
  public static ChannelApp of(String project, String key, String secret) {
    return new ChannelApp(project, key, secret, true, true, ChannelLimits.defaults());
  }

  /** The same, whose public channels anybody may hear or not. */
  public ChannelApp open(boolean toAnybody) {
    return new ChannelApp(project, key, secret, toAnybody, clientEvents, limits);
  }

  /** The same with or without client events. */
  public ChannelApp clientEvents(boolean allowed) {
    return new ChannelApp(project, key, secret, open, allowed, limits);
  }

  /** The same within other bounds. */
  public ChannelApp limits(ChannelLimits bounds) {
    return new ChannelApp(project, key, secret, open, clientEvents, bounds);
  }

  /**
   * What an application answers when its page asks whether a socket may hear a private channel: the
   * page sends it on as it is (pusher contract 3).
   *
   * @param socketId what the socket was told
   * @param channelData for a presence channel a JSON object with {@code user_id}, and {@code
   *     user_info} if others are to see it; null for none
   * @return a JSON object
   */
  public String authorize(String socketId, String channel, @Nullable String channelData) {
    String text = signed(socketId, channel, channelData);
    return Json.objectText(
        json -> {
          json.writeStringField("auth", KeySignature.of(key, secret, text).toString());
          if (channelData != null) {
            json.writeStringField("channelData", channelData);
          }
        });
  }

  /** Whether {@code key:hex} is the signature of a subscription. */
  boolean isSigned(String auth, String socketId, String channel, @Nullable String channelData) {
    String text = signed(socketId, channel, channelData);
    return KeySignature.parse(auth)
        .filter(shown -> shown.key().equals(key) && shown.isOf(secret, text))
        .isPresent();
  }

  private static String signed(String socketId, String channel, @Nullable String channelData) {
    return socketId + ":" + channel + (channelData == null ? "" : ":" + channelData);
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "ChannelApp[" + project + ", " + key + "]";
  }
}
