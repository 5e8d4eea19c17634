package io.fluxy.transport.servlet;

import io.fluxy.connection.TransportContract;
import jakarta.servlet.Servlet;

class JettyTransportTest extends ServletTransportContract {
  @Override
  protected TransportContract.Running start(Servlet servlet, String contextPath, String pattern)
      throws Exception {
    return new JettyServer(servlet, contextPath, pattern);
  }
}
