package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.chat.User;
import io.fluxy.connection.TransportContract;
import io.fluxy.protocol.fluxy.Cable;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that follow the contract, over a real network that can be cut. */
public abstract class PushFloEndToEndContract {
  private static final int MESSAGES = 1_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Fluxy fluxy =
      Fluxy.builder()
          .project(Project.named("shop"))
          .protocol(
              new PushFlo(
                  FloServer.SHOP
                      .with(Option.CREATE_ON_PUBLISH)
                      .below("/ctx")
                      .limits(PushFloLimits.builder().cursorPauseMs(20).build())))
          .start();
  private TransportContract.Running server;
  private Cable cable;
  private String token;

  /** Starts a server on a free port of the loopback address, with the engine at its root. */
  protected abstract TransportContract.Running start(Fluxy fluxy) throws Exception;

  /** Where a client ends up whose address ends with two slashes. */
  protected String twoSlashes() {
    return "//ws";
  }

  @BeforeEach
  void connectTheCable() throws Exception {
    server = start(fluxy);
    cable = new Cable(server.port());
    token = "pub_" + fluxy.mintToken("shop", User.named("ann"), 3_600).toCompletableFuture().get();
  }

  @AfterEach
  void stop() throws Exception {
    cable.close();
    server.stop();
    fluxy.close();
  }

  @Test
  void cutsDuringABurstCostNothingAndRepeatOnlyWhatWasNotConfirmed() throws Exception {
    FloClient ann = new FloClient(http, cable.port(), "/ws?token=" + token).connects();
    ann.subscribes("room");
    CompletableFuture<Void> burst = CompletableFuture.runAsync(() -> publish("room", 1, MESSAGES));
    for (int at : new int[] {200, 500, 800}) {
      ann.until(() -> ann.newest() >= at);
      cable.cut();
      ann.until(ann::isLost);
      cable.mend();
      ann.connects(); // and says nothing more, as the stock SDK does
    }
    burst.get(60, TimeUnit.SECONDS);
    ann.until(() -> ann.newest() == MESSAGES);

    List<List<Integer>> runs = ann.runs();
    List<Integer> seen = new ArrayList<>();
    for (List<Integer> run : runs) {
      assertThat(run)
          .as("each connection tells on, without a gap")
          .isEqualTo(IntStream.rangeClosed(run.get(0), run.get(run.size() - 1)).boxed().toList());
      if (!seen.isEmpty()) {
        int last = seen.get(seen.size() - 1);
        assertThat(run.get(0)).as("goes on").isLessThanOrEqualTo(last + 1);
      }
      run.stream().filter(n -> seen.isEmpty() || n > seen.get(seen.size() - 1)).forEach(seen::add);
    }
    assertThat(seen).isEqualTo(IntStream.rangeClosed(1, MESSAGES).boxed().toList());
    for (int i = 1; i < runs.size(); i++) {
      assertThat(runs.get(i).get(0))
          .as("what was confirmed before cut %s is not told again", i)
          .isGreaterThan(ann.confirmedBeforeCut(i));
    }
    assertThat(ann.confirmedBeforeCut(runs.size() - 1)).as("some was").isGreaterThan(100);
  }

  @Test
  void publishesOfEightThreadsHaveOneOrderForAllAndItIsThatOfHistory() throws Exception {
    FloClient ann = new FloClient(http, server.port(), "/ws?token=" + token).connects();
    FloClient bob = new FloClient(http, server.port(), "/ctx/ws?token=pub_k").connects();
    for (String channel : List.of("one", "two")) {
      ann.subscribes(channel);
      bob.subscribes(channel);
    }
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      String channel = thread % 2 == 0 ? "one" : "two";
      int first = 1 + thread * MESSAGES / 8;
      threads.add(
          CompletableFuture.runAsync(() -> publish(channel, first, first + MESSAGES / 8 - 1)));
    }
    CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    ann.until(() -> ann.ids("one").size() + ann.ids("two").size() == MESSAGES);
    bob.until(() -> bob.ids("one").size() + bob.ids("two").size() == MESSAGES);

    for (String channel : List.of("one", "two")) {
      assertThat(ann.ids(channel)).isEqualTo(bob.ids(channel)).hasSize(MESSAGES / 2);
      List<String> history = new ArrayList<>();
      for (int page = 1; page <= MESSAGES / 200; page++) {
        history.addAll(FloClient.ids(history(channel, page), "\"id\""));
      }
      Collections.reverse(history);
      assertThat(history).isEqualTo(ann.ids(channel));
    }
  }

  @Test
  void anUnknownKeyIsToldSoBeforeItIsClosed() throws Exception {
    FloClient stranger =
        new FloClient(http, server.port(), twoSlashes() + "?token=pub_unknown").connects();
    stranger.until(stranger::isLost);
    assertThat(stranger.frames())
        .containsExactly(
            "{\"type\":\"error\",\"error\":\"Unknown key\",\"code\":\"UNAUTHORIZED\"}");
    assertThat(stranger.closeCode()).isEqualTo(4001);
  }

  private void publish(String channel, int from, int to) {
    for (int n = from; n <= to; n++) {
      HttpRequest request =
          request("/api/v1/channels/" + channel + "/messages")
              .POST(HttpRequest.BodyPublishers.ofString("{\"content\":{\"n\":" + n + "}}"))
              .build();
      assertThat(send(request)).as("message %s", n).startsWith("201 ");
    }
  }

  private String history(String channel, int page) {
    String path = "/api/v1/channels/" + channel + "/messages?pageSize=100&page=" + page;
    return send(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("Authorization", "Bearer " + FloServer.SEC)
        .header("Content-Type", "application/json");
  }

  private String send(HttpRequest request) {
    HttpResponse<String> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    return answer.statusCode() + " " + answer.body();
  }
}
