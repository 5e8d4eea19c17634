package io.fluxy.examples.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fluxy.Fluxy;
import io.fluxy.agent.AgentRun;
import io.fluxy.auth.Project;
import io.fluxy.chat.Draft;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server of our own that answers as a model would. */
class ChatModelAgentTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");

  private final LinkedBlockingQueue<String> questions = new LinkedBlockingQueue<>();
  private final CountDownLatch hold = new CountDownLatch(1);
  private final HttpServer model;
  private final Fluxy fluxy;
  private String authorization = "";
  private boolean holds;
  private int status = 200;

  ChatModelAgentTest() throws IOException {
    model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    model.createContext("/v1/chat/completions", this::complete);
    model.start();
    URI base = URI.create("http://127.0.0.1:" + model.getAddress().getPort() + "/v1");
    fluxy =
        Fluxy.builder()
            .project(Project.named("shop"))
            .agent(
                "shop",
                "helper",
                new ChatModelAgent(base, "small", "k-123", Duration.ofSeconds(20)))
            .start();
    fluxy.createRoom(LOBBY, RoomType.GROUP, "Lobby", "ann").toCompletableFuture().join();
  }

  @AfterEach
  void close() {
    hold.countDown();
    fluxy.close();
    model.stop(0);
  }

  private void complete(HttpExchange exchange) throws IOException {
    questions.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    authorization = exchange.getRequestHeaders().getFirst("Authorization");
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(status, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (String text : List.of("Hel", "lo ", "there")) {
        out.write(
            ("data: {\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}\n\n")
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
      if (holds) {
        hold.await();
      }
      out.write(
          "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
              .getBytes(StandardCharsets.UTF_8));
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AgentRun ask(String question) throws Exception {
    return fluxy
        .agents()
        .invoke(LOBBY, "helper", "ann", question, null)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void theModelsAnswerIsAMessageInTheRoom() throws Exception {
    fluxy
        .room(LOBBY)
        .post(User.named("ann"), Draft.text("good morning"))
        .toCompletableFuture()
        .join();
    AgentRun run = ask("who are you?");

    assertThat(run.status()).isEqualTo(AgentRun.Status.COMPLETED);
    assertThat(run.content()).isEqualTo("Hello there");
    assertThat(run.inputTokens()).isEqualTo(7);
    assertThat(run.outputTokens()).isEqualTo(3);
    assertThat(authorization).isEqualTo("Bearer k-123");
    assertThat(questions.take())
        .isEqualTo(
            "{\"model\":\"small\",\"stream\":true,\"messages\":["
                + "{\"role\":\"user\",\"content\":\"ann: good morning\"},"
                + "{\"role\":\"user\",\"content\":\"who are you?\"}]}");
    assertThat(
            fluxy
                .room(LOBBY)
                .newest(User.named("ann"), 1)
                .toCompletableFuture()
                .join()
                .get(0)
                .message()
                .content())
        .isEqualTo("Hello there");
  }

  @Test
  void aModelThatRefusesFailsTheRun() throws Exception {
    status = 503;
    AgentRun run = ask("who are you?");

    assertThat(run.status()).isEqualTo(AgentRun.Status.FAILED);
    assertThat(run.error()).startsWith("the model answered 503: data:");
    assertThat(run.messageId()).as("nothing was said").isZero();
  }

  @Test
  void aRunThatIsCancelledLetsGoOfTheModel() throws Exception {
    holds = true;
    var run = fluxy.agents().invoke(LOBBY, "helper", "ann", "?", null).toCompletableFuture();
    questions.take();
    fluxy.agents().cancelAll("shop", "helper");

    assertThat(run.get(30, TimeUnit.SECONDS).status()).isEqualTo(AgentRun.Status.CANCELLED);
    assertThat(fluxy.agents().running()).isZero();
  }
}
