package io.fluxy.chat;

/**
 * Why a connection ends. Each protocol maps the reason to its close code.
 *
 * @param detail at most 123 bytes of UTF-8 when it travels as a close reason; cut if longer
 */
public record Farewell(Reason reason, String detail) {
  /** Why. */
  public enum Reason {
    /** The client asked for it. */
    NORMAL,
    /** The server stops or restarts: come back soon. */
    GOING_AWAY,
    /** An operator or the host ended this connection; coming back is allowed. */
    TERMINATED,
    /** The token has expired: come back with a new one. */
    EXPIRED,
    /** The user may no longer be in this room. */
    FORBIDDEN,
    /** It did not read what it was sent within the time {@link Limits} allows. */
    SLOW,
    /** Nothing was heard from it, not even a pong. */
    SILENT,
    /** It broke the rules of the protocol. */
    PROTOCOL_ERROR,
    /** Text that is not UTF-8. */
    NOT_UTF8,
    /** A frame larger than the transport accepts. */
    TOO_BIG,
    /** We are broken or overloaded. */
    INTERNAL
  }
}
