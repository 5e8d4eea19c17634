package io.fluxy.examples.embed;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.store.jdbc.JdbcStore;
import io.fluxy.transport.jetty.FluxyJetty;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;

/** An application that hosts a project named shop on port 8080. */
public final class Embed {
  private Embed() {}

  /** Runs until it is killed, which loses nothing. */
  public static void main(String[] args) throws Exception {
    Fluxy fluxy =
        Fluxy.builder()
            .store(JdbcStore.sqlite(Path.of("chat.db")))
            .project(Project.named("shop"))
            .start();

    Server server = new Server(8080);
    server.setHandler(FluxyJetty.handler(server, fluxy));
    server.start();
  }
}
