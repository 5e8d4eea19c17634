package io.fluxy.store;

import io.fluxy.chat.StoredMessage;
import java.util.List;

/**
 * A room as the store has it.
 *
 * @param head the highest seq in its log; 0 if the log is empty
 * @param lastAtMs the time of the event at the head; 0 if the log is empty
 * @param newest the newest messages that are not deleted, newest first
 * @param streams messages that are being written bit by bit, oldest first
 * @param sanctions who is muted or banned, perhaps no longer
 */
public record OpenedRoom(
    RoomRecord room,
    long head,
    long lastAtMs,
    List<MemberRecord> members,
    List<StoredMessage> newest,
    List<OpenStream> streams,
    List<SanctionRecord> sanctions) {
  /** A room in which nobody writes a message bit by bit, or is muted or banned. */
  public OpenedRoom(
      RoomRecord room,
      long head,
      long lastAtMs,
      List<MemberRecord> members,
      List<StoredMessage> newest) {
    this(room, head, lastAtMs, members, newest, List.of(), List.of());
  }
}
