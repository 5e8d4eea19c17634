package io.fluxy.transport.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.connection.TransportClient;
import io.fluxy.connection.TransportContract;
import io.fluxy.connection.TransportScript.Guest;
import io.fluxy.http.ApiResponse;
import jakarta.servlet.Servlet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the servlet gives in every container. */
abstract class ServletTransportContract extends TransportContract {
  private static final long BODY_MS_MAX = 400;

  private @Nullable Running below;

  /** Starts a container on a free port of the loopback address with one servlet. */
  protected abstract Running start(Servlet servlet, String contextPath, String pattern)
      throws Exception;

  @Override
  protected final Running start(Fluxy fluxy) throws Exception {
    return start(new FluxyServlet(new Entrance(fluxy, "", BODY_MS_MAX)), "", "/*");
  }

  @AfterEach
  void stopBelow() throws Exception {
    if (below != null) {
      below.stop();
    }
  }

  /** Starts one more server, with a servlet in an application at /app; its port. */
  private int below(Servlet servlet, String pattern) throws Exception {
    Running started = start(servlet, "/app", pattern);
    below = started;
    return started.port();
  }

  @Test
  void belowAContextPathsAreRelativeToIt() throws Exception {
    try (TransportClient client = TransportClient.connect(below(new FluxyServlet(fluxy()), "/*"))) {
      client.say("POST /app/api/x%20y?q=%41 HTTP/1.1", "Host: localhost", "Content-Length: 0", "");
      client.answer();
      assertThat(engine.asked.peek().rawPath()).isEqualTo("/api/x%20y");
      assertThat(engine.asked.take().rawQuery()).isEqualTo("q=%41");
    }
  }

  @Test
  void belowAPathOfTheApplicationPathsAreRelativeToThat() throws Exception {
    int port = below(new FluxyServlet(fluxy(), "/chat"), "/chat/*");
    try (TransportClient client = TransportClient.webSocket(port, "/app/chat/ws/lobby?token=x")) {
      Guest guest = guest();
      assertThat(engine.asked.peek().rawPath()).isEqualTo("/ws/lobby");
      assertThat(engine.asked.take().rawQuery()).isEqualTo("token=x");
      client.text("hello");
      assertThat(guest.hears()).isEqualTo("hello");
    }
  }

  @Test
  void whatNobodyServesIsNotFoundWithoutAWord() throws Exception {
    TransportClient client = connect();
    client.say("GET /other/nowhere HTTP/1.1", "Host: localhost", "");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEmpty();
    assertThat(engine.asked).isEmpty();
  }

  @Test
  void aBodyThatComesTooSlowlyIsRefused() throws Exception {
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 10", "", "half");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.text()).isEqualTo("{\"error\":\"request_timeout\"}");
    assertThat(engine.asked).isEmpty();
  }

  @Test
  void whoDoesNotReadItsFarewellIsGivenUpInTime() throws Exception {
    narrow();
    Guest guest = guest();
    CompletableFuture<Boolean> stuck = fill(guest);

    guest.socket.close(4000, "bye");

    guest.isToldClosed();
    assertThat(stuck.join()).isFalse();
  }

  @Test
  void aLargeAnswerToAClientThatDoesNotReadHoldsNobodyElseUp() throws Exception {
    engine.answers(ApiResponse.of(200, "text/plain", new byte[20 * 1024 * 1024]));
    for (int i = 0; i < 20; i++) {
      connect().say("GET /x HTTP/1.1", "Host: localhost", "");
      engine.asked.take();
    }
    engine.answers(ApiResponse.text(200, "ok"));

    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "");

    assertThat(client.answer().text()).isEqualTo("ok");
  }
}
