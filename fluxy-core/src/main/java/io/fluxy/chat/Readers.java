package io.fluxy.chat;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may read a message that is not for everyone in its room. Nobody else learns that it exists:
 * an owner of the project no more than others.
 *
 * @param userIds who is named; of a message, its author too
 * @param role whoever has this role in the room or in the project may read it as well
 */
public record Readers(Set<String> userIds, @Nullable Role role) {
  public Readers {
    userIds = Set.copyOf(userIds);
  }

  /** A whisper. */
  public static Readers only(Collection<String> userIds) {
    return new Readers(Set.copyOf(userIds), null);
  }

  /** Everyone in this role. */
  public static Readers inRole(Role role) {
    return new Readers(Set.of(), role);
  }

  /** These and one more. */
  public Readers and(String userId) {
    Set<String> more = new TreeSet<>(userIds);
    more.add(userId);
    return new Readers(more, role);
  }

  /**
   * Whether a user is one of them.
   *
   * @param inRoom the user's role in the room, if it is a member
   */
  public boolean include(User user, @Nullable Role inRoom) {
    return userIds.contains(user.id())
        || (role != null && (role == inRoom || user.roles().contains(role)));
  }

  /** As text for a store: the names in order, then the role behind a colon. */
  public String text() {
    String names = String.join(",", new TreeSet<>(userIds));
    return role == null ? names : names + ":" + role.word();
  }

  /**
   * Reads {@link #text()} back.
   *
   * @throws IllegalArgumentException if it has a role we don't know
   */
  public static Readers of(String text) {
    int colon = text.indexOf(':');
    String names = colon < 0 ? text : text.substring(0, colon);
    Set<String> userIds =
        names.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(names.split(",")));
    Optional<Role> role = colon < 0 ? Optional.empty() : Role.of(text.substring(colon + 1));
    if (colon >= 0 && role.isEmpty()) {
      throw new IllegalArgumentException("no role: " + text.substring(colon + 1));
    }
    return new Readers(userIds, role.orElse(null));
  }
}
