package io.fluxy.wire;

import io.fluxy.chat.Event;
import io.fluxy.chat.RoomId;

/**
 * One protocol's words for what a room tells. A codec is a constant: two members with the same
 * codec object share every byte.
 *
 * <p>Called on a room's turn, so it must not block.
 */
public interface Codec {
  /** How frames of this codec travel. */
  Framing framing();

  /** Puts an event into frames: one, several, or none if this protocol has no word for it. */
  void encode(RoomId room, Event event, FrameWriter out);

  /** How frames travel. */
  enum Framing {
    /**
     * RFC 6455 text frames from server to client: not masked, so the bytes are the same for every
     * socket.
     */
    WEBSOCKET,
    /** Server-sent events: {@code data: <json>} and an empty line. */
    EVENT_STREAM
  }
}
