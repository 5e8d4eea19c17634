package io.fluxy.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it stands now: its room has numbered it, and it may have been edited or deleted
 * since.
 *
 * @param seq the place of its post in the room's log, from 1
 * @param id unique in the project, rising inside the room, below 2^53 (so a JSON number
 *     everywhere); made of the room's number and the seq, see {@link #id(long, long)}
 * @param createdAtMs UTC milliseconds since 1970; rises strictly inside a room, also across
 *     restarts
 * @param content empty once deleted
 * @param mentions the users it names, at most {@link #MENTIONED_MAX}, and one more if there are
 *     more than that; see {@link #mentioned()}
 * @param version 1 when posted, one more for every edit and delete
 * @param readers who may read it; null for everyone in the room
 * @param expiresAtMs when it goes by itself; null for never
 * @param label makes it an application's event, whose content is JSON; null for text
 */
public record Message(
    long seq,
    long id,
    String userId,
    String content,
    long createdAtMs,
    @Nullable Long parentId,
    @Nullable String clientMessageId,
    List<String> mentions,
    List<Attachment> attachments,
    int version,
    @Nullable Long editedAtMs,
    @Nullable Long deletedAtMs,
    @Nullable Readers readers,
    @Nullable Long expiresAtMs,
    @Nullable Label label) {
  private static final int SEQ_BITS = 27;

  /** Users that one message can name. */
  public static final int MENTIONED_MAX = 200;

  /** What a message says when its author's data has been erased (FluxyChat contract 1.7). */
  public static final String ERASED = "[REDACTED BY GDPR ERASURE REQUEST]";

  /** The highest seq a room can reach: 134,217,727. */
  public static final long SEQ_MAX = (1L << SEQ_BITS) - 1;

  /** The highest number a project can give to a room: 67,108,863. */
  public static final long ROOM_NUMBER_MAX = (1L << (53 - SEQ_BITS)) - 1;

  /** The users that it names, without those beyond {@link #MENTIONED_MAX}. */
  public List<String> mentioned() {
    return mentions.size() <= MENTIONED_MAX ? mentions : mentions.subList(0, MENTIONED_MAX);
  }

  /** Whether it would name more users than it can. */
  public boolean mentionsMore() {
    return mentions.size() > MENTIONED_MAX;
  }

  public Message {
    mentions = List.copyOf(mentions);
    attachments = List.copyOf(attachments);
  }

  /** A message of text. */
  public Message(
      long seq,
      long id,
      String userId,
      String content,
      long createdAtMs,
      @Nullable Long parentId,
      @Nullable String clientMessageId,
      List<String> mentions,
      List<Attachment> attachments,
      int version,
      @Nullable Long editedAtMs,
      @Nullable Long deletedAtMs,
      @Nullable Readers readers,
      @Nullable Long expiresAtMs) {
    this(
        seq,
        id,
        userId,
        content,
        createdAtMs,
        parentId,
        clientMessageId,
        mentions,
        attachments,
        version,
        editedAtMs,
        deletedAtMs,
        readers,
        expiresAtMs,
        null);
  }

  /** A message for everyone in the room, for good. */
  public Message(
      long seq,
      long id,
      String userId,
      String content,
      long createdAtMs,
      @Nullable Long parentId,
      @Nullable String clientMessageId,
      List<String> mentions,
      List<Attachment> attachments,
      int version,
      @Nullable Long editedAtMs,
      @Nullable Long deletedAtMs) {
    this(
        seq,
        id,
        userId,
        content,
        createdAtMs,
        parentId,
        clientMessageId,
        mentions,
        attachments,
        version,
        editedAtMs,
        deletedAtMs,
        null,
        null);
  }

  /** The id of the message with this seq in the project's room of this number. */
  public static long id(long roomNumber, long seq) {
    return roomNumber << SEQ_BITS | seq;
  }

  /** The seq inside an id. */
  public static long seqOf(long id) {
    return id & SEQ_MAX;
  }

  /** The room's number inside an id; 0 or less never names a room. */
  public static long roomNumberOf(long id) {
    return id >> SEQ_BITS;
  }

  /** The same message without its text: what a log says of a post that was deleted since. */
  public Message withoutText() {
    return withNothingBut("");
  }

  /** The same message with this text, and nothing attached to it. */
  public Message withNothingBut(String text) {
    return new Message(
        seq,
        id,
        userId,
        text,
        createdAtMs,
        parentId,
        clientMessageId,
        List.of(),
        List.of(),
        version,
        editedAtMs,
        deletedAtMs,
        readers,
        null);
  }

  /** True once deleted: the content is gone, the place in the log stays. */
  public boolean isDeleted() {
    return deletedAtMs != null;
  }

  /** This message, still being written, with what it says so far. */
  public Message saying(String soFar) {
    return new Message(
        seq,
        id,
        userId,
        soFar,
        createdAtMs,
        parentId,
        clientMessageId,
        mentions,
        attachments,
        version,
        editedAtMs,
        deletedAtMs,
        readers,
        expiresAtMs,
        label);
  }

  /** This message after an edit. */
  public Message edited(String newContent, long atMs) {
    return new Message(
        seq,
        id,
        userId,
        newContent,
        createdAtMs,
        parentId,
        clientMessageId,
        mentions,
        attachments,
        version + 1,
        atMs,
        deletedAtMs,
        readers,
        expiresAtMs,
        label);
  }

  /** This message after its author's data has been erased; deleted if it was. */
  public Message erased(long atMs) {
    return new Message(
        seq,
        id,
        userId,
        isDeleted() ? "" : ERASED,
        createdAtMs,
        parentId,
        clientMessageId,
        List.of(),
        List.of(),
        version + 1,
        atMs,
        deletedAtMs,
        readers,
        expiresAtMs);
  }

  /** This message after its deletion. */
  public Message deleted(long atMs) {
    return new Message(
        seq,
        id,
        userId,
        "",
        createdAtMs,
        parentId,
        clientMessageId,
        List.of(),
        List.of(),
        version + 1,
        editedAtMs,
        atMs,
        readers,
        null);
  }
}
