package io.fluxy.protocol.pushflo;

import io.fluxy.auth.Identity;
import io.fluxy.protocol.pushflo.PushFloApp.Power;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is, and what that lets do.
 *
 * @param identity the user of a token; null for a key, behind which is nobody in particular
 * @param tag the hash of the key, or of the key that the token was exchanged for; empty for none
 * @param grants the channels that a token is for; null for whatever its user may hear
 * @param clientId what the client has called itself when it exchanged a key; null for nothing
 * @param tokenKey names the token among others
 * @param resumeKey what proves that somebody has been here before; null if nothing does
 */
record Credential(
    LiveApp app,
    Power power,
    @Nullable Identity identity,
    String tag,
    @Nullable Set<String> grants,
    @Nullable String clientId,
    String tokenKey,
    @Nullable String resumeKey) {
  /** A key itself. */
  static Credential key(LiveApp app, PushFloApp.Key key) {
    return new Credential(app, key.power(), null, key.hash(), null, null, "", null);
  }

  /** The same, recognised by something else if it comes back. */
  Credential resumingBy(String otherKey) {
    return new Credential(app, power, identity, tag, grants, clientId, tokenKey, otherKey);
  }

  boolean may(Power needed) {
    return power.compareTo(needed) >= 0;
  }

  /** Whether this opens a channel to whoever is no member: servers, and tokens that name it. */
  boolean admitsTo(String channel) {
    return power != Power.SUBSCRIBE || (grants != null && grants.contains(channel));
  }

  /** Does not show the token. */
  @Override
  public String toString() {
    return "Credential[" + power + "]";
  }
}
