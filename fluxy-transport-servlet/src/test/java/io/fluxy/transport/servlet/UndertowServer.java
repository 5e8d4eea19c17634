package io.fluxy.transport.servlet;

import io.fluxy.connection.TransportContract;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.Servlet;
import java.net.InetSocketAddress;

/** Undertow with one servlet for everything. */
final class UndertowServer implements TransportContract.Running {
  private final Undertow undertow;
  private final DeploymentManager manager;
  private boolean stopped;

  UndertowServer(Servlet servlet, String contextPath, String pattern) throws Exception {
    DeploymentInfo deployment =
        Servlets.deployment()
            .setClassLoader(UndertowServer.class.getClassLoader())
            .setContextPath(contextPath.isEmpty() ? "/" : contextPath)
            .setDeploymentName("fluxy")
            .addServletContextAttribute(
                WebSocketDeploymentInfo.ATTRIBUTE_NAME, new WebSocketDeploymentInfo())
            .addServlet(
                Servlets.servlet(
                        "fluxy", servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
                    .setAsyncSupported(true)
                    .setLoadOnStartup(1)
                    .addMapping(pattern));
    manager = Servlets.defaultContainer().addDeployment(deployment);
    manager.deploy();
    undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(Handlers.path().addPrefixPath(deployment.getContextPath(), manager.start()))
            .build();
    undertow.start();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public void stop() throws Exception {
    if (!stopped) {
      stopped = true;
      manager.stop();
      manager.undeploy();
      undertow.stop();
    }
  }
}
