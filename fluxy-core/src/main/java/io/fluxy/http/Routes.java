package io.fluxy.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A table of routes: method and path pattern to handler. In a pattern such as {@code
 * /rooms/:id/members} a segment that starts with a colon matches any one segment and is handed to
 * the handler under its name.
 *
 * <p>Filled before the engine starts, only read afterwards.
 */
public final class Routes {
  private final List<Route> routes = new ArrayList<>();

  /** An empty table. */
  public Routes() {}

  /**
   * Answers a request. Must not block; what it throws is logged and answered as an internal error.
   */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers.
     *
     * @param path the values of the pattern's named segments, decoded
     */
    CompletionStage<ApiResponse> answer(ApiRequest request, Map<String, String> path);
  }

  /** A route as documentation and tests see it. */
  public record Route(String method, String pattern, Handler handler) {
    private List<String> segments() {
      return List.of(pattern.substring(1).split("/", -1));
    }
  }

  /** A route that fits a request. */
  public record Match(Route route, Map<String, String> path) {
    /** Asks the route's handler. */
    public CompletionStage<ApiResponse> answer(ApiRequest request) {
      return route.handler().answer(request, path);
    }
  }

  /** Adds a route; of two that fit, the first wins. */
  public Routes on(String method, String pattern, Handler handler) {
    routes.add(new Route(method, pattern, handler));
    return this;
  }

  /** All routes in the order they were added. */
  public List<Route> all() {
    return List.copyOf(routes);
  }

  /** The route for a request, if there is one. */
  public Optional<Match> match(ApiRequest request) {
    Optional<List<String>> segments = request.segments();
    if (segments.isEmpty()) {
      return Optional.empty();
    }
    for (Route route : routes) {
      if (route.method().equals(request.method())) {
        Optional<Map<String, String>> path = fit(route.segments(), segments.get());
        if (path.isPresent()) {
          return Optional.of(new Match(route, path.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** The methods that routes for this path have, whatever the request's own. */
  public Set<String> methodsFor(ApiRequest request) {
    Set<String> methods = new LinkedHashSet<>();
    request
        .segments()
        .ifPresent(
            segments -> {
              for (Route route : routes) {
                if (fit(route.segments(), segments).isPresent()) {
                  methods.add(route.method());
                }
              }
            });
    return methods;
  }

  private static Optional<Map<String, String>> fit(List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> path = new HashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String expected = pattern.get(i);
      if (expected.startsWith(":")) {
        path.put(expected.substring(1), segments.get(i));
      } else if (!expected.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(path);
  }
}
