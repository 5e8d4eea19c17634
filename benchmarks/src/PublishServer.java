import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.channels.PlainChannels;
import io.fluxy.protocol.pushflo.PushFlo;
import io.fluxy.protocol.pushflo.PushFloApp;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import io.fluxy.protocol.pusher.PusherHistory;
import io.fluxy.store.Store;
import io.fluxy.store.jdbc.JdbcStore;
import io.fluxy.transport.jetty.FluxyJetty;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server with all publish routes, on SQLite; Pusher's channels keep a history, so all three are durable. Prints its port. */
public final class PublishServer {
  /** Arguments: database file or "memory", API key, secret, PushFlo's publish and secret keys. */
  public static void main(String[] args) throws Exception {
    PusherApp pusher = PusherApp.of("4242", "bench", "bench-key", args[2]).history(PusherHistory.newest(100_000));
    Fluxy fluxy =
        Fluxy.builder()
            .store(args[0].equals("memory") ? Store.inMemory() : JdbcStore.sqlite(Path.of(args[0])))
            .project(Project.named("bench").apiKey(args[1]))
            .protocol(new PusherChannels(pusher))
            .protocol(new PlainChannels(ChannelApp.of("bench", "web", args[2])))
            .protocol(new PushFlo(PushFloApp.of("bench").key(args[3]).key(args[4])))
            .start();
    fluxy.createRoom(new RoomId("bench", "bench-pushflo"), RoomType.PUBLIC, "bench", "bench").toCompletableFuture().join();
    Server server = new Server();
    ServerConnector connector = FluxyJetty.connector(server, "127.0.0.1", 0);
    server.addConnector(connector);
    FluxyJetty.tune(server);
    server.setHandler(FluxyJetty.handler(server, fluxy));
    server.start();
    System.out.println("ready " + connector.getLocalPort());
  }
}
