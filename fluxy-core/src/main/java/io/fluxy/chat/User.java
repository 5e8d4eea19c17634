package io.fluxy.chat;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The person or bot behind members, as the session proved it. Never built from what a frame says.
 *
 * @param id 1 to 128 of letters, digits, {@code _ -}
 * @param roles the project-wide roles of the session; roles inside one room are the room's own
 * @param admittedTo the name of the one room that a protocol has proof it may hear, member or not;
 *     null for none
 */
public record User(String id, Set<Role> roles, @Nullable String admittedTo) {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the id is not a good id
   */
  public User {
    if (!Names.isId(id)) {
      throw new IllegalArgumentException(
          "user id must be 1-128 letters, digits, _ or -: " + Names.shown(id));
    }
    roles = Set.copyOf(roles);
  }

  /** A user whose membership decides where it may be. */
  public User(String id, Set<Role> roles) {
    this(id, roles, null);
  }

  /** A plain member of the project. */
  public static User named(String id) {
    return new User(id, Set.of(Role.MEMBER));
  }

  /** True for a project's owner or admin, who may enter and steer any of its rooms. */
  public boolean governs() {
    return roles.contains(Role.OWNER) || roles.contains(Role.ADMIN);
  }

  /** Whether a protocol has proof that this user may hear the room, member or not. */
  public boolean isAdmittedTo(RoomId room) {
    return room.name().equals(admittedTo);
  }

  /** True for someone who is nothing but a guest: public rooms only. */
  public boolean isOnlyGuest() {
    return roles.size() == 1 && roles.contains(Role.GUEST);
  }
}
