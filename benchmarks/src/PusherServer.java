import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import io.fluxy.protocol.pusher.PusherLimits;
import io.fluxy.transport.jetty.FluxyJetty;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server for Pusher's clients whose limits stay out of the way, in memory. Prints where it listens. */
public final class PusherServer {
  private static final int MANY = 100_000_000;

  /** Argument: the app's secret; its key is app-key. */
  public static void main(String[] args) throws Exception {
    PusherLimits limits = PusherLimits.builder().clientEventsPerSecond(1_000_000).roomsPerMinute(MANY).build();
    PusherApp app = PusherApp.of("4242", "bench", "app-key", args[0]).clientEvents(true).limits(limits);
    Fluxy fluxy =
        Fluxy.builder()
            .project(Project.named("bench"))
            .limits(Limits.defaults().toBuilder().commandsPerMinute(MANY).messagesPerMinute(MANY).build())
            .protocol(new PusherChannels(app))
            .start();
    Server server = new Server();
    ServerConnector connector = FluxyJetty.connector(server, "127.0.0.1", 0);
    server.addConnector(connector);
    FluxyJetty.tune(server);
    server.setHandler(FluxyJetty.handler(server, fluxy));
    server.start();
    System.out.println("ready 127.0.0.1:" + connector.getLocalPort());
  }
}
