package io.fluxy.transport.jetty;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportContract;
import io.fluxy.protocol.pushflo.PublishRetryContract;

class PublishRetryTest extends PublishRetryContract {
  @Override
  protected TransportContract.Running start(Fluxy fluxy) throws Exception {
    return new EndToEndTest().start(fluxy);
  }
}
