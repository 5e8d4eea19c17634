package io.fluxy.spring;

import io.fluxy.Fluxy;
import jakarta.servlet.http.HttpServletRequest;

/** Which of the application's requests go to the engine. */
final class Mount {
  static final String SERVLET = "fluxy";

  private final Fluxy fluxy;
  private final String below;

  /**
   * @param path as configured: {@code /} for the root
   * @throws IllegalArgumentException if it is no path
   */
  Mount(Fluxy fluxy, String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("fluxy.path: must begin with a slash: " + path);
    }
    this.fluxy = fluxy;
    this.below = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Empty at the root, else such as {@code /chat}. */
  String below() {
    return below;
  }

  boolean isRoot() {
    return below.isEmpty();
  }

  /**
   * Whether the engine gets this request. Below a path, the container has already chosen its
   * servlet; at the root, our filter will choose by the very same test. So nothing that is let
   * through here can end up anywhere else.
   */
  boolean takes(HttpServletRequest request) {
    return isRoot()
        ? fluxy.serves(request.getRequestURI().substring(request.getContextPath().length()))
        : SERVLET.equals(request.getHttpServletMapping().getServletName());
  }
}
