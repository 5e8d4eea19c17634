package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Serves Fluxy at the root of an application that has other pages there: takes the requests that
 * belong to Fluxy and leaves all others to whatever comes next. Otherwise like {@link
 * FluxyServlet}.
 *
 * <pre>{@code
 * FilterRegistration.Dynamic chat = servletContext.addFilter("fluxy", new FluxyFilter(fluxy));
 * chat.setAsyncSupported(true);
 * chat.addMappingForUrlPatterns(EnumSet.of(REQUEST, ASYNC), true, "/*");
 * }</pre>
 */
public final class FluxyFilter extends HttpFilter {
  private final transient Entrance entrance;

  /** Paths are relative to the context path. */
  public FluxyFilter(Fluxy fluxy) {
    entrance = new Entrance(fluxy, "");
  }

  @Override
  public void init(FilterConfig config) throws ServletException {
    super.init(config);
    entrance.open(config.getServletContext());
  }

  @Override
  public void destroy() {
    entrance.close();
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!entrance.take(request, response)) {
      chain.doFilter(request, response);
    }
  }
}
