package io.fluxy.transport.jetty;

import io.fluxy.Fluxy;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Serves Fluxy from a Jetty 12 server.
 *
 * <pre>{@code
 * Server server = new Server();
 * server.addConnector(FluxyJetty.connector(server, "0.0.0.0", 8080));
 * server.setHandler(FluxyJetty.handler(server, fluxy));
 * FluxyJetty.tune(server);
 * server.start();
 * }</pre>
 *
 * <p>Neither reading nor writing ever blocks a thread, so Jetty needs few: {@code new
 * QueuedThreadPool(16)} is plenty for thousands of sockets, unless other handlers of the
 * application need more.
 */
public final class FluxyJetty {
  private static final int ACCEPT_QUEUE =
      4_096; // with Jetty's default, a reconnect storm takes 16 times as long
  private static final int IDLE_MS = 30_000;
  private static final int HEAD_BYTES_MAX = 16 * 1024;
  private static final int HEAD_MS_MAX = 10_000;
  private static final int BODY_MS_MAX = 30_000;

  /** Clients whose address ends with a slash put another one behind it. */
  private static final UriCompliance TWO_SLASHES =
      UriCompliance.DEFAULT.with("fluxy", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT);

  private FluxyJetty() {}

  /**
   * A handler that answers what belongs to Fluxy, and leaves other requests to the handler after
   * it. It may be the only handler of the server, one of several, or stand below a context; then
   * paths are relative to that.
   *
   * @param server where the handler will be used
   */
  public static Handler handler(Server server, Fluxy fluxy) {
    FluxyHandler handler = new FluxyHandler(fluxy, BODY_MS_MAX);
    handler.setServer(server);
    return handler;
  }

  /**
   * A connector with the settings that a chat server wants: a long queue for clients that all come
   * back at once, HTTP/1.1 and WebSocket, a bounded head that has to arrive in time, no word about
   * the server. To be added to the server.
   *
   * @param port 0 for any that is free
   */
  public static ServerConnector connector(Server server, String host, int port) {
    return connector(server, host, port, HEAD_MS_MAX);
  }

  static ServerConnector connector(Server server, String host, int port, long headMsMax) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEAD_BYTES_MAX);
    http.setUriCompliance(TWO_SLASHES);
    int selectors = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    ServerConnector connector =
        new ServerConnector(server, 1, selectors, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.setIdleTimeout(IDLE_MS);
    connector.addBean(new SlowHeads(connector, headMsMax));
    return connector;
  }

  /**
   * Lets the server answer malformed requests and failed handlers with a bare status instead of
   * Jetty's page.
   */
  public static void tune(Server server) {
    server.setErrorHandler(new PlainErrors());
  }
}
