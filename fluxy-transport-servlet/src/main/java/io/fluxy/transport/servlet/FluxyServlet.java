package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Serves Fluxy from a servlet container: HTTP, event streams, polling, and WebSockets if the
 * container has Jakarta WebSocket 2.1 (without it they are answered with 501).
 *
 * <pre>{@code
 * ServletRegistration.Dynamic chat = servletContext.addServlet("fluxy", new FluxyServlet(fluxy));
 * chat.setAsyncSupported(true);
 * chat.addMapping("/*");
 * }</pre>
 *
 * <p>It must be registered as supporting async, and so must every filter in front of it. No thread
 * of the container is held while a client is waited for. What no protocol serves is answered with
 * 404; a {@link FluxyFilter} leaves it to the application instead.
 */
public final class FluxyServlet extends HttpServlet {
  private final transient Entrance entrance;

  /** Paths are relative to the context path, wherever the servlet is mapped. */
  public FluxyServlet(Fluxy fluxy) {
    this(fluxy, "");
  }

  /**
   * Serves below a path of the application, for one that needs its root itself.
   *
   * @param below what comes off the front of each path, such as {@code /chat}; map the servlet to
   *     {@code /chat/*}. Clients of FluxyChat and PushFlo speak to absolute paths: they need the
   *     root of an origin, so use {@code ""} and a context at the root for them
   * @throws IllegalArgumentException if it neither is empty nor begins with a slash and ends
   *     without one
   */
  public FluxyServlet(Fluxy fluxy, String below) {
    this(new Entrance(fluxy, below));
  }

  FluxyServlet(Entrance entrance) {
    this.entrance = entrance;
  }

  @Override
  public void init(ServletConfig config) throws ServletException {
    super.init(config);
    entrance.open(config.getServletContext());
  }

  @Override
  public void destroy() {
    entrance.close();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!entrance.take(request, response)) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    }
  }
}
