package io.fluxy.examples.ticker;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.protocol.channels.ChannelApp;
import io.fluxy.protocol.channels.PlainChannels;
import io.fluxy.store.Store;
import io.fluxy.store.jdbc.JdbcStore;
import io.fluxy.transport.jetty.FluxyJetty;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A server with a page, and a feed that knows nothing of it but a URL and a key. */
public final class StockTicker implements AutoCloseable {
  /** The channel, which is a room of the project. */
  static final String CHANNEL = "stocks";

  private static final long PAUSE_MS = 1_000;

  private final Server server;
  private final ServerConnector connector;
  private final Fluxy fluxy;
  private final String key;

  private StockTicker(Server server, ServerConnector connector, Fluxy fluxy, String key) {
    this.server = server;
    this.connector = connector;
    this.fluxy = fluxy;
    this.key = key;
  }

  /** Serves until it is killed. */
  public static void main(String[] args) throws Exception {
    StockTicker ticker = start(8080, JdbcStore.sqlite(Path.of("ticker.db")));
    System.out.println("Open " + ticker.uri());
    PriceFeed feed = new PriceFeed(ticker.uri(), ticker.key());
    while (true) {
      feed.publish();
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  /** Starts it; port 0 for any free one. */
  static StockTicker start(int port, Store store) throws Exception {
    Fluxy fluxy =
        Fluxy.builder()
            .store(store)
            .project(Project.named("market"))
            .protocol(new PlainChannels(ChannelApp.of("market", "web", "a-secret-of-your-own")))
            .start();
    String key = fluxy.mintKey("market").toCompletableFuture().get().text();

    Server server = new Server();
    ServerConnector connector = FluxyJetty.connector(server, "127.0.0.1", port);
    server.addConnector(connector);
    server.setHandler(new Handler.Sequence(FluxyJetty.handler(server, fluxy), new Page()));
    server.start();
    return new StockTicker(server, connector, fluxy, key);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  /** What the feed publishes with. */
  String key() {
    return key;
  }

  @Override
  public void close() {
    connector.close();
    fluxy.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop", e);
    }
  }

  /** The page, at the root. */
  private static final class Page extends Handler.Abstract.NonBlocking {
    private final ByteBuffer html = html();

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (!request.getHttpURI().getPath().equals("/")) {
        return false;
      }
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
      response.write(true, html.slice(), callback);
      return true;
    }

    private static ByteBuffer html() {
      try (InputStream in = StockTicker.class.getResourceAsStream("/ticker/index.html")) {
        return ByteBuffer.wrap(in == null ? new byte[0] : in.readAllBytes()).asReadOnlyBuffer();
      } catch (IOException e) {
        throw new IllegalStateException("the page can't be read", e);
      }
    }
  }
}
