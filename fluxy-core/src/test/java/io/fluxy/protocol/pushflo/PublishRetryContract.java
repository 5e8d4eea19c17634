package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.connection.TransportClient;
import io.fluxy.connection.TransportContract;
import io.fluxy.connection.TransportScript;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.Protocol;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.wire.Socket;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishers that do what the stock SDK does, over a network that loses their answers. */
public abstract class PublishRetryContract {
  private static final String TICK = "{\"content\":{\"n\":1},\"eventType\":\"message\"}";

  /** A publish that the host has to let pass. */
  private final BlockingQueue<CompletableFuture<Void>> held = new LinkedBlockingQueue<>();

  /** What the transport has told of answers. */
  private final BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();

  private final Fluxy fluxy =
      Fluxy.builder()
          .project(Project.named("shop"))
          .interceptor((who, room, draft) -> hold(draft))
          .protocol(
              services ->
                  overheard(
                      new PushFlo(FloServer.SHOP.with(Option.CREATE_ON_PUBLISH)).open(services)))
          .start();
  private final List<TransportClient> clients = new ArrayList<>();
  private TransportContract.Running server;

  /** Starts a server on a free port of the loopback address, with the engine at its root. */
  protected abstract TransportContract.Running start(Fluxy fluxy) throws Exception;

  @BeforeEach
  void start() throws Exception {
    server = start(fluxy);
  }

  @AfterEach
  void stop() throws Exception {
    for (TransportClient client : clients) {
      client.close();
    }
    server.stop();
    fluxy.close();
  }

  private CompletionStage<Draft> hold(Draft draft) {
    CompletableFuture<Void> mayPass = new CompletableFuture<>();
    held.add(mayPass);
    return mayPass.thenApply(now -> draft);
  }

  /** The protocol, and a test that hears what it hears. */
  private Protocol overheard(Protocol real) {
    return (Protocol)
        Proxy.newProxyInstance(
            Protocol.class.getClassLoader(),
            new Class<?>[] {Protocol.class},
            (proxy, method, arguments) ->
                method.getName().equals("answer")
                    ? real.answer((ApiRequest) arguments[0]).thenApply(this::overheard)
                    : method.invoke(real, arguments));
  }

  private ApiResponse overheard(ApiResponse answer) {
    Socket.Sent sent = answer.sent();
    return sent == null
        ? answer
        : answer.telling(
            left -> {
              sent.sent(left);
              told.add(left);
            });
  }

  /** Publishes over a connection of its own. */
  private TransportClient publishes() throws Exception {
    TransportClient client = TransportClient.connect(server.port());
    clients.add(client);
    client.say(
        "POST /api/v1/channels/room/messages HTTP/1.1",
        "Host: localhost",
        "Authorization: Bearer " + FloServer.SEC,
        "Content-Type: application/json",
        "Content-Length: " + TICK.length(),
        "");
    client.raw(TICK.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return client;
  }

  private static String id(TransportClient client) throws Exception {
    TransportClient.Answer answer = client.answer();
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return FloServer.id(answer.text());
  }

  private String history() throws Exception {
    TransportClient client = TransportClient.connect(server.port());
    clients.add(client);
    client.say(
        "GET /api/v1/channels/room/messages HTTP/1.1",
        "Host: localhost",
        "Authorization: Bearer " + FloServer.SEC,
        "");
    return client.answer().text();
  }

  @Test
  void aPublishWhoseAnswerIsCutOffIsSentAgainAndIsOneMessage() throws Exception {
    TransportClient first = publishes();
    CompletableFuture<Void> posting = TransportScript.next(held);
    first.vanish();
    posting.complete(null);
    assertThat(TransportScript.next(told)).as("the answer has left").isFalse();

    TransportClient second = publishes();
    TransportScript.next(held).complete(null);

    String id = id(second);
    assertThat(TransportScript.next(told)).isTrue();
    assertThat(history()).contains(id).contains("\"total\":1,");

    TransportClient onPurpose = publishes();
    TransportScript.next(held).complete(null);
    assertThat(id(onPurpose)).isNotEqualTo(id);
    assertThat(history()).contains("\"total\":2,");
  }

  @Test
  void aPublishThatIsSentAgainBecauseNoAnswerComesIsOneMessage() throws Exception {
    TransportClient first = publishes();
    CompletableFuture<Void> posting = TransportScript.next(held);
    first.close(); // as a client does that has waited long enough
    TransportClient second = publishes();
    CompletableFuture<Void> again = TransportScript.next(held);

    posting.complete(null);
    again.complete(null);

    String id = id(second);
    assertThat(history()).contains(id).contains("\"total\":1,");
  }
}
