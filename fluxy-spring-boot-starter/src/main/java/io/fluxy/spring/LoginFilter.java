package io.fluxy.spring;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.User;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets whoever is logged in to the application in to the chat: a request to the engine that has a
 * login and no token is given a token for that user, as if the client had sent it. The engine goes
 * on to believe in tokens and nothing else.
 *
 * <p>A login by cookie goes with every request that a browser makes, whichever page made it. So it
 * counts only for requests of the application's own pages, of allowed origins, and of programs that
 * are no browsers.
 */
final class LoginFilter extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(LoginFilter.class);

  /** A socket lives no longer than its token; clients come back by themselves. */
  static final int TOKEN_SECONDS = 3_600;

  private static final long MINT_MS_MAX = 3_000;
  private static final String BEARER = "Bearer ";

  private final Fluxy fluxy;
  private final Mount mount;
  private final Project project;
  private final HostUsers users;
  private final Set<String> allowedOrigins;

  LoginFilter(
      Fluxy fluxy, Mount mount, Project project, HostUsers users, List<String> allowedOrigins) {
    this.fluxy = fluxy;
    this.mount = mount;
    this.project = project;
    this.users = users;
    this.allowedOrigins = new LinkedHashSet<>(allowedOrigins);
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !mount.takes(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Principal principal = request.getUserPrincipal();
    if (principal == null || hasToken(request) || isForeign(request)) {
      chain.doFilter(request, response);
      return;
    }
    Optional<User> user = users.user(principal);
    if (user.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    String token = token(user.get());
    if (token == null) {
      response.setHeader(HttpHeaders.RETRY_AFTER, "1");
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } else {
      chain.doFilter(new Bearing(request, token), response);
    }
  }

  private static boolean hasToken(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return true;
    }
    String query = request.getQueryString();
    return query != null && (query.startsWith("token=") || query.contains("&token="));
  }

  /** Whether a page that is none of ours makes this request. */
  private boolean isForeign(HttpServletRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null) {
      return !allowedOrigins.contains(origin) && !isOwn(origin, request);
    }
    String site = request.getHeader("Sec-Fetch-Site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }

  private static boolean isOwn(String origin, HttpServletRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null && host != null && authority.equals(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Null if the store does not answer in time. */
  private @Nullable String token(User user) {
    try {
      return fluxy
          .mintToken(project.id(), user, TOKEN_SECONDS)
          .toCompletableFuture()
          .get(MINT_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("no token for {}: {}", user.id(), e.toString());
      return null;
    }
  }

  /** The request, as if the client had sent a token. */
  private static final class Bearing extends HttpServletRequestWrapper {
    private final String authorization;

    Bearing(HttpServletRequest request, String token) {
      super(request);
      this.authorization = BEARER + token;
    }

    @Override
    public @Nullable String getHeader(String name) {
      return isOurs(name) ? authorization : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return isOurs(name)
          ? Collections.enumeration(List.of(authorization))
          : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
      Set<String> names = new LinkedHashSet<>(Collections.list(super.getHeaderNames()));
      names.removeIf(Bearing::isOurs);
      names.add(HttpHeaders.AUTHORIZATION);
      return Collections.enumeration(names);
    }

    private static boolean isOurs(String name) {
      return HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name);
    }
  }
}
