package io.fluxy.console;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Set;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may sign in to the console. Of the credential only a slow hash is kept.
 *
 * <p>Immutable.
 */
public final class ConsoleOperator {
  private static final int NAME_CHARS_MAX = 64;
  private static final int CREDENTIAL_CHARS_MIN = 12;
  private static final int CREDENTIAL_CHARS_MAX = 256;
  private static final int ROUNDS = 120_000; // PBKDF2, about 50 ms
  private static final int HASH_BITS = 256;

  private final String name;
  private final byte[] hash;
  private final @Nullable Set<String> projects;

  private ConsoleOperator(String name, byte[] hash, @Nullable Set<String> projects) {
    this.name = name;
    this.hash = hash;
    this.projects = projects;
  }

  /**
   * An operator of all projects.
   *
   * @param name what the audit log calls them: 1 to 64 of letters, digits, {@code . _ - @}
   * @param credential 12 to 256 characters
   * @throws IllegalArgumentException if one of them is not so
   */
  public static ConsoleOperator of(String name, String credential) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "an operator's name has 1 to " + NAME_CHARS_MAX + " letters, digits, . _ - or @");
    }
    if (credential.length() < CREDENTIAL_CHARS_MIN || credential.length() > CREDENTIAL_CHARS_MAX) {
      throw new IllegalArgumentException(
          "operator "
              + name
              + ": a credential has "
              + CREDENTIAL_CHARS_MIN
              + " to "
              + CREDENTIAL_CHARS_MAX
              + " characters");
    }
    return new ConsoleOperator(name, hash(name, credential), null);
  }

  /** The same, for these projects alone: the others look as if they were not there. */
  public ConsoleOperator forProjects(String... ids) {
    return new ConsoleOperator(name, hash, Set.of(ids));
  }

  /** What the audit log calls them. */
  public String name() {
    return name;
  }

  /** Whether all projects are theirs, and so the engine. */
  boolean runsAll() {
    return projects == null;
  }

  boolean runs(String projectId) {
    return projects == null || projects.contains(projectId);
  }

  /** Whether a credential is theirs; takes about 50 ms, and as long if it is not. */
  boolean isProvenBy(String credential) {
    boolean fits = credential.length() <= CREDENTIAL_CHARS_MAX;
    return MessageDigest.isEqual(hash, hash(name, fits ? credential : "")) && fits;
  }

  /** The name is the salt: it tells two operators with one credential apart. */
  private static byte[] hash(String name, String credential) {
    byte[] salt = ("fluxy-console:" + name).getBytes(StandardCharsets.UTF_8);
    PBEKeySpec spec = new PBEKeySpec(credential.toCharArray(), salt, ROUNDS, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= NAME_CHARS_MAX
        && name.chars()
            .allMatch(
                c ->
                    c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || "._-@".indexOf(c) >= 0);
  }

  /** Does not show the hash. */
  @Override
  public String toString() {
    return "ConsoleOperator[" + name + (projects == null ? "" : ", " + projects) + "]";
  }
}
