package io.fluxy.protocol.pusher;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What Pusher's webhooks tell, for the host's own code; see {@link PusherApp#listener}. Nothing of
 * it is durable: it waits in memory, and who was there when a process dies is not told to have
 * left.
 *
 * @param name one of {@link PusherApp.Webhook#EVENTS}
 * @param userId whose connection it is about, in presence channels; else null
 * @param event the name of a client event; else null
 * @param data what a client event says, as subscribers hear it; else null
 * @param socketId who has sent a client event; else null
 * @param subscriptionCount how many subscribe, if that is what it tells; else null
 */
public record ChannelNotice(
    String name,
    String channel,
    @Nullable String userId,
    @Nullable String event,
    @Nullable String data,
    @Nullable String socketId,
    @Nullable Integer subscriptionCount) {

  static ChannelNotice of(String name, String channel) {
    return new ChannelNotice(name, channel, null, null, null, null, null);
  }

  static ChannelNotice of(String name, String channel, String userId) {
    return new ChannelNotice(name, channel, userId, null, null, null, null);
  }

  /**
   * The host's code that hears an app's notices. It is called one notice at a time, on a thread of
   * its own, so it may block; what it throws is logged. Of what comes while its queue is full
   * ({@link io.fluxy.chat.Limits#listenerEventsMax()}) it hears nothing.
   */
  @FunctionalInterface
  public interface Listener extends Consumer<ChannelNotice> {}
}
