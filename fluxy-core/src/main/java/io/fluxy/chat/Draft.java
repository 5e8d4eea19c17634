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
 * @param readers who may read it besides its author; null for everyone in the room
 * @param expiry when it goes by itself; null for never
 * @param label makes it an application's event: the content is then one JSON value; null for text
 */
public record Draft(
    String content,
    @Nullable Long parentId,
    @Nullable String clientMessageId,
    List<Attachment> attachments,
    @Nullable Readers readers,
    @Nullable Expiry expiry,
    @Nullable Label label) {
  public Draft {
    attachments = List.copyOf(attachments);
  }

  /** A draft of text. */
  public Draft(
      String content,
      @Nullable Long parentId,
      @Nullable String clientMessageId,
      List<Attachment> attachments,
      @Nullable Readers readers,
      @Nullable Expiry expiry) {
    this(content, parentId, clientMessageId, attachments, readers, expiry, null);
  }

  /** A draft for everyone in the room, for good. */
  public Draft(
      String content,
      @Nullable Long parentId,
      @Nullable String clientMessageId,
      List<Attachment> attachments) {
    this(content, parentId, clientMessageId, attachments, null, null);
  }

  /** A draft of nothing but text. */
  public static Draft text(String content) {
    return new Draft(content, null, null, List.of());
  }

  /**
   * A draft of an application's event.
   *
   * @param json one JSON value
   */
  public static Draft event(Label label, String json) {
    return new Draft(json, null, null, List.of(), null, null, label);
  }

  /** The same draft as an answer to a message. */
  public Draft inReplyTo(long messageId) {
    return new Draft(content, messageId, clientMessageId, attachments, readers, expiry, label);
  }

  /** The same draft under a name that makes sending it twice harmless. */
  public Draft withClientMessageId(String id) {
    return new Draft(content, parentId, id, attachments, readers, expiry, label);
  }

  /** The same draft for some people only. */
  public Draft whispered(Readers to) {
    return new Draft(content, parentId, clientMessageId, attachments, to, expiry, label);
  }

  /** The same draft for a while only. */
  public Draft expiring(Expiry when) {
    return new Draft(content, parentId, clientMessageId, attachments, readers, when, label);
  }
}
