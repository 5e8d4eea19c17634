package io.fluxy.auth;

import io.fluxy.store.ProjectRecord.KeyRecord;
import io.fluxy.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An API key: {@code fc_} and 32 hex digits (FluxyChat contract 4). Whoever makes one sees it once;
 * only its hash is kept.
 *
 * @param text the key itself
 */
public record ApiKey(String text) {
  private static final int PREFIX_CHARS = 8;
  private static final int CHARS_MIN = 16;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if it is too short to be secret
   */
  public ApiKey {
    if (text.length() < CHARS_MIN) {
      throw new IllegalArgumentException("an API key needs at least " + CHARS_MIN + " characters");
    }
  }

  /** A new key. */
  public static ApiKey random(Scheduler scheduler) {
    HexFormat hex = HexFormat.of();
    return new ApiKey(
        "fc_" + hex.toHexDigits(scheduler.random()) + hex.toHexDigits(scheduler.random()));
  }

  /** What the directory keeps of it. */
  public KeyRecord record(long createdAtMs) {
    return new KeyRecord(text.substring(0, PREFIX_CHARS), hash(text), createdAtMs);
  }

  /** Lower-case hex of SHA-256. Keys are random, so a slow hash would protect nothing. */
  static String hash(String key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Does not show the key. */
  @Override
  public String toString() {
    return text.substring(0, PREFIX_CHARS) + "...";
  }
}
