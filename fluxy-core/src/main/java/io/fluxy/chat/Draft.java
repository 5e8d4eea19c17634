package io.fluxy.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message before its room has numbered it.
 *
 * @param content the text, already trimmed; how long it may be is in {@link Limits}
 * @param parentId the id of the message this one answers
 * @param clientMessageId names this send: the same user sending it again in the same room gets the
 *     first message back, for the life of the room
 */
public record Draft(
    String content,
    @Nullable Long parentId,
    @Nullable String clientMessageId,
    List<Attachment> attachments) {
  public Draft {
    attachments = List.copyOf(attachments);
  }

  /** A draft of nothing but text. */
  public static Draft text(String content) {
    return new Draft(content, null, null, List.of());
  }

  /** The same draft as an answer to a message. */
  public Draft inReplyTo(long messageId) {
    return new Draft(content, messageId, clientMessageId, attachments);
  }

  /** The same draft under a name that makes sending it twice harmless. */
  public Draft withClientMessageId(String id) {
    return new Draft(content, parentId, id, attachments);
  }
}
