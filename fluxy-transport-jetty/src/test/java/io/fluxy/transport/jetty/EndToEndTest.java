package io.fluxy.transport.jetty;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportContract;
import io.fluxy.protocol.fluxy.EndToEndContract;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

class EndToEndTest extends EndToEndContract {
  @Override
  protected TransportContract.Running start(Fluxy fluxy) throws Exception {
    Server server = new Server(new QueuedThreadPool(16));
    ServerConnector connector = FluxyJetty.connector(server, "127.0.0.1", 0);
    server.addConnector(connector);
    server.setHandler(FluxyJetty.handler(server, fluxy));
    server.start();
    return new TransportContract.Running() {
      @Override
      public int port() {
        return connector.getLocalPort();
      }

      @Override
      public void stop() throws Exception {
        server.stop();
      }
    };
  }
}
