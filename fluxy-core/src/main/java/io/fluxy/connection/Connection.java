package io.fluxy.connection;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.room.RoomRegistry;
import io.fluxy.time.Scheduler;
import io.fluxy.wire.Codec;
import io.fluxy.wire.Delivery;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that stays: a WebSocket or an event stream, who is behind it, and what waits to be
 * sent to it. A protocol talks over it in a {@link Conversation}, and takes a seat in a room with
 * {@link #enter}.
 *
 * <p>Safe for use by many threads.
 */
public final class Connection implements Socket.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int POISONS_MAX = 3;

  private final Lines lines;
  private final Socket socket;
  private final Conversation conversation;
  private final Identity identity;
  private final String id;
  private final Outbox outbox;
  private final Queue<Seated> slow =
      new ConcurrentLinkedQueue<>(); // told false, and owed a drained()
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile long heardAtMs;
  private volatile long beatAtMs;
  private int poisons;

  Connection(
      Lines lines,
      Scheduler scheduler,
      Limits limits,
      Socket socket,
      Identity identity,
      String id,
      Conversation conversation) {
    this.lines = lines;
    this.socket = socket;
    this.identity = identity;
    this.id = id;
    this.conversation = conversation;
    this.outbox =
        new Outbox(socket, scheduler, limits.outboxBytesMax(), this::drained, socket::abort);
    this.heardAtMs = scheduler.ticksMs();
    this.beatAtMs = heardAtMs;
  }

  /** Unique among all connections. */
  public String id() {
    return id;
  }

  public Identity identity() {
    return identity;
  }

  /** Bytes that wait to be sent to it, beside the write under way. */
  public int waitingBytes() {
    return outbox.waitingBytes();
  }

  /** How its protocol talks over it. */
  public Conversation conversation() {
    return conversation;
  }

  /** Sends frames to this client alone; drops them if it is too slow to take them. */
  public void send(Frames frames) {
    outbox.offer(frames);
  }

  /**
   * Takes a seat in a room; the room answers with its snapshot.
   *
   * @param lease given back when the connection leaves
   */
  public Seated enter(
      RoomRegistry.Lease lease,
      Gate gate,
      Codec codec,
      Map<String, String> info,
      int snapshotMax,
      boolean visible) {
    Seated seated = new Seated(this, lease, gate, codec, info);
    seated.take(() -> lease.room().join(seated, snapshotMax, visible));
    return seated;
  }

  /**
   * Takes a seat in a room it has heard before; the room answers with its verdict and what was
   * missed.
   *
   * @param lastSeq up to where it has heard
   * @param lease given back when the connection leaves
   */
  public Seated reenter(
      RoomRegistry.Lease lease,
      Gate gate,
      Codec codec,
      long lastSeq,
      int snapshotMax,
      boolean visible) {
    Seated seated = new Seated(this, lease, gate, codec, Map.of());
    seated.take(() -> lease.room().rejoin(seated, lastSeq, snapshotMax, visible));
    return seated;
  }

  /**
   * Takes one of several seats, as somebody of its own.
   *
   * @param as who sits there
   * @param memberId unique in the room
   * @param heard called on the room's turn, when a delivery has gone out: must return at once
   * @param parted called when the room has let it go, instead of an end of the connection
   */
  public Seated sit(
      RoomRegistry.Lease lease,
      Gate gate,
      Codec codec,
      Identity as,
      String memberId,
      Map<String, String> info,
      boolean visible,
      Consumer<Delivery> heard,
      Consumer<Farewell> parted) {
    Seated seated = new Seated(this, lease, gate, codec, as, memberId, info, heard, parted);
    seated.take(() -> lease.room().join(seated, 0, visible));
    return seated;
  }

  /**
   * Takes one of several seats in a room it has heard before; see {@link #sit}. It hears {@link
   * io.fluxy.chat.Event.Resumed} first.
   *
   * @param lastSeq up to where it has heard; -1, which is no seq, to hear no more than where the
   *     room stands
   */
  public Seated sitAgain(
      RoomRegistry.Lease lease,
      Gate gate,
      Codec codec,
      Identity as,
      String memberId,
      Map<String, String> info,
      boolean visible,
      long lastSeq,
      Consumer<Delivery> heard,
      Consumer<Farewell> parted) {
    Seated seated = new Seated(this, lease, gate, codec, as, memberId, info, heard, parted);
    seated.take(() -> lease.room().rejoin(seated, lastSeq, 0, visible));
    return seated;
  }

  /** Ends it, once what is being written is written. */
  public void close(Farewell farewell) {
    Runnable end = () -> socket.close(conversation.closeCode(farewell), farewell.detail());
    Frames lastWords = conversation.lastWords(farewell);
    if (lastWords == null) {
      outbox.close();
      end.run();
    } else {
      outbox.finish(lastWords, end);
    }
  }

  @Override
  public void text(byte[] bytes) {
    heardAtMs = lines.ticksMs();
    try {
      conversation.text(this, bytes);
    } catch (RuntimeException e) {
      LOG.error("{}: a message could not be handled", this, e);
      if (++poisons >= POISONS_MAX) {
        close(new Farewell(Farewell.Reason.INTERNAL, "internal error"));
      }
    }
  }

  @Override
  public void pong() {
    heardAtMs = lines.ticksMs();
  }

  @Override
  public void pong(ByteBuffer payload) {
    pong();
    conversation.pong(this, payload);
  }

  @Override
  public void goodbye(int code) {
    conversation.goodbye(code);
  }

  @Override
  public void closed() {
    if (over.compareAndSet(false, true)) {
      outbox.close();
      lines.forget(this);
      conversation.closed(this);
    }
  }

  /** Whether a delivery found room. */
  boolean hear(Seated seated, Frames frames) {
    if (outbox.offer(frames)) {
      return true;
    }
    slow.add(seated);
    if (outbox.isIdle()) {
      drained(); // it has drained since, and will not say so again
    }
    return false;
  }

  private void drained() {
    Seated seated;
    while ((seated = slow.poll()) != null) {
      seated.drained();
    }
  }

  /** Looks whether the client is still there, still reads, and may still be here. */
  void check(Limits limits, long ticksMs, long nowMs) {
    long silentMs = ticksMs - heardAtMs;
    Frames heartbeat = conversation.heartbeat();
    if (outbox.writingForMs() > limits.writeStallMs()) { // first: a close would wait for the write
      LOG.debug("{}: dropped, it does not read", this);
      outbox.close();
      socket.abort();
    } else if (nowMs - Lines.EXPIRY_LEEWAY_MS > identity.expiresAtMs()) {
      close(new Farewell(Farewell.Reason.EXPIRED, "token_expired"));
    } else if (heartbeat != null) {
      if (ticksMs - beatAtMs >= limits.silenceMs() / 3) {
        beatAtMs = ticksMs;
        send(heartbeat);
      }
    } else if (silentMs >= limits.silenceMs()) {
      close(new Farewell(Farewell.Reason.SILENT, "heartbeat_timeout"));
    } else if (silentMs >= limits.silenceMs() / 3) {
      socket.ping();
    }
  }

  @Override
  public String toString() {
    return identity.project() + " connection " + id;
  }
}
