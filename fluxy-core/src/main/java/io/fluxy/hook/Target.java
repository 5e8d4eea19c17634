package io.fluxy.hook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a webhook goes, taken apart strictly: a form that some library might read in another way
 * than this one is none.
 */
record Target(boolean secure, String host, int port, String pathAndQuery) {
  private static final int CHARS_MAX = 2_048;
  private static final int PORT_FREE_FROM = 1_024; // below, 80 and 443 only

  /** Reads an address; empty if it is not a plain absolute http or https one. */
  static Optional<Target> of(String url) {
    if (url.length() > CHARS_MAX || !isVisibleAscii(url) || url.indexOf('\\') >= 0) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    String host = uri.getHost();
    if ((!secure && !scheme.equals("http"))
        || uri.getRawUserInfo() != null
        || uri.getRawAuthority() == null
        || !isHost(host)) {
      return Optional.empty();
    }
    int port = uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort();
    if (port > 65_535 || (port < PORT_FREE_FROM && port != 80 && port != 443)) {
      return Optional.empty();
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return Optional.of(new Target(secure, host.toLowerCase(Locale.ROOT), port, path + query));
  }

  /** A redirect from here. */
  Optional<Target> redirected(String location) {
    try {
      return of(new URI(url()).resolve(location).toString());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private String url() {
    return (secure ? "https://" : "http://") + host + ":" + port + pathAndQuery;
  }

  /** The value of the Host header. */
  String authority() {
    return port == (secure ? 443 : 80) ? host : host + ":" + port;
  }

  /** The host without the brackets of an IPv6 address. */
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  boolean isLiteral() {
    return host.startsWith("[") || looksNumeric(host);
  }

  private static boolean isVisibleAscii(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 127);
  }

  private static boolean isHost(@Nullable String host) {
    if (host == null || host.isEmpty() || host.length() > 253 || host.indexOf('%') >= 0) {
      return false;
    } else if (host.startsWith("[")) {
      return host.endsWith("]");
    }
    boolean plain =
        host.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '.'
                        || c == '-');
    return plain && !host.endsWith(".") && (!looksNumeric(host) || isDottedQuad(host));
  }

  /** Decimal, octal, hexadecimal or short: some resolvers read these as an IPv4 address. */
  private static boolean looksNumeric(String host) {
    String last = host.substring(host.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !last.isEmpty()
        && (last.chars().allMatch(c -> c >= '0' && c <= '9') || last.startsWith("0x"));
  }

  private static boolean isDottedQuad(String host) {
    String[] parts = host.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      boolean digits = !part.isEmpty() && part.length() <= 3;
      boolean plain = digits && part.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!plain || (part.length() > 1 && part.charAt(0) == '0') || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }
}
