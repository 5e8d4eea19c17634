package io.fluxy.chat;

/**
 * A command that was declined. The client stays connected and nothing has changed.
 *
 * @param detail for people, names the thing; safe to show
 * @param retryAfterSeconds when asking again makes sense; 0 if it does not
 */
public record Refusal(Reason reason, String detail, int retryAfterSeconds) {
  /** Why. Protocols map these to their own words and statuses; hosts can switch on them. */
  public enum Reason {
    /** The room does not exist, or this user may not know that it does. */
    FORBIDDEN,
    /** Only the author may do this to a message. */
    NOT_THE_AUTHOR,
    /** A moderator has muted this user, who may read and say nothing. */
    MUTED,
    /** The other one of this dm has blocked this user. */
    USER_BLOCKED,
    /** A moderator has banned this user from the room. */
    BANNED,
    /** Only owners and admins of the room or project may do this. */
    NOT_AN_ADMIN,
    /** Only owners, admins and moderators speak in an announcement room. */
    ANNOUNCEMENT_READ_ONLY,
    /** Guests read. */
    GUEST_READ_ONLY,
    MESSAGE_NOT_FOUND,
    MESSAGE_DELETED,
    MEMBER_NOT_FOUND,
    /** The content is empty after trimming. */
    CONTENT_EMPTY,
    CONTENT_TOO_LONG,
    /** NUL or half a surrogate pair: no store keeps these alike, so nobody may send them. */
    TEXT_INVALID,
    EMOJI_INVALID,
    /** This user is writing a message bit by bit here already. */
    STREAM_ALREADY_ACTIVE,
    /** This user is writing no message bit by bit here. */
    STREAM_NOT_ACTIVE,
    /** The command makes no sense as asked; the detail says why. */
    INVALID,
    /** Too many in this minute. */
    RATE_LIMITED,
    /** The project's month is used up. */
    QUOTA_EXCEEDED,
    /** A bound of {@link Limits} is reached; the detail names it. */
    LIMIT_REACHED,
    /** The room's mailbox is full, or what checks messages did not answer; nothing was kept. */
    BUSY,
    /**
     * The store did not answer or did not save. It is not known whether a message of this turn was
     * kept: sending again with the same client message id is safe and finds out.
     */
    UNAVAILABLE,
    /** We are broken; the log of the server says how. */
    INTERNAL
  }

  public static Refusal of(Reason reason, String detail) {
    return new Refusal(reason, detail, 0);
  }

  public static Refusal later(Reason reason, String detail, int retryAfterSeconds) {
    return new Refusal(reason, detail, retryAfterSeconds);
  }
}
