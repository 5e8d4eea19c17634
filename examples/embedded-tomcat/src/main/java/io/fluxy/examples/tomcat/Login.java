package io.fluxy.examples.tomcat;

import io.fluxy.Fluxy;
import io.fluxy.chat.User;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Stands for the application's own login, which decides who somebody is. */
final class Login extends HttpServlet {
  private static final int HOUR_SECONDS = 3_600;

  private final transient Fluxy fluxy;

  Login(Fluxy fluxy) {
    this.fluxy = fluxy;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String user = request.getParameter("user");
    if (user == null || !user.matches("[a-z]{1,20}")) {
      response.sendError(HttpServletResponse.SC_BAD_REQUEST, "user: 1 to 20 letters");
      return;
    }
    String token =
        fluxy.mintToken("shop", User.named(user), HOUR_SECONDS).toCompletableFuture().join();
    response.setContentType("text/plain");
    response.getWriter().print(token);
  }
}
