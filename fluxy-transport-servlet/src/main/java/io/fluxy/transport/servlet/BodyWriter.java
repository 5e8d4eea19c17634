package io.fluxy.transport.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** Writes a whole body and ends the response; holds no thread while the client is slow. */
final class BodyWriter implements WriteListener {
  private final AsyncContext async;
  private final ServletOutputStream out;
  private final byte[] body;
  private boolean written;
  private boolean done;

  private BodyWriter(AsyncContext async, ServletOutputStream out, byte[] body) {
    this.async = async;
    this.out = out;
    this.body = body;
  }

  static void write(AsyncContext async, byte[] body) throws IOException {
    ServletOutputStream out = async.getResponse().getOutputStream();
    if (body.length < async.getResponse().getBufferSize()) {
      out.write(body); // nothing leaves before the response ends
      async.complete();
    } else {
      out.setWriteListener(new BodyWriter(async, out, body));
    }
  }

  @Override
  public void onWritePossible() throws IOException {
    if (!written && out.isReady()) {
      written = true;
      out.write(body);
    }
    if (written && !done && out.isReady()) {
      done = true;
      async.complete();
    }
  }

  @Override
  public void onError(Throwable failure) {
    async.complete();
  }
}
