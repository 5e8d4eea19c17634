package io.fluxy.transport.jetty;

import io.fluxy.connection.PeerSocket;
import io.fluxy.time.Scheduler.Timer;
import io.fluxy.wire.Frames;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A WebSocket on a bare end point: all that waits goes out in one write. */
final class JettySocket extends PeerSocket implements Callback {
  private final EndPoint endPoint;
  private final @Nullable SocketChannel channel; // if the bytes go there as they are
  private final Scheduler scheduler;
  private volatile boolean closeWritten;
  private volatile boolean peerDone;

  JettySocket(EndPoint endPoint, Scheduler scheduler, Executor reading) {
    super(reading);
    this.endPoint = endPoint;
    this.channel = endPoint instanceof SocketChannelEndPoint plain ? plain.getChannel() : null;
    this.scheduler = scheduler;
  }

  @Override
  protected boolean write(List<Frames> frames) throws IOException {
    if (channel != null && frames.size() == 1) { // the end point would gather from an array of one
      ByteBuffer bytes = frames.get(0).bytes();
      channel.write(bytes);
      if (bytes.hasRemaining()) {
        endPoint.write(this, bytes);
        return false;
      }
      return true; // nearly always it is all taken at once, without a callback
    }
    ByteBuffer[] bytes = new ByteBuffer[frames.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = frames.get(i).bytes();
    }
    if (!endPoint.flush(bytes)) {
      endPoint.write(this, bytes);
      return false;
    }
    return true;
  }

  @Override
  public void succeeded() {
    written();
  }

  @Override
  public void failed(Throwable cause) {
    broken(cause);
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  protected void closeWritten() {
    closeWritten = true;
    if (peerDone) {
      endPoint.close();
    } else {
      endPoint.shutdownOutput(); // the client's answer, or its end, is awaited until the deadline
    }
  }

  /** The client has closed: answer it, unless it was answering us, and drop the connection. */
  void peerClosed(int code) {
    goodbye(code);
    peerDone = true;
    if (closeWritten) {
      endPoint.close();
    } else {
      close(code, "");
    }
  }

  @Override
  protected void cut() {
    if (endPoint.getTransport() instanceof NetworkChannel network) {
      try {
        network.setOption(StandardSocketOptions.SO_LINGER, 0); // what the kernel holds goes too
      } catch (IOException | UnsupportedOperationException e) {
        // closed already, or no TCP
      }
    }
    endPoint.close();
  }

  @Override
  protected Timer after(long delayMs, Runnable task) {
    return scheduler.schedule(task, delayMs, TimeUnit.MILLISECONDS)::cancel;
  }
}
