package io.fluxy.examples.tomcat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/** The application's own page, at the root; whatever else nobody serves is not there. */
final class Page extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!request.getRequestURI().equals("/")) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    try (InputStream html = Page.class.getResourceAsStream("/lobby/index.html")) {
      response.setContentType("text/html;charset=utf-8");
      response.getOutputStream().write(html == null ? new byte[0] : html.readAllBytes());
    }
  }
}
