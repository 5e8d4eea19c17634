package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportContract;
import io.fluxy.protocol.fluxy.EndToEndContract;

class UndertowEndToEndTest extends EndToEndContract {
  @Override
  protected TransportContract.Running start(Fluxy fluxy) throws Exception {
    return new UndertowServer(new FluxyServlet(fluxy), "", "/*");
  }
}
