package io.fluxy.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.transport.jetty.SdkClient.Way;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A whole way of one user whose network gets worse and worse, on the wire, with what the FluxyChat
 * SDK does about it: nothing is lost, doubled or out of order.
 */
class SdkJourneyTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");
  private static final User ALICE = User.named("alice");
  private static final User OPS = new User("ops", Set.of(Role.OWNER));

  private final Fluxy fluxy = Fluxy.builder().project(Project.named("shop")).start();
  private final Weather weather = new Weather();
  private final Server server = new Server();
  private final ServerConnector connector = FluxyJetty.connector(server, "127.0.0.1", 0);
  private final List<String> said = new ArrayList<>(); // by anybody, in the room's order
  private String base = "";
  private String token = "";

  @BeforeEach
  void start() throws Exception {
    server.addConnector(connector);
    weather.setHandler(FluxyJetty.handler(server, fluxy));
    server.setHandler(weather);
    server.start();
    base = "http://127.0.0.1:" + connector.getLocalPort();
    now(fluxy.createRoom(LOBBY, RoomType.GROUP, "Lobby", "alice"));
    token = now(fluxy.mintToken("shop", ALICE, 3_600));
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    fluxy.close();
  }

  @Test
  void theFirstConnectionAsksWhatTheSdkAsks() throws Exception {
    try (SdkClient alice = new SdkClient(base, token, "lobby", delay -> {})) {
      alice.start();
      alice.send("cmsg_12345678", "hello");
      alice.awaits(shown -> shown.equals(List.of("hello")));
      assertThat(alice.traffic())
          .containsExactly(
              "UPGRADE /ws/room/lobby?replay=connect&replayLimit=50&cache=1",
              "GET /api/messages?roomId=lobby&limit=50",
              "GET /client/feature-flags",
              "GET /api/rooms/lobby/messages/crdt-snapshot",
              "POST /messages");
    }
  }

  @Test
  void throughDropStreamAndPollingNothingIsLostDoubledOrOutOfOrder() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    List<Long> delays = new ArrayList<>();
    try (SdkClient alice =
        new SdkClient(
            base,
            token,
            "lobby",
            delayMs -> {
              delays.add(delayMs);
              if (tries.incrementAndGet() == 3) {
                weather.sockets = true; // the third try gets through
              }
            })) {
      alice.start();
      bobSays(3);
      alice(alice, "by REST");
      alice.awaits(this::isWhatWasSaid);

      // The network drops; bob goes on; the third try gets through.
      weather.sockets = false;
      drop();
      bobSays(5);
      alice.awaits(this::isWhatWasSaid);
      alice.awaits(Way.SOCKET);
      assertThat(delays).containsExactly(1_000L, 2_000L, 4_000L);

      // An answer is lost: the same goes out once more, by the socket.
      weather.answersToLose.set(1);
      alice(alice, "sent twice");
      bobSays(2);
      alice.awaits(this::isWhatWasSaid);

      // No socket gets through any more: after six tries the event stream.
      weather.sockets = false;
      delays.clear();
      drop();
      bobSays(5);
      alice.awaits(Way.STREAM);
      assertThat(delays).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 20_000L);
      alice(alice, "while it streams");
      bobSays(3);
      alice.awaits(this::isWhatWasSaid);

      // The stream breaks too: polling, for good.
      drop();
      bobSays(4);
      alice.awaits(Way.POLLING);
      alice(alice, "while it polls");
      alice.poll();
      assertThat(alice.shown()).containsExactlyElementsOf(said);
      assertThat(alice.wrong()).isEmpty();
    }
  }

  private boolean isWhatWasSaid(List<String> shown) {
    return shown.equals(said);
  }

  private void bobSays(int times) {
    for (int i = 0; i < times; i++) {
      String content = "bob " + said.size();
      now(fluxy.room(LOBBY).post(OPS, Draft.text(content)));
      said.add(content);
    }
  }

  private void alice(SdkClient client, String content) {
    client.send("cmsg_alice_" + said.size(), content);
    said.add(content);
  }

  private void drop() {
    fluxy.disconnect(identity -> identity.user().equals(ALICE), "drop");
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** What the network lets through. */
  private static final class Weather extends Handler.Wrapper {
    volatile boolean sockets = true;
    final AtomicInteger answersToLose = new AtomicInteger();

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String path = request.getHttpURI().getPath();
      if (path.startsWith("/ws/") && !sockets) {
        Response.writeError(request, response, callback, 503);
        return true;
      } else if (path.equals("/messages") && answersToLose.getAndDecrement() > 0) {
        return super.handle(request, new Lost(request, response), callback);
      }
      return super.handle(request, response, callback);
    }
  }

  /** An answer of which the client sees nothing but that something went wrong. */
  private static final class Lost extends Response.Wrapper {
    Lost(Request request, Response response) {
      super(request, response);
    }

    @Override
    public void setStatus(int code) {
      super.setStatus(502);
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback callback) {
      super.write(last, ByteBuffer.allocate(0), callback);
    }
  }
}
