package io.fluxy.store;

import io.fluxy.chat.RoomId;

/**
 * A file that a user has uploaded, without its bytes.
 *
 * @param room where it may be posted
 * @param id unique in the project
 * @param userId who has uploaded it
 * @param name what it is called, fit to be shown
 * @param seq of the message that shows it; 0 as long as none does
 */
public record AttachmentRecord(
    RoomId room,
    String id,
    String userId,
    String name,
    String contentType,
    long sizeBytes,
    long createdAtMs,
    long seq) {
  AttachmentRecord shownBy(long messageSeq) {
    return new AttachmentRecord(
        room, id, userId, name, contentType, sizeBytes, createdAtMs, messageSeq);
  }
}
