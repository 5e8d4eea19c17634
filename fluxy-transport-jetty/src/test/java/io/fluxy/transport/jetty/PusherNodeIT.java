package io.fluxy.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.hook.WebhookSender;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Runs src/test/node, with Node.js and npm: {@code ./mvnw -Pnode verify}. */
@EnabledIfSystemProperty(named = "fluxy.node", matches = "true")
class PusherNodeIT {
  private static final Path SUITE = Path.of("src", "test", "node");

  @TempDir Path folder;

  @Test
  void pusherJsItsServerLibraryAndLaravelEchoAreServedUnmodified() throws Exception {
    int webhookPort;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      webhookPort = free.getLocalPort();
    }
    PusherApp app =
        PusherApp.of("4242", "shop", "a-key", "a-secret")
            .webhook(
                new PusherApp.Webhook(
                    "http://127.0.0.1:" + webhookPort + "/", Set.of("channel_occupied")));
    Server server = new Server(new QueuedThreadPool(16));
    ServerConnector connector = FluxyJetty.connector(server, "127.0.0.1", 0);
    server.addConnector(connector);
    try (Fluxy fluxy =
        Fluxy.builder()
            .project(Project.named("shop"))
            .webhookReach(WebhookSender.Reach.ANYWHERE)
            .protocol(new PusherChannels(app))
            .start()) {
      server.setHandler(FluxyJetty.handler(server, fluxy));
      server.start();
      for (String file :
          new String[] {"package.json", "package-lock.json", ".npmrc", "pusher.test.mjs"}) {
        Files.copy(SUITE.resolve(file), folder.resolve(file));
      }
      run(Map.of(), "npm", "ci", "--no-audit", "--no-fund");
      run(
          Map.of(
              "FLUXY_PORT", String.valueOf(connector.getLocalPort()),
              "FLUXY_WEBHOOK_PORT", String.valueOf(webhookPort)),
          "npm",
          "test");
    } finally {
      server.stop();
    }
  }

  private void run(Map<String, String> environment, String... command) throws Exception {
    File output = folder.resolve("output.txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      String said = Files.readString(output.toPath());
      assertThat(ended).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
