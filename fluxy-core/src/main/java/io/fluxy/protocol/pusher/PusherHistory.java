package io.fluxy.protocol.pusher;

import io.fluxy.chat.Names;
import java.time.Duration;

/**
 * What is kept of the events that publishers send to some channels; nothing is, unless an app says
 * so. Such events are messages of the channel's room with a label: numbered, durable, and there for
 * {@link PusherChannels#history} and the API's {@code GET /apps/{id}/channels/{channel}/history}.
 * Client events and what is for one user are never kept.
 *
 * <pre>{@code
 * PusherApp.of("4242", "shop", key, secret)
 *     .history(PusherHistory.newest(1_000))
 *     .history(PusherHistory.lasting(Duration.ofDays(7)).of("private-order-"))
 *     .history(PusherHistory.none().of("private-typing-"))
 * }</pre>
 *
 * @param prefix of the channels' names; empty for all. The longest that fits decides
 * @param eventsMax how many of a channel's newest events and messages are there; 0 for any number
 * @param lastsMs for how long an event is there; 0 for ever, if there is a number, or not at all
 * @param showsSeq whether frames of these events say their {@code seq}, beside {@code data}
 */
public record PusherHistory(String prefix, int eventsMax, long lastsMs, boolean showsSeq) {
  private static final int EVENTS_MAX = 100_000;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the prefix is part of no channel's name, or a number is
   *     negative or above 100,000 events
   */
  public PusherHistory {
    if (!prefix.isEmpty() && !Names.isRoomName(prefix)) {
      throw new IllegalArgumentException("no good prefix: " + Names.shown(prefix));
    } else if (eventsMax < 0 || eventsMax > EVENTS_MAX || lastsMs < 0) {
      throw new IllegalArgumentException(
          "a history keeps up to " + EVENTS_MAX + " events, for some time");
    }
  }

  /** Keeps nothing: for channels that are not to follow a rule for more of them. */
  public static PusherHistory none() {
    return new PusherHistory("", 0, 0, false);
  }

  /** Keeps the newest events of each channel. */
  public static PusherHistory newest(int events) {
    return new PusherHistory("", events, 0, false);
  }

  /** Keeps each event for a time. */
  public static PusherHistory lasting(Duration time) {
    return new PusherHistory("", 0, time.toMillis(), false);
  }

  /** The same for channels whose names begin so. */
  public PusherHistory of(String beginning) {
    return new PusherHistory(beginning, eventsMax, lastsMs, showsSeq);
  }

  /**
   * The same where clients see each event's place, {@code "seq":12} beside {@code "data"}: so they
   * know from where on to ask for what they missed. Pusher's own clients ignore it.
   */
  public PusherHistory showingSeq() {
    return new PusherHistory(prefix, eventsMax, lastsMs, true);
  }

  boolean keepsNothing() {
    return eventsMax == 0 && lastsMs == 0;
  }
}
