package io.fluxy.transport.servlet;

import io.fluxy.connection.TransportContract;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat with one servlet for everything. */
final class TomcatServer implements TransportContract.Running {
  private final Tomcat tomcat = new Tomcat();
  private boolean stopped;

  /** Puts what is to be served into a context. */
  interface Setup {
    void of(Context context);
  }

  TomcatServer(Servlet servlet, String contextPath, String pattern) throws Exception {
    this(
        contextPath,
        context -> {
          context.addServletContainerInitializer(new WsSci(), null);
          add(context, servlet, pattern);
        });
  }

  TomcatServer(String contextPath, Setup setup) throws Exception {
    Path folder = Files.createDirectories(Path.of("target", "tomcat").toAbsolutePath());
    tomcat.setBaseDir(folder.toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.getEngine().setParentClassLoader(TomcatServer.class.getClassLoader());
    Context context = tomcat.addContext(contextPath, folder.toString());
    setup.of(context);
    tomcat.start();
  }

  static void add(Context context, Servlet servlet, String pattern) {
    String name = servlet.getClass().getName();
    Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
    wrapper.setAsyncSupported(true);
    wrapper.setLoadOnStartup(0);
    wrapper.addMapping(pattern);
  }

  @Override
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void stop() throws LifecycleException, IOException {
    if (!stopped) {
      stopped = true;
      tomcat.stop();
      tomcat.destroy();
    }
  }
}
