package io.fluxy.connection;

import static io.fluxy.connection.FakeSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.Identity;
import io.fluxy.chat.Farewell;
import io.fluxy.chat.Limits;
import io.fluxy.chat.User;
import io.fluxy.time.VirtualScheduler;
import io.fluxy.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static final Limits LIMITS =
      Limits.defaults().toBuilder()
          .silenceMs(30_000)
          .writeStallMs(10_000)
          .connectionsPerUserMax(2)
          .build();

  private final VirtualScheduler time = VirtualScheduler.inOrder();
  private final Lines lines = new Lines(time, LIMITS);
  private final FakeSocket socket = new FakeSocket();
  private final Talk talk = new Talk();

  @Test
  void aQuietConnectionIsPingedAndStaysAsLongAsItAnswers() {
    Connection ann = lines.open(socket, identity("ann", Long.MAX_VALUE), talk);
    for (int i = 0; i < 12; i++) {
      time.advance(10_000);
      ann.pong();
    }

    assertThat(socket.pings).isPositive();
    assertThat(socket.closed).isNull();
  }

  @Test
  void aConnectionThatIsSilentGetsAFarewell() {
    lines.open(socket, identity("ann", Long.MAX_VALUE), talk);
    time.advance(29_000);
    assertThat(socket.closed).isNull();
    time.advance(6_000);

    assertThat(socket.closed).isEqualTo(code(Farewell.Reason.SILENT) + " heartbeat_timeout");
  }

  @Test
  void whoeverSpeaksIsNotSilent() {
    Connection ann = lines.open(socket, identity("ann", Long.MAX_VALUE), talk);
    for (int i = 0; i < 10; i++) {
      time.advance(9_000);
      ann.text("hi".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(socket.pings).isZero();
    assertThat(socket.closed).isNull();
    assertThat(talk.heard).hasSize(10);
  }

  @Test
  void aClientThatNeverSpeaksGetsHeartbeatsInstead() {
    socket.atOnce = true;
    talk.heartbeat = frame("beat");
    lines.open(socket, identity("ann", Long.MAX_VALUE), talk);
    time.advance(61_000);

    assertThat(socket.writes).hasSizeBetween(4, 6).containsOnly("beat");
    assertThat(socket.closed).isNull();
  }

  @Test
  void aClientThatDoesNotReadIsDropped() {
    Connection ann = lines.open(socket, identity("ann", Long.MAX_VALUE), talk);
    ann.send(frame("a"));
    time.advance(9_000);
    assertThat(socket.aborts).isZero();
    time.advance(6_000);

    assertThat(socket.aborts).isEqualTo(1);
  }

  @Test
  void aTokenThatHasExpiredEndsTheConnectionAfterTheLeeway() {
    lines.open(socket, identity("ann", time.nowMs() + 5_000), talk);
    time.advance(34_000);
    assertThat(socket.closed).isNotEqualTo(code(Farewell.Reason.EXPIRED) + " token_expired");
    time.advance(6_000);

    assertThat(socket.closed).isEqualTo(code(Farewell.Reason.EXPIRED) + " token_expired");
  }

  @Test
  void aClientThatDoesNotReadIsDroppedAlthoughItsTokenHasExpired() {
    Connection ann = lines.open(socket, identity("ann", time.nowMs()), talk);
    ann.send(frame("a"));
    time.advance(60_000);

    assertThat(socket.aborts).isPositive();
  }

  @Test
  void anIdentityWithoutAnEndNeverExpires() {
    Connection host = lines.open(socket, identity("host", Long.MAX_VALUE), talk);
    time.advance(5_000);
    host.pong();
    time.jumpWallClock(1_000_000_000_000L);
    time.advance(5_000);

    assertThat(socket.closed).isNull();
  }

  @Test
  void goingAwayEndsAllConnectionsAndTheOnesThatComeAfter() {
    FakeSocket late = new FakeSocket();
    lines.open(socket, identity("ann", Long.MAX_VALUE), talk);
    lines.closeAll();
    lines.open(late, identity("bob", Long.MAX_VALUE), talk);

    String goingAway = code(Farewell.Reason.GOING_AWAY) + " going_away";
    assertThat(socket.closed).isEqualTo(goingAway);
    assertThat(late.closed).isEqualTo(goingAway);
  }

  @Test
  void aUserHasOnlySoManyConnections() {
    Identity ann = identity("ann", Long.MAX_VALUE);
    Connection first = lines.open(new FakeSocket(), ann, talk);
    lines.open(new FakeSocket(), ann, talk);
    assertThat(lines.hasRoomFor(ann)).isFalse();
    assertThat(lines.hasRoomFor(identity("bob", Long.MAX_VALUE))).isTrue();

    first.closed();
    first.closed();
    assertThat(lines.hasRoomFor(ann)).isTrue();
    assertThat(lines.size()).isEqualTo(1);
    assertThat(talk.closed).isEqualTo(1);
  }

  @Test
  void oneConnectionThatCannotBeCheckedDoesNotKeepTheOthersFromIt() {
    Talk broken =
        new Talk() {
          @Override
          public @Nullable Frames heartbeat() {
            throw new IllegalStateException("planned");
          }
        };
    FakeSocket silent = new FakeSocket();
    for (int i = 0; i < 5; i++) {
      lines.open(new FakeSocket(), identity("bob" + i, Long.MAX_VALUE), broken);
    }
    lines.open(silent, identity("ann", Long.MAX_VALUE), talk);
    time.advance(40_000);

    assertThat(silent.closed).isNotNull();
    assertThat(time.failures()).isEmpty();
  }

  @Test
  void threeMessagesThatCannotBeHandledEndTheConnection() {
    talk.throwing = true;
    Connection ann = lines.open(socket, identity("ann", Long.MAX_VALUE), talk);
    ann.text(new byte[0]);
    ann.text(new byte[0]);
    assertThat(socket.closed).isNull();
    ann.text(new byte[0]);

    assertThat(socket.closed).startsWith(code(Farewell.Reason.INTERNAL) + " ");
  }

  private static int code(Farewell.Reason reason) {
    return List.of(Farewell.Reason.values()).indexOf(reason);
  }

  private static Identity identity(String userId, long expiresAtMs) {
    return new Identity("shop", User.named(userId), expiresAtMs, null);
  }

  private static class Talk implements Conversation {
    final List<String> heard = new ArrayList<>();
    @Nullable Frames heartbeat;
    boolean throwing;
    int closed;

    @Override
    public void opened(Connection connection) {}

    @Override
    public void text(Connection connection, byte[] bytes) {
      if (throwing) {
        throw new IllegalStateException("planned");
      }
      heard.add(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void closed(Connection connection) {
      closed++;
    }

    @Override
    public int closeCode(Farewell farewell) {
      return code(farewell.reason());
    }

    @Override
    public @Nullable Frames heartbeat() {
      return heartbeat;
    }
  }
}
