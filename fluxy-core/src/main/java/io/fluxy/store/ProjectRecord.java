package io.fluxy.store;

import java.util.List;

/**
 * A project in the directory.
 *
 * @param id 1 to 128 of letters, digits, {@code _ -}
 * @param jwtSecret its UTF-8 bytes are the HS256 key of the project's tokens; at least 32 bytes
 * @param keys the API keys that are valid, hashed; the keys themselves are kept nowhere
 */
public record ProjectRecord(
    String id, String name, long createdAtMs, String jwtSecret, List<KeyRecord> keys) {
  public ProjectRecord {
    keys = List.copyOf(keys);
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
   */
  public record KeyRecord(String prefix, String hash, long createdAtMs) {}
}
