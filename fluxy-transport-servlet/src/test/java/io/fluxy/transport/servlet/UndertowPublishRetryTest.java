package io.fluxy.transport.servlet;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportContract;
import io.fluxy.protocol.pushflo.PublishRetryContract;

class UndertowPublishRetryTest extends PublishRetryContract {
  @Override
  protected TransportContract.Running start(Fluxy fluxy) throws Exception {
    return new UndertowEndToEndTest().start(fluxy);
  }
}
