package io.fluxy.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A project in the directory.
 *
 * @param id 1 to 128 of letters, digits, {@code _ -}
 * @param jwtSecret its UTF-8 bytes are the HS256 key of the project's tokens; at least 32 bytes
 * @param keys the API keys, hashed; the keys themselves are kept nowhere
 * @param plan the word of its plan; null if none has been chosen
 * @param previousSecret the secret before this one, whose tokens are good for a while; null for
 *     none
 * @param previousUntilMs until when, in UTC milliseconds since 1970
 */
public record ProjectRecord(
    String id,
    String name,
    long createdAtMs,
    String jwtSecret,
    List<KeyRecord> keys,
    @Nullable String plan,
    @Nullable String previousSecret,
    long previousUntilMs) {
  public ProjectRecord {
    keys = List.copyOf(keys);
  }

  /** A project without a plan, whose secret is its first. */
  public ProjectRecord(
      String id, String name, long createdAtMs, String jwtSecret, List<KeyRecord> keys) {
    this(id, name, createdAtMs, jwtSecret, keys, null, null, 0);
  }

  /** The same under another name. */
  public ProjectRecord called(String newName) {
    return new ProjectRecord(
        id, newName, createdAtMs, jwtSecret, keys, plan, previousSecret, previousUntilMs);
  }

  /** The same with these keys. */
  public ProjectRecord with(List<KeyRecord> others) {
    return new ProjectRecord(
        id, name, createdAtMs, jwtSecret, others, plan, previousSecret, previousUntilMs);
  }

  /** The same on a plan. */
  public ProjectRecord on(String chosen) {
    return new ProjectRecord(
        id, name, createdAtMs, jwtSecret, keys, chosen, previousSecret, previousUntilMs);
  }

  /**
   * The same with another secret, while tokens signed with the present one are good for a while.
   */
  public ProjectRecord signing(String secret, long oldUntilMs) {
    return new ProjectRecord(id, name, createdAtMs, secret, keys, plan, jwtSecret, oldUntilMs);
  }

  /** Does not show the secret. */
  @Override
  public String toString() {
    return "ProjectRecord[" + id + ", " + keys.size() + " keys]";
  }

  /**
   * An API key without the key.
   *
   * @param prefix its first 8 characters, for people to tell keys apart
   * @param hash lower-case hex of SHA-256 over the key's UTF-8 bytes
   * @param validUntilMs UTC milliseconds since 1970; {@link Long#MAX_VALUE} for no end
   */
  public record KeyRecord(String prefix, String hash, long createdAtMs, long validUntilMs) {
    /** A key without an end. */
    public KeyRecord(String prefix, String hash, long createdAtMs) {
      this(prefix, hash, createdAtMs, Long.MAX_VALUE);
    }

    /** The same, but valid until then at most. */
    public KeyRecord until(long ms) {
      return new KeyRecord(prefix, hash, createdAtMs, Math.min(validUntilMs, ms));
    }
  }
}
