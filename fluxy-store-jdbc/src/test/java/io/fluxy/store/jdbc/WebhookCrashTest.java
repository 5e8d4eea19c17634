package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.Limits;
import io.fluxy.chat.Role;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.hook.WebhookSender;
import io.fluxy.http.ApiRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What was acknowledged is told to webhooks, whatever happens in between: an engine that posts and
 * delivers is killed ({@code kill -9}) while its receiver is slow, so with a backlog, twice.
 */
class WebhookCrashTest {
  private static final int ACKS = 40; // before each kill
  private static final RoomId LOBBY = new RoomId("shop", "lobby");

  @TempDir Path folder;

  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> awaited = Collections.synchronizedSet(new LinkedHashSet<>());
  private final CountDownLatch allReceived = new CountDownLatch(1);
  private volatile boolean draining;
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String content = body.replaceAll(".*\"content\":\"([^\"]*)\".*", "$1");
          received.add(content);
          awaited.remove(content);
          if (draining && awaited.isEmpty()) {
            allReceived.countDown();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasAcknowledgedIsDeliveredAfterKillsAndInOrder(TestDatabase kind) throws Exception {
    String url = kind.url(folder, "chat");
    List<String> acked = new ArrayList<>();
    for (int kill = 0; kill < 2; kill++) {
      try (ChildJvm child = child(kind, url, "round" + kill)) {
        for (int i = 0; i < ACKS; i++) {
          String line = String.valueOf(child.line());
          assertThat(line).as("an acknowledgement").startsWith("acked ");
          acked.add(line.substring("acked ".length()));
        }
        child.kill();
        String line;
        while ((line = child.line()) != null) {
          acked.add(line.substring("acked ".length()));
        }
      }
    }
    synchronized (received) {
      awaited.addAll(acked);
      received.forEach(awaited::remove);
    }
    draining = true;
    ChildJvm child = child(kind, url, "");
    try {
      if (!awaited.isEmpty()) {
        assertThat(allReceived.await(60, TimeUnit.SECONDS))
            .as("still missing: %s", awaited)
            .isTrue();
      }
    } finally {
      child.close();
    }

    List<String> first = received.stream().distinct().filter(acked::contains).toList();
    assertThat(first).as("in the order of the room").isEqualTo(acked);
  }

  private ChildJvm child(TestDatabase kind, String url, String posts) throws IOException {
    return ChildJvm.start(
        Child.class,
        kind.name(),
        url,
        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/",
        posts);
  }

  /** An engine that posts until it is killed, and says what was acknowledged. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Fluxy fluxy =
          Fluxy.builder()
              .store(TestDatabase.of(args[0]).open(args[1]))
              .limits(Limits.defaults().toBuilder().webhookTimeoutMs(500).build())
              .webhookReach(WebhookSender.Reach.ANYWHERE)
              .project(Project.named("shop"))
              .start();
      if (of(fluxy.createRoom(LOBBY, RoomType.GROUP, "Lobby", "ann")).isPresent()) {
        String token = of(fluxy.mintToken("shop", new User("boss", Set.of(Role.OWNER)), 600));
        String json = "{\"url\":\"" + args[2] + "\",\"eventTypes\":[\"message.created\"]}";
        of(
            fluxy.answer(
                ApiRequest.of(
                    "POST",
                    "/webhooks/register",
                    Map.of("Authorization", "Bearer " + token),
                    json.getBytes(StandardCharsets.UTF_8),
                    "127.0.0.1")));
      }
      for (int i = 0; !args[3].isEmpty(); i++) {
        String content = args[3] + "-" + i;
        of(fluxy.room(LOBBY).post(User.named("ann"), Draft.text(content)));
        System.out.println("acked " + content);
      }
      new CountDownLatch(1).await();
    }

    private static <T> T of(CompletionStage<T> stage) {
      return stage.toCompletableFuture().join();
    }
  }
}
