package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Limits;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.StoredMessage;
import io.fluxy.chat.User;
import io.fluxy.connection.TransportContract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client that speaks like FluxyChat's SDK, over real sockets and a bad network: whatever it falls
 * back to, no message is lost, doubled or out of order. For every transport.
 */
public abstract class EndToEndContract {
  private static final RoomId ROOM = new RoomId("shop", "r");

  private final Fluxy fluxy =
      Fluxy.builder()
          .limits(Limits.defaults().toBuilder().messagesPerMinute(100_000).build())
          .project(Project.named("shop"))
          .start();
  private TransportContract.Running server;
  private Cable cable;
  private SdkSession alice;
  private SdkSession bob;

  /** Starts a server on a free port of the loopback address, with the engine at its root. */
  protected abstract TransportContract.Running start(Fluxy fluxy) throws Exception;

  @BeforeEach
  void twoConnect() throws Exception {
    server = start(fluxy);
    cable = new Cable(server.port());
    fluxy.createRoom(ROOM, RoomType.PUBLIC, "Room", "bob").toCompletableFuture().join();
    alice = session(cable.port(), "alice");
    bob = session(server.port(), "bob");
    bob.connects();
    alice.connects();
  }

  private SdkSession session(int port, String user) {
    String token = fluxy.mintToken("shop", User.named(user), 3_600).toCompletableFuture().join();
    return new SdkSession(port, user, token);
  }

  @AfterEach
  void stop() throws Exception {
    cable.close();
    server.stop();
    fluxy.close();
  }

  @Test
  void throughDropsEventsAndPollingNothingIsLostDoubledOrOutOfOrder() throws Exception {
    both("connected", 10);
    alice.until(me -> me.contents().size() == 20);
    assertThat(alice.heardLive()).as("live, in order, once").isEqualTo(rising(alice.heardLive()));

    cable.cut();
    alice.until(me -> me.lost() == 1);
    both("cut", 8);
    assertThat(alice.pending()).as("what alice said meanwhile waits").isEqualTo(8);
    cable.mend();
    alice.connects();
    alice.until(me -> me.pending() == 0 && me.contents().size() == 36);

    cable.refuse("/ws/");
    alice.until(me -> me.lost() == 2);
    bob.says("between");
    alice.fallsBackToEvents();
    both("events", 8);
    alice.until(me -> me.pending() == 0 && me.contents().size() == 53);

    cable.refuse("/rooms/r/stream");
    alice.until(me -> me.lost() == 3);
    both("polling", 8);
    alice.polls();
    assertThat(alice.pending()).isZero();
    bob.until(me -> me.contents().size() == 69);

    List<Long> history = new ArrayList<>();
    for (StoredMessage stored : newest()) {
      history.add(stored.message().id());
    }
    Collections.reverse(history);
    assertThat(alice.ids()).isEqualTo(history).hasSize(69);
    assertThat(bob.ids()).isEqualTo(history);
    assertThat(new HashSet<>(alice.contents())).as("said once each").hasSize(69);
    assertThat(alice.contents()).isEqualTo(bob.contents());
    assertThat(bob.heardLive()).as("live, in order, once").isEqualTo(rising(bob.heardLive()));
    assertThat(said(alice, "alice")).isEqualTo(inOrderOfSaying("alice"));
    assertThat(said(alice, "bob cut")).hasSize(8).isSorted();
  }

  @Test
  void whatWasChangedDuringADropIsSeenAfterIt() throws Exception {
    bob.says("one");
    bob.says("two");
    alice.until(me -> me.contents().size() == 2);
    long one = alice.ids().get(0);
    long two = alice.ids().get(1);

    cable.cut();
    alice.until(me -> me.lost() == 1);
    assertThat(bob.status("PATCH", "/messages/" + one, "{\"content\":\"one, edited\"}"))
        .isEqualTo(200);
    assertThat(bob.status("DELETE", "/messages/" + two, "{}")).isEqualTo(200);
    bob.says("three");
    cable.mend();
    alice.connects();

    alice.until(me -> me.contents().equals(List.of("one, edited", "three")));
    bob.until(me -> me.contents().equals(List.of("one, edited", "three")));
  }

  @Test
  void aSendThatFailsByRestGoesByTheSocketAndIsShownOnce() throws Exception {
    cable.refuse("/messages");
    alice.until(me -> me.lost() == 1);
    alice.connects();
    alice.says("by the socket");

    alice.until(me -> me.pending() == 0);
    bob.until(me -> me.contents().equals(List.of("by the socket")));
    assertThat(alice.contents()).containsExactly("by the socket");
  }

  private void both(String when, int times) {
    for (int i = 0; i < times; i++) {
      alice.says("alice %s %d".formatted(when, i));
      bob.says("bob %s %d".formatted(when, i));
    }
  }

  private static List<String> inOrderOfSaying(String user) {
    List<String> said = new ArrayList<>();
    for (String when : List.of("connected", "cut", "events", "polling")) {
      for (int i = 0; i < (when.equals("connected") ? 10 : 8); i++) {
        said.add("%s %s %d".formatted(user, when, i));
      }
    }
    return said;
  }

  private static List<String> said(SdkSession by, String start) {
    return by.contents().stream().filter(content -> content.startsWith(start)).toList();
  }

  private static List<Long> rising(List<Long> ids) {
    return List.copyOf(new TreeSet<>(ids));
  }

  private List<StoredMessage> newest() {
    return fluxy.room(ROOM).newest(User.named("bob"), 200).toCompletableFuture().join();
  }
}
