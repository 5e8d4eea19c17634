package io.fluxy.examples.tomcat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.store.jdbc.JdbcStore;
import io.fluxy.transport.servlet.FluxyFilter;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsSci;

/** An application with a login of its own, and a chat in its lobby. */
public final class EmbeddedTomcat implements AutoCloseable {
  private final Fluxy fluxy;
  private final Tomcat tomcat = new Tomcat();

  /** Serves on port 8080, or the one that is given, until it is told to stop. */
  public static void main(String[] args) throws IOException, LifecycleException {
    Path folder = Files.createDirectories(Path.of("lobby-data"));
    EmbeddedTomcat application =
        new EmbeddedTomcat(args.length == 0 ? 8080 : Integer.parseInt(args[0]), folder);
    Runtime.getRuntime().addShutdownHook(new Thread(application::stop, "stop"));
    System.out.println(
        "Open http://127.0.0.1:" + application.port() + " in two tabs; Ctrl-C ends it.");
    application.tomcat.getServer().await();
  }

  private void stop() {
    try {
      close();
    } catch (LifecycleException e) {
      System.err.println("did not stop as it should: " + e);
    }
  }

  /**
   * Starts it.
   *
   * @param port 0 for any that is free
   * @param folder where the messages are kept, and what Tomcat needs
   */
  public EmbeddedTomcat(int port, Path folder) throws LifecycleException {
    fluxy =
        Fluxy.builder()
            .store(JdbcStore.sqlite(folder.resolve("chat.db")))
            .project(Project.named("shop"))
            .start();
    fluxy
        .createRoom(new RoomId("shop", "lobby"), RoomType.PUBLIC, "Lobby", "host")
        .toCompletableFuture()
        .join();

    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1"); // its login lets anybody in
    Context context = tomcat.addContext("", null); // no folder: nothing of the disk is served
    context.addServletContainerInitializer(new WsSci(), null);
    chat(context);
    Tomcat.addServlet(context, "login", new Login(fluxy)).addMapping("/login");
    tomcat.start();
  }

  private void chat(Context context) {
    FilterDef filter = new FilterDef();
    filter.setFilterName("fluxy");
    filter.setFilter(new FluxyFilter(fluxy));
    filter.setAsyncSupported("true");
    context.addFilterDef(filter);
    FilterMap everything = new FilterMap();
    everything.setFilterName("fluxy");
    everything.addURLPattern("/*");
    everything.setDispatcher(DispatcherType.REQUEST.name());
    everything.setDispatcher(DispatcherType.ASYNC.name());
    context.addFilterMap(everything);
    Tomcat.addServlet(context, "page", new Page()).addMapping("/");
  }

  /** Where it listens. */
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void close() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    fluxy.close();
  }
}
