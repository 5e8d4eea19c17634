package io.fluxy.protocol.fluxy;

import io.fluxy.chat.Farewell;
import io.fluxy.connection.Connection;
import io.fluxy.connection.Conversation;
import io.fluxy.wire.Frames;
import java.nio.charset.StandardCharsets;

/**
 * FluxyChat's event stream (contract 3): the same frames as the socket, a comment now and then, and
 * nothing ever comes in.
 */
final class StreamSocket implements Conversation {
  private static final Frames HEARTBEAT =
      Frames.raw(": heartbeat\n\n".getBytes(StandardCharsets.UTF_8));

  private final RoomSocket room;

  StreamSocket(RoomSocket room) {
    this.room = room;
  }

  @Override
  public void opened(Connection connection) {
    room.opened(connection);
  }

  @Override
  public void text(Connection connection, byte[] bytes) {
    // an event stream has no way in
  }

  @Override
  public void closed(Connection connection) {
    room.closed(connection);
  }

  @Override
  public int closeCode(Farewell farewell) {
    return room.closeCode(farewell);
  }

  @Override
  public Frames heartbeat() {
    return HEARTBEAT;
  }
}
