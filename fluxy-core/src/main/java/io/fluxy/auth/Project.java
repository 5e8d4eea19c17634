package io.fluxy.auth;

import io.fluxy.chat.Limits;
import io.fluxy.chat.Names;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as the host declares it.
 *
 * @param jwtSecret its UTF-8 bytes are the HS256 key of the project's tokens; null to keep the one
 *     in the store, or have one made
 * @param apiKey a key that is valid from the start; null for none but those in the store
 * @param limits null for the engine's
 */
public record Project(
    String id,
    String name,
    @Nullable String jwtSecret,
    @Nullable ApiKey apiKey,
    @Nullable Limits limits) {
  private static final int SECRET_BYTES_MIN = 32;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the id is no good id or the secret is shorter than 32 bytes
   */
  public Project {
    if (!Names.isId(id)) {
      throw new IllegalArgumentException(
          "project id must be 1-128 letters, digits, _ or -: " + Names.shown(id));
    }
    if (jwtSecret != null && jwtSecret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException(
          "project " + id + ": jwtSecret needs at least " + SECRET_BYTES_MIN + " bytes");
    }
  }

  /** A project with nothing but an id, which is also its name. */
  public static Project named(String id) {
    return new Project(id, id, null, null, null);
  }

  /** The same project with a key that is valid from the start. */
  public Project apiKey(String key) {
    return new Project(id, name, jwtSecret, new ApiKey(key), limits);
  }

  /** The same project with this secret. */
  public Project jwtSecret(String secret) {
    return new Project(id, name, secret, apiKey, limits);
  }

  /** The same project with limits of its own. */
  public Project limits(Limits own) {
    return new Project(id, name, jwtSecret, apiKey, own);
  }

  /** The same project under a name for people. */
  public Project called(String newName) {
    return new Project(id, newName, jwtSecret, apiKey, limits);
  }

  /** Does not show the secret. */
  @Override
  public String toString() {
    return "Project[" + id + "]";
  }
}
