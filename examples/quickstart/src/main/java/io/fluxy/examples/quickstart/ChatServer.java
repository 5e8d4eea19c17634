package io.fluxy.examples.quickstart;

import io.fluxy.Fluxy;
import io.fluxy.auth.ApiKey;
import io.fluxy.auth.Project;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.channels.PlainChannels;
import io.fluxy.protocol.pusher.PusherApp;
import io.fluxy.protocol.pusher.PusherChannels;
import io.fluxy.protocol.pushflo.PushFlo;
import io.fluxy.protocol.pushflo.PushFloApp;
import io.fluxy.store.Store;
import io.fluxy.transport.jetty.FluxyJetty;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Fluxy and the demo page on one Jetty. */
final class ChatServer implements AutoCloseable {
  private static final int THREADS_MAX = 16; // nothing blocks one
  private static final int STOP_MS = 5_000; // at most
  private static final int OWNER_TOKEN_SECONDS = 86_400;
  private static final String OWNER = "owner";

  private final Server server;
  private final ServerConnector connector;
  private final Fluxy fluxy;

  private ChatServer(Server server, ServerConnector connector, Fluxy fluxy) {
    this.server = server;
    this.connector = connector;
    this.fluxy = fluxy;
  }

  /** Starts everything; when this returns, the server serves. */
  static ChatServer start(Options options, Config config) throws StartException {
    Server server = new Server(new QueuedThreadPool(THREADS_MAX));
    server.setStopTimeout(STOP_MS);
    ServerConnector connector = FluxyJetty.connector(server, options.host(), options.port());
    server.addConnector(connector);
    FluxyJetty.tune(server);
    bind(connector, options); // first, for it is the likeliest to fail

    Fluxy fluxy = fluxy(options, config);
    RoomId lobby = new RoomId(config.projects().get(0).id(), "lobby");
    done(fluxy.createRoom(lobby, RoomType.PUBLIC, "Lobby", OWNER)); // or it is there already
    server.setHandler(
        new Handler.Sequence(
            FluxyJetty.handler(server, fluxy), new DemoPage(), new SessionDesk(fluxy, lobby)));
    ChatServer running = new ChatServer(server, connector, fluxy);
    try {
      server.start();
    } catch (Exception e) {
      running.close();
      throw new StartException("the server can't start: " + e.getMessage());
    }
    return running;
  }

  private static void bind(ServerConnector connector, Options options) throws StartException {
    try {
      connector.open();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String reason = cause.getMessage() == null ? "no such address" : cause.getMessage();
      throw new StartException(
          "can't listen at " + options.host() + ":" + options.port() + ": " + reason);
    }
  }

  private static Fluxy fluxy(Options options, Config config) throws StartException {
    Store store = options.database().open();
    Fluxy.Builder builder = Fluxy.builder().store(store);
    config.projects().forEach(builder::project);
    config.allowedOrigins().forEach(builder::allowedOrigin);
    config.operators().forEach(builder::console);
    if (!config.pusherApps().isEmpty()) {
      builder.protocol(new PusherChannels(config.pusherApps().toArray(PusherApp[]::new)));
    }
    if (!config.pushFloApps().isEmpty()) {
      builder.protocol(new PushFlo(config.pushFloApps().toArray(PushFloApp[]::new)));
    }
    if (!config.channelApps().isEmpty()) {
      builder.protocol(new PlainChannels(config.channelApps().toArray(ChannelApp[]::new)));
    }
    if (config.projects().contains(Config.DEMO)) {
      builder.agent(Config.DEMO.id(), EchoAgent.HANDLE, new EchoAgent());
    }
    try {
      return builder.start();
    } catch (RuntimeException e) {
      store.close();
      Throwable reason =
          e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      throw new StartException("--db " + options.database() + ": " + reason.getMessage());
    }
  }

  int port() {
    return connector.getLocalPort();
  }

  ApiKey mintKey(Project project) throws StartException {
    return done(fluxy.mintKey(project.id()));
  }

  String ownerToken(Project project) throws StartException {
    User owner = new User(OWNER, Set.of(Role.OWNER));
    return done(fluxy.mintToken(project.id(), owner, OWNER_TOKEN_SECONDS));
  }

  private static <T> T done(CompletionStage<T> stage) throws StartException {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new StartException("the database failed: " + e.getCause());
    }
  }

  /**
   * Takes no more connections, answers what has been begun, and says goodbye. Nothing acknowledged
   * is lost.
   */
  @Override
  public void close() {
    connector.close();
    fluxy.close();
    try {
      server.stop();
    } catch (Exception e) {
      System.err.println("quickstart: the server did not stop cleanly: " + e);
    }
  }
}
