package io.fluxy.protocol;

import io.fluxy.hook.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a page shows as {@code key:hex}: that whoever has the key's secret has signed a text.
 *
 * @param key names the secret; has no colon
 * @param hex HMAC-SHA256 of the text's UTF-8 bytes, as it was shown: perhaps wrong
 */
public record KeySignature(String key, String hex) {
  /** Signs. */
  public static KeySignature of(String key, String secret, String text) {
    return new KeySignature(key, Signature.of(secret, utf8(text)));
  }

  /** Takes apart what was shown; empty if it is none. */
  public static Optional<KeySignature> parse(@Nullable String shown) {
    int colon = shown == null ? -1 : shown.indexOf(':');
    return shown == null || colon < 0
        ? Optional.empty()
        : Optional.of(new KeySignature(shown.substring(0, colon), shown.substring(colon + 1)));
  }

  /** Whether it is right; takes as long if it is not. */
  public boolean isOf(String secret, String text) {
    return Signature.isExactly(secret, utf8(text), hex);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** As pages show it. */
  @Override
  public String toString() {
    return key + ":" + hex;
  }
}
