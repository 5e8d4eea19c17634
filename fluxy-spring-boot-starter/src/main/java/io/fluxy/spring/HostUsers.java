package io.fluxy.spring;

import io.fluxy.chat.Names;
import io.fluxy.chat.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who the application's users are in the chat. Declare a bean of this type to choose ids of your
 * own, to give roles, or to keep somebody out. Use it wherever your code speaks for a user, so that
 * it is the same user everywhere.
 */
@FunctionalInterface
public interface HostUsers {
  /** What ids begin with that are not the name itself. */
  String HASHED = "u-";

  /**
   * Called for each request to the engine that brings a login and no token; must be quick, and safe
   * for use by many threads.
   *
   * @param principal who is logged in: Spring Security's {@code Authentication} where that is used
   * @return empty to keep the user out
   */
  Optional<User> user(Principal principal);

  /**
   * The default: whoever is logged in is a plain member. A name that is a good id (letters, digits,
   * {@code _ -}) is the id; any other, such as an address, is hashed, so that two names never
   * become one user.
   */
  static HostUsers byName() {
    return principal -> Optional.of(User.named(id(principal.getName())));
  }

  /** The id that {@link #byName} gives to a name. */
  static String id(String name) {
    return Names.isId(name) && !name.startsWith(HASHED) ? name : HASHED + hash(name);
  }

  private static String hash(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
