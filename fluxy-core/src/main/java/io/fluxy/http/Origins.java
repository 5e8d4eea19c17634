package io.fluxy.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web pages may talk to us. A request without an Origin comes from no page and is fine; a
 * page of our own host is; any other has to be listed, scheme and port included. Browsers send
 * origins in lower case, and only so do they count.
 */
public final class Origins {
  private final Set<String> allowed;

  /**
   * @param allowed such as {@code https://app.example.org}; {@code *} for any
   */
  public Origins(Set<String> allowed) {
    this.allowed =
        allowed.stream().map(o -> o.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** Whether the page behind a request, if there is one, may talk to us. */
  public boolean allows(ApiRequest request) {
    Optional<String> origin = request.header("Origin");
    return origin.isEmpty() || isListed(origin.get()) || isOwn(origin.get(), request);
  }

  /** The value of Access-Control-Allow-Origin for a request; empty if it gets none. */
  public Optional<String> crossOrigin(ApiRequest request) {
    return request.header("Origin").filter(this::isListed);
  }

  private boolean isListed(String origin) {
    return allowed.contains("*") || allowed.contains(origin);
  }

  private static boolean isOwn(String origin, ApiRequest request) {
    String host = request.header("Host").orElse("").toLowerCase(Locale.ROOT);
    return !host.isEmpty() && (origin.equals("http://" + host) || origin.equals("https://" + host));
  }
}
