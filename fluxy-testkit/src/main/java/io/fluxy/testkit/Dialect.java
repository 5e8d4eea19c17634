package io.fluxy.testkit;

import io.fluxy.chat.RoomId;
import io.fluxy.http.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a test's client talks: the client's side of one wire protocol, in the few words that a
 * conversation needs. Whoever writes a {@link io.fluxy.protocol.Protocol} writes one of these, and
 * has {@link TestClient} and every fault for it.
 *
 * <p>One instance serves many clients: what a client knows is in its {@link Ears}.
 */
public interface Dialect {
  /** FluxyChat over a WebSocket, the way its SDK does it. */
  static Dialect fluxyChat() {
    return new FluxyChatSocket();
  }

  /** FluxyChat's event stream: it hears and says nothing. */
  static Dialect fluxyChatStream() {
    return new FluxyChatStream();
  }

  /**
   * The request that opens a connection.
   *
   * @param lastSeq up to where the client has heard the room before; null for a newcomer
   */
  ApiRequest open(RoomId room, String token, @Nullable Long lastSeq);

  /** Whether the answer to {@link #open} is an event stream; else it is a WebSocket. */
  boolean isStream();

  /**
   * What to say as soon as the connection is open.
   *
   * @param lastSeq as above
   */
  List<String> greeting(RoomId room, @Nullable Long lastSeq);

  /**
   * A frame that posts a message.
   *
   * @throws UnsupportedOperationException if this kind of client can't; so do the next two
   */
  String say(RoomId room, String content, String clientMessageId);

  /** A frame that changes a message. */
  String edit(RoomId room, long messageId, String content);

  /** A frame that deletes a message. */
  String delete(RoomId room, long messageId);

  /** Understands a frame. What is not part of a conversation is passed over. */
  void hear(String frame, Ears ears);

  /** What a client makes of the frames that it hears. */
  interface Ears {
    /** A message; one that is known already is not heard again. */
    void message(Heard message);

    /** A message says this now. */
    void edited(long messageId, String content);

    /** A message is gone. */
    void deleted(long messageId);

    /**
     * Something was declined.
     *
     * @param clientMessageId what was; null if the frame does not say
     */
    void refused(String why, @Nullable String clientMessageId);

    /** All up to this seq has been heard. */
    void reached(long seq);

    /** What was heard before says nothing any more. */
    void reload();

    /** Something to say at once. */
    void reply(String frame);
  }

  /**
   * A message as a client hears it.
   *
   * @param seq its place in the room's log; 0 if the protocol does not say
   * @param clientMessageId as its author named it; null if the protocol does not say
   */
  record Heard(
      long messageId, long seq, String from, String content, @Nullable String clientMessageId) {}
}
