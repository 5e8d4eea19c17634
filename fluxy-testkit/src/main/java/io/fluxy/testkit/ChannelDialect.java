package io.fluxy.testkit;

import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A protocol whose clients hear channels, as its clients and its servers use it. */
interface ChannelDialect {
  /** A client of its own for somebody: it remembers what it is told. */
  Speaker speaker(User user, TestChannels.Authorizer authorizer);

  /** What the host's own server answers to its clients, if a test does not say. */
  TestChannels.Authorizer authorizer();

  /**
   * A server's request to tell an event.
   *
   * @param token of an admin of the project
   */
  ApiRequest publish(String channel, String event, Value data, String token, long nowMs);

  /** The client's side of one connection after the other. */
  interface Speaker {
    /** Whether there is one connection for each channel, whose path names it. */
    boolean needsChannel();

    /**
     * The request that opens a connection.
     *
     * @param channel which it is for; empty if it is for none in particular
     */
    ApiRequest open(String token, String channel);

    /** Whether a client that comes back has to ask for its channels again. */
    boolean asksAgain();

    /**
     * Asks for a channel.
     *
     * @return null if there is nothing to say, since the connection is for it
     * @throws Unauthorized if the host's server does not let it
     */
    @Nullable String subscribe(String channel);

    /** Wants to hear no more of a channel. */
    String unsubscribe(String channel);

    /** An event for the others. */
    String whisper(String channel, String event, Value data);

    /** Understands a frame. */
    void hear(Value frame, Ears ears);
  }

  /** What a client makes of the frames that it hears. */
  interface Ears {
    /** The connection is good. */
    void welcome();

    /** It hears a channel. */
    void in(String channel);

    /** It does not, or not any more. */
    void out(String channel, String why);

    /** Something was told. */
    void event(String channel, String event, Value data);

    /** Who is there. */
    void present(String channel, List<String> userIds);

    /** Somebody has come. */
    void came(String channel, String userId);

    /** Somebody has gone. */
    void went(String channel, String userId);

    /** Something else was wrong. */
    void complaint(String why);

    /** Something to say at once. */
    void reply(String frame);
  }

  /** The host's server says no to its client. */
  final class Unauthorized extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unauthorized(String channel) {
      super("the host's own server does not authorize " + channel);
    }
  }

  /** Whether a channel's name says that it takes a signature. */
  static boolean isSigned(String channel) {
    return channel.startsWith("private-") || isPresence(channel);
  }

  /** Whether a channel's name says that it shows who is there. */
  static boolean isPresence(String channel) {
    return channel.startsWith("presence-");
  }

  /** Who somebody is, as hosts sign it for a presence channel; null for any other. */
  static @Nullable String channelData(String userId, String channel) {
    return isPresence(channel) ? new Value(Map.of("user_id", userId)).text() : null;
  }

  /** A server's request. */
  static ApiRequest post(String target, Map<String, String> headers, Value body) {
    byte[] utf8 = body.text().getBytes(StandardCharsets.UTF_8);
    return ApiRequest.of("POST", target, headers, utf8, FluxyChatSocket.PEER);
  }

  /** A client's request for a WebSocket. */
  static ApiRequest socket(String target) {
    return FluxyChatSocket.request(target, FluxyChatSocket.UPGRADE);
  }
}
