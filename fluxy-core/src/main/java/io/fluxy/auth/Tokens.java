package io.fluxy.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fluxy.auth.TokenException.Flaw;
import io.fluxy.chat.Names;
import io.fluxy.chat.Role;
import io.fluxy.chat.User;
import io.fluxy.store.ProjectRecord;
import io.fluxy.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tokens: JWT, HS256 and nothing else, signed with the secret of the project that the {@code tid}
 * claim names, whatever key or address the header offers (FluxyChat contract 4, reliability
 * catalogue 3.1). The signature is checked first; no claim but {@code tid} is looked at before it
 * holds.
 */
public final class Tokens {
  private static final int CHARS_MAX = 8_192;
  private static final int LEEWAY_SECONDS = 30;

  private final Projects projects;
  private final Scheduler scheduler;

  public Tokens(Projects projects, Scheduler scheduler) {
    this.projects = projects;
    this.scheduler = scheduler;
  }

  /**
   * Signs a token.
   *
   * @param extra further claims
   */
  public String mint(ProjectRecord project, User user, int ttlSeconds, Map<String, Object> extra) {
    long now = scheduler.nowMs() / 1000;
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .subject(user.id())
            .claim("tid", project.id())
            .claim("roles", user.roles().stream().map(Role::word).sorted().toList())
            .claim("iat", now)
            .claim("exp", now + ttlSeconds);
    extra.forEach(claims::claim);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
    SignedJWT token = new SignedJWT(header, claims.build());
    try {
      token.sign(new MACSigner(key(project)));
    } catch (JOSEException e) {
      throw new IllegalStateException("project " + project.id() + ": cannot sign", e);
    }
    return token.serialize();
  }

  /**
   * Who a token speaks for.
   *
   * @return completes exceptionally with {@link TokenException} if it speaks for nobody
   */
  public CompletionStage<Identity> verify(@Nullable String token) {
    try {
      if (token == null || token.isEmpty()) {
        throw new TokenException(Flaw.MISSING);
      }
      SignedJWT jwt = parse(token);
      String projectId = projectOf(jwt);
      return projects
          .find(projectId)
          .thenApply(
              project -> {
                if (project.isEmpty() || !isSignedBy(project.get(), jwt)) {
                  throw new TokenException(Flaw.NOT_GENUINE);
                }
                return identity(projectId, jwt);
              });
    } catch (TokenException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** The project that a token says it is of, whether or not that is true; empty if it says none. */
  public static Optional<String> claimedProject(String token) {
    try {
      return Optional.of(projectOf(parse(token)));
    } catch (TokenException e) {
      return Optional.empty();
    }
  }

  private static SignedJWT parse(String token) {
    if (token.length() > CHARS_MAX || token.chars().filter(c -> c == '.').count() != 2) {
      throw new TokenException(Flaw.MALFORMED);
    }
    try {
      return SignedJWT.parse(token);
    } catch (ParseException | RuntimeException e) {
      // Not a JWS header (alg "none" among them), or not base64 at all.
      throw new TokenException(looksLikeJwt(token) ? Flaw.NOT_GENUINE : Flaw.MALFORMED);
    }
  }

  private static boolean looksLikeJwt(String token) {
    return token.startsWith("eyJ") && token.indexOf(".eyJ") > 0;
  }

  private static String projectOf(SignedJWT jwt) {
    Map<String, Object> claims;
    try {
      claims = jwt.getPayload().toJSONObject();
    } catch (RuntimeException e) {
      throw new TokenException(Flaw.MALFORMED);
    }
    if (claims == null) {
      throw new TokenException(Flaw.MALFORMED);
    }
    if (!(claims.get("tid") instanceof String id) || !Names.isId(id)) {
      throw new TokenException(Flaw.NOT_GENUINE);
    }
    return id;
  }

  private boolean isSignedBy(ProjectRecord project, SignedJWT jwt) {
    if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())) {
      return false;
    }
    String previous = project.previousSecret();
    return isSignedWith(project.jwtSecret(), jwt)
        || (previous != null
            && project.previousUntilMs() > scheduler.nowMs()
            && isSignedWith(previous, jwt));
  }

  private static boolean isSignedWith(String secret, SignedJWT jwt) {
    try {
      return jwt.verify(new MACVerifier(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException | RuntimeException e) {
      return false;
    }
  }

  private Identity identity(String projectId, SignedJWT jwt) {
    Map<String, Object> claims = jwt.getPayload().toJSONObject();
    if (!claims.containsKey("exp")) {
      throw new TokenException(Flaw.NO_EXPIRY);
    }
    if (!(claims.get("exp") instanceof Number expiry)) {
      throw new TokenException(Flaw.NOT_GENUINE);
    }
    long nowSeconds = scheduler.nowMs() / 1000;
    if (expiry.doubleValue() + LEEWAY_SECONDS <= nowSeconds) {
      throw new TokenException(Flaw.EXPIRED);
    }
    if (!(claims.getOrDefault("nbf", 0) instanceof Number start)
        || start.doubleValue() - LEEWAY_SECONDS > nowSeconds) {
      throw new TokenException(Flaw.NOT_GENUINE);
    }
    if (!(claims.get("sub") instanceof String sub) || !Names.isId(sub)) {
      throw new TokenException(Flaw.NOT_GENUINE);
    }
    Object onlyRoom = claims.get("roomId");
    if (onlyRoom != null && !(onlyRoom instanceof String)) {
      throw new TokenException(Flaw.NOT_GENUINE); // it was meant to be good for less
    }
    double expiresAtMs = Math.min(expiry.doubleValue() * 1000.0, Long.MAX_VALUE / 2.0);
    return new Identity(
        projectId,
        new User(sub, roles(claims.get("roles"))),
        (long) expiresAtMs,
        (String) onlyRoom);
  }

  private static Set<Role> roles(@Nullable Object claim) {
    Set<Role> roles = new LinkedHashSet<>();
    if (claim instanceof List<?> words) {
      for (Object word : words) {
        if (word instanceof String text) {
          Role.of(text).ifPresent(roles::add);
        }
      }
    }
    return roles;
  }

  private static byte[] key(ProjectRecord project) {
    return project.jwtSecret().getBytes(StandardCharsets.UTF_8);
  }
}
