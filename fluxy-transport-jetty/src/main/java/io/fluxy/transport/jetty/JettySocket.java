package io.fluxy.transport.jetty;

import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a WebSocket. An end point takes one write at a time, so whatever wants to go
 * out meanwhile, whoever wants it, waits here for the next one: at most one pong, one ping, one
 * send of the engine and one close frame, in this order. All of them go in one write.
 */
final class JettySocket implements Socket, Callback {
  static final long CLOSE_MS = 5_000;

  private static final byte[] EMPTY_PING = {(byte) 0x89, 0};

  private static final ByteBuffer[] NOTHING = {};

  private final EndPoint endPoint;
  private final @Nullable SocketChannel channel; // if the bytes go there as they are
  private final Scheduler scheduler;

  // All below is guarded by this.
  private boolean writing;
  private byte @Nullable [] pong;
  private boolean ping;
  private @Nullable List<Frames> frames;
  private @Nullable Sent sent; // of the frames that wait, or are in the write under way
  private byte @Nullable [] close; // the close frame, from when it is wanted
  private boolean closeWritten;
  private boolean peerDone;
  private boolean over;
  private Scheduler.@Nullable Task deadline;

  JettySocket(EndPoint endPoint, Scheduler scheduler) {
    this.endPoint = endPoint;
    this.channel = endPoint instanceof SocketChannelEndPoint plain ? plain.getChannel() : null;
    this.scheduler = scheduler;
  }

  @Override
  public void send(List<Frames> frames, Sent sent) {
    boolean shut;
    boolean mine = false;
    synchronized (this) {
      shut = close != null || over;
      if (!shut) {
        this.frames = frames;
        this.sent = sent;
        mine = begin();
      }
    }
    if (shut) {
      sent.sent(false);
    } else if (mine) {
      flush();
    }
  }

  @Override
  public void ping() {
    boolean mine;
    synchronized (this) {
      ping = true;
      mine = begin();
    }
    if (mine) {
      flush();
    }
  }

  /** Answers a ping; if the last answer still waits, this one stands for both. */
  void pong(byte[] payload) {
    boolean mine;
    synchronized (this) {
      pong = payload;
      mine = begin();
    }
    if (mine) {
      flush();
    }
  }

  @Override
  public void close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, 123);
    while (length < text.length && length > 0 && (text[length] & 0xC0) == 0x80) {
      length--; // not within a character
    }
    byte[] payload = Arrays.copyOf(new byte[] {(byte) (code >> 8), (byte) code}, 2 + length);
    System.arraycopy(text, 0, payload, 2, length);
    closeWith(payload);
  }

  /** The client has closed: answer it, unless it was answering us, and drop the connection. */
  void peerClosed(byte[] payload) {
    boolean done;
    synchronized (this) {
      peerDone = true;
      done = closeWritten;
    }
    if (done) {
      endPoint.close();
    } else {
      closeWith(Arrays.copyOf(payload, Math.min(payload.length, 2)));
    }
  }

  private void closeWith(byte[] payload) {
    boolean mine;
    synchronized (this) {
      if (close != null || over) {
        return;
      }
      close = control(0x88, payload);
      deadline = scheduler.schedule(this::abort, CLOSE_MS, TimeUnit.MILLISECONDS);
      mine = begin();
    }
    if (mine) {
      flush();
    }
  }

  @Override
  public void abort() {
    if (endPoint.getTransport() instanceof NetworkChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0); // what the kernel holds goes too
      } catch (IOException | UnsupportedOperationException e) {
        // closed already, or no TCP
      }
    }
    endPoint.close();
  }

  /** Whether a close has been asked for, by anybody. */
  synchronized boolean isClosing() {
    return close != null || over;
  }

  /** The connection is gone. */
  void over() {
    Sent unsent = null;
    synchronized (this) {
      over = true;
      if (deadline != null) {
        deadline.cancel();
      }
      if (frames != null) { // otherwise they are in a write, which fails
        unsent = sent;
        frames = null;
        sent = null;
      }
    }
    if (unsent != null) {
      unsent.sent(false);
    }
  }

  /** Whether the caller is to write. */
  private boolean begin() {
    if (writing || over) {
      return false;
    }
    writing = true;
    return true;
  }

  /** Writes until nothing waits, or the kernel takes no more. For the one who began. */
  private void flush() {
    while (true) {
      ByteBuffer[] bytes;
      synchronized (this) {
        bytes = gather();
        writing = bytes.length > 0;
      }
      if (bytes.length == 0) {
        return;
      }
      try {
        if (!flush(bytes)) { // nearly always it is all taken at once, without a callback
          endPoint.write(this, bytes);
          return;
        }
      } catch (IOException e) {
        failed(e);
        return;
      }
      written(true);
    }
  }

  /** Whether the kernel has taken it all. */
  private boolean flush(ByteBuffer[] bytes) throws IOException {
    if (channel == null || bytes.length > 1) {
      return endPoint.flush(bytes);
    }
    channel.write(bytes[0]); // the end point would gather from an array of one
    return !bytes[0].hasRemaining();
  }

  private ByteBuffer[] gather() {
    if (closeWritten || over) {
      return NOTHING;
    } else if (frames != null && frames.size() == 1 && pong == null && !ping && close == null) {
      ByteBuffer[] single = {frames.get(0).bytes()};
      frames = null;
      return single;
    } else if (frames == null && pong == null && !ping && close == null) {
      return NOTHING;
    }
    List<ByteBuffer> bytes = new ArrayList<>(frames == null ? 2 : frames.size() + 2);
    if (pong != null) {
      bytes.add(ByteBuffer.wrap(control(0x8A, pong)));
      pong = null;
    }
    if (ping) {
      bytes.add(ByteBuffer.wrap(EMPTY_PING));
      ping = false;
    }
    if (frames != null) {
      frames.forEach(some -> bytes.add(some.bytes()));
      frames = null;
    }
    if (close != null) {
      bytes.add(ByteBuffer.wrap(close));
      closeWritten = true;
    }
    return bytes.toArray(ByteBuffer[]::new);
  }

  @Override
  public void succeeded() {
    written(true);
    flush();
  }

  @Override
  public void failed(Throwable cause) {
    endPoint.close();
    written(false);
  }

  private void written(boolean ok) {
    Sent told = null;
    boolean last;
    boolean drop;
    synchronized (this) {
      if (frames == null) {
        told = sent;
        sent = null;
      }
      last = closeWritten;
      drop = peerDone;
    }
    if (told != null) {
      told.sent(ok);
    }
    if (last && drop) {
      endPoint.close();
    } else if (last) {
      endPoint.shutdownOutput(); // the client's answer, or its end, is awaited until the deadline
    }
  }

  private static byte[] control(int flags, byte[] payload) {
    byte[] frame = new byte[2 + payload.length];
    frame[0] = (byte) flags;
    frame[1] = (byte) payload.length;
    System.arraycopy(payload, 0, frame, 2, payload.length);
    return frame;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
