package io.fluxy.hook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signature of a webhook's body: HMAC-SHA256 over the raw bytes, in hex. */
public final class Signature {
  private static final String PREFIX = "sha256=";

  private Signature() {}

  /**
   * Signs.
   *
   * @return 64 lower-case hex digits
   */
  public static String of(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every JDK has HMAC-SHA256", e);
    }
  }

  /** The value of the header. */
  static String header(String secret, byte[] body) {
    return PREFIX + of(secret, body);
  }

  /** Whether a signature is right, with or without its prefix; in the same time if it is not. */
  public static boolean isRight(String secret, byte[] body, String signature) {
    return isExactly(
        secret,
        body,
        signature.startsWith(PREFIX) ? signature.substring(PREFIX.length()) : signature);
  }

  /** The same of a signature that has no prefix. */
  public static boolean isExactly(String secret, byte[] body, String hex) {
    return MessageDigest.isEqual(
        of(secret, body).getBytes(StandardCharsets.US_ASCII), hex.getBytes(StandardCharsets.UTF_8));
  }
}
