package io.fluxy.protocol.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.connection.Handshake;
import io.fluxy.wire.Frames;
import io.fluxy.wire.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a socket costs that is open and says nothing, beside what its transport needs for it. */
class IdleSocketsTest {
  private static final int SOCKETS = 5_000;
  private static final int BYTES_MAX = 4_096;

  /** Takes all and keeps nothing. */
  private static final class Deaf implements Socket {
    @Override
    public void send(List<Frames> frames, Sent sent) {
      sent.sent(true);
    }

    @Override
    public void ping() {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {}
  }

  @Test
  void anIdleSocketCostsNextToNothing() {
    PlainServer server = PlainServer.start();
    List<Object> kept = new ArrayList<>(SOCKETS);
    open(server, kept, 500); // what is made once is made
    long before = usedBytes();
    open(server, kept, SOCKETS);
    long perSocket = (usedBytes() - before) / SOCKETS;

    System.out.println("an idle socket of a plain channel: " + perSocket + " bytes of heap");
    assertThat(perSocket).isLessThan(BYTES_MAX);
    assertThat(server.channels.connections()).isEqualTo(kept.size());
  }

  private static void open(PlainServer server, List<Object> kept, int count) {
    for (int i = 0; i < count; i++) {
      Handshake handshake = server.shakes("/ws/c" + i % 50, Map.of());
      Socket socket = new Deaf();
      kept.add(handshake.open(socket));
      server.time.runUntilIdle();
    }
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
