package io.fluxy.transport.jetty;

import io.fluxy.wire.Socket;
import org.eclipse.jetty.util.Callback;

/** Tells what became of an answer before Jetty goes on with the connection. */
final class AnswerSent extends Callback.Nested {
  private final Socket.Sent sent;
  private final boolean tooLate;

  /**
   * @param tooLate the client had gone before it was written, although the kernel may take it
   */
  AnswerSent(Callback callback, Socket.Sent sent, boolean tooLate) {
    super(callback);
    this.sent = sent;
    this.tooLate = tooLate;
  }

  @Override
  public void succeeded() {
    sent.sent(!tooLate);
    super.succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    sent.sent(false);
    super.failed(failure);
  }
}
