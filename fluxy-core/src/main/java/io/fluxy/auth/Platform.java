package io.fluxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Who runs the whole house, if anybody does over HTTP.
 *
 * @param projectId the project whose owners and admins may make projects and choose plans; null for
 *     nobody
 * @param bootstrapSecret lets whoever knows it make that project, once; null for nobody
 */
public record Platform(@Nullable String projectId, @Nullable String bootstrapSecret) {
  /** Nobody. */
  public static final Platform NONE = new Platform(null, null);

  /** True for an owner or admin of the platform's project. */
  public boolean isRunBy(Identity who) {
    return who.project().equals(projectId) && who.user().governs() && who.onlyRoom() == null;
  }

  /** Whether a secret is the right one; in the same time if it is not. */
  public boolean opensWith(String secret) {
    return bootstrapSecret != null
        && MessageDigest.isEqual(
            bootstrapSecret.getBytes(StandardCharsets.UTF_8),
            secret.getBytes(StandardCharsets.UTF_8));
  }

  /** Does not show the secret. */
  @Override
  public String toString() {
    return "Platform[" + projectId + "]";
  }
}
