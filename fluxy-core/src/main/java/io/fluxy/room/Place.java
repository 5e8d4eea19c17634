package io.fluxy.room;

import java.util.Map;

/**
 * How far one member of a room has been told.
 *
 * @param memberId of the member; see {@link Member#id()}
 * @param info what the member says of itself; see {@link Member#info()}
 * @param visible whether it counts as present
 * @param since the seq up to which the room had told when the member came; what is older it had
 *     from history, if at all
 * @param heardUpTo the seq up to which it has been told
 */
public record Place(
    String memberId,
    String userId,
    Map<String, String> info,
    boolean visible,
    long since,
    long heardUpTo,
    State state) {
  /** How a member hears. */
  public enum State {
    /** What the room tells goes out to it at once. */
    LIVE,
    /** It was too slow, and is told the rest as it drains. */
    BEHIND,
    /** It is told nothing until the host has said whether it may stay. */
    HELD
  }
}
