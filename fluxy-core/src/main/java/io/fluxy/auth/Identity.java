package io.fluxy.auth;

import io.fluxy.chat.RoomId;
import io.fluxy.chat.User;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is, as a signature proved it.
 *
 * @param expiresAtMs UTC milliseconds since 1970; {@link Long#MAX_VALUE} for host code
 * @param onlyRoom the one room this identity is good for; null for any
 */
public record Identity(String project, User user, long expiresAtMs, @Nullable String onlyRoom) {
  /** True unless this identity is for another project or another room. */
  public boolean isGoodFor(RoomId room) {
    return room.project().equals(project) && (onlyRoom == null || onlyRoom.equals(room.name()));
  }
}
