package io.fluxy.protocol.pushflo;

import io.fluxy.time.Scheduler;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What one socket leaves behind when it is cut off, and what it takes over from one that was before
 * (contract 6.1). Sockets can't tell which of them are the same client, so they are asked: whoever
 * was certainly there at the same time as another is somebody else.
 */
final class Inheritance {
  private static final long PROBE_MS = 5_000;

  private final PushFloSocket socket;
  private final LiveApp app;
  private final String owner;
  private final long number;
  private final Scheduler scheduler;

  /** The last socket during whose life this one was certainly alive. */
  private final AtomicLong outlived;

  private volatile boolean taken;

  /**
   * @param owner what proves that somebody is the same
   */
  Inheritance(PushFloSocket socket, LiveApp app, String owner) {
    this.socket = socket;
    this.app = app;
    this.owner = owner;
    this.number = app.nextNumber();
    this.scheduler = app.services().scheduler();
    this.outlived = new AtomicLong(number);
  }

  /** The socket is there, and can be found by others. */
  void arrived() {
    app.orphans().take(owner).ifPresent(this::take);
    others().forEach(other -> other.probe(number));
  }

  private Stream<Inheritance> others() {
    return app.sockets(other -> other != socket).stream()
        .map(PushFloSocket::inheritance)
        .filter(Objects::nonNull)
        .filter(other -> other.owner.equals(owner));
  }

  /**
   * The socket was cut off. Whoever has come back already, before we knew that this one was gone,
   * takes it over. It is left behind first and then looked for, as whoever comes is seen first and
   * then looks: whichever of the two is later finds the other.
   *
   * @param received up to where each channel has been received
   */
  void leave(Map<String, Long> received) {
    app.orphans().add(app.orphans().of(owner, received));
    others()
        .filter(other -> !other.taken && other.number > outlived.get())
        .min(Comparator.comparingLong(other -> other.number))
        .ifPresent(heir -> app.orphans().take(owner).ifPresent(heir::take));
  }

  private void take(Orphans.Orphan orphan) {
    taken = true;
    orphan.channels().forEach(socket::begin);
  }

  /**
   * Somebody has come who may be this one: if it says nothing, it is gone. Only what it says to
   * this question proves that it was there at the same time, for anything else may have been under
   * way.
   */
  private void probe(long newcomer) {
    long askedAtMs = scheduler.ticksMs();
    socket.ask(Probe.of(newcomer));
    scheduler.after(
        PROBE_MS,
        () -> {
          if (socket.aliveAtTicksMs() < askedAtMs) {
            socket.isSilent();
          } else { // it may have answered a later ping only
            outlived(newcomer);
          }
        });
  }

  /** The socket has answered a ping, perhaps a probe. */
  void answered(ByteBuffer payload) {
    Probe.newcomer(payload).ifPresent(this::outlived);
  }

  private void outlived(long newcomer) {
    outlived.accumulateAndGet(newcomer, Math::max);
  }
}
