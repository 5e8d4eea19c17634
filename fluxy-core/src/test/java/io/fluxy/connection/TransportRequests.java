package io.fluxy.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every transport does with a request; part of {@link TransportContract}. */
abstract class TransportRequests extends TransportStories {
  TransportRequests(TransportContract suite) {
    super(suite);
  }

  @Test
  void theEngineSeesARequestAsItCame() throws Exception {
    TransportClient client = connect();
    client.say(
        "GET /a%2Bb/%C3%BC/x+y?q=%41&r=a+b&&s HTTP/1.1",
        "Host: localhost", "X-One: 1", "x-two: a", "X-Two: b", "");
    client.answer();

    ApiRequest asked = engine.asked.take();
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.rawPath()).isEqualTo("/a%2Bb/%C3%BC/x+y");
    assertThat(asked.rawQuery()).isEqualTo("q=%41&r=a+b&&s");
    assertThat(asked.header("X-ONE")).hasValue("1");
    assertThat(asked.header("X-Two"))
        .hasValueSatisfying(v -> assertThat(v.replace(" ", "")).isEqualTo("a,b"));
    assertThat(asked.body()).isEmpty();
    assertThat(asked.peer()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @MethodSource("methodsWithBody")
  void anyMethodMayHaveABody(String method) throws Exception {
    TransportClient client = connect();
    client.say(method + " /x HTTP/1.1", "Host: localhost", "Content-Length: 4", "", "\0\377");

    client.answer();

    ApiRequest asked = engine.asked.take();
    assertThat(asked.method()).isEqualTo(method);
    assertThat(asked.body()).isEqualTo(new byte[] {0, (byte) 0xFF, '\r', '\n'});
  }

  static Stream<String> methodsWithBody() {
    return Stream.of("POST", "PUT", "PATCH", "DELETE");
  }

  @Test
  void aBodyMayComeInChunksAndSlowly() throws Exception {
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked", "");
    client.say("3", "abc");
    client.say("2", "de");
    client.say("0", "");

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(new String(engine.asked.take().body(), UTF_8)).isEqualTo("abcde");
  }

  @Test
  void aBodyThatIsAnnouncedTooLargeIsNotWaitedFor() throws Exception {
    engine.answers(
        request ->
            CompletableFuture.completedFuture(
                ApiResponse.empty(request.isBodyTooLarge() ? 413 : 200)));
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 10001", "");

    assertThat(client.answer().status()).isEqualTo(413);
    client.halfClose();
    client.gone();
  }

  @Test
  void aBodyThatTurnsOutTooLargeIsRefused() throws Exception {
    engine.answers(
        request ->
            CompletableFuture.completedFuture(
                ApiResponse.empty(request.isBodyTooLarge() ? 413 : 200)));
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked", "");
    client.say("1388", "x".repeat(5_000));
    client.say("1389", "x".repeat(5_001));

    assertThat(client.answer().status()).isEqualTo(413);
  }

  @Test
  void aBodyOfTheLargestSizePasses() throws Exception {
    TransportClient client = connect();
    client.say(
        "POST /x HTTP/1.1", "Host: localhost", "Content-Length: 10000", "", "x".repeat(9_998));

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(engine.asked.take().body()).hasSize(10_000);
  }

  @Test
  void anAnswerHasItsHeadersItsLengthAndItsBodyAndTheConnectionGoesOn() throws Exception {
    engine.answers(
        ApiResponse.of(201, "application/json", "{}".getBytes(UTF_8)).with("X-More", "1"));
    TransportClient client = connect();
    for (int i = 0; i < 3; i++) {
      client.say("GET /x HTTP/1.1", "Host: localhost", "");

      TransportClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.headers())
          .containsAllEntriesOf(
              Map.of("content-type", "application/json", "x-more", "1", "content-length", "2"));
      assertThat(answer.text()).isEqualTo("{}");
    }
  }

  @Test
  void anAnswerMayTakeItsTime() throws Exception {
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    engine.answers(request -> later);
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "");
    TransportScript.next(engine.asked);

    later.complete(ApiResponse.text(200, "later"));

    assertThat(client.answer().text()).isEqualTo("later");
  }

  @Test
  void aHeadRequestIsAnsweredLikeAGetWithoutTheBody() throws Exception {
    TransportClient client = connect();
    client.say("HEAD /x HTTP/1.1", "Host: localhost", "");
    assertThat(client.head().header("content-length")).isEqualTo("2");

    client.say("GET /x HTTP/1.1", "Host: localhost", "");
    assertThat(client.answer().text()).isEqualTo("ok");
    assertThat(engine.asked.take().method()).isEqualTo("GET");
  }

  @Test
  void anEngineThatFailsIsNotShownToTheClient() throws Exception {
    engine.answers(request -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "");

    TransportClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("{\"error\":\"internal_error\"}");
  }

  @Test
  void anEngineThatThrowsIsNotShownToTheClient() throws Exception {
    engine.answers(
        request -> {
          throw new IllegalStateException("secret");
        });
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "Connection: close", "");

    assertThat(client.rest()).contains("500").contains("internal_error").doesNotContain("secret");
  }

  // What became of an answer.

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 5_000_000})
  void anAnswerThatHasLeftIsToldToHaveLeft(int size) throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    engine.answers(ApiResponse.text(200, "x".repeat(size)).telling(told::add));
    TransportClient client = connect();
    for (int i = 0; i < 2; i++) {
      client.say("GET /x HTTP/1.1", "Host: localhost", "");

      assertThat(client.answer().body()).hasSize(size);
      assertThat(TransportScript.next(told)).isTrue();
    }
    assertThat(told).as("told once").isEmpty();
  }

  @Test
  void anAnswerWithoutABodyIsToldToHaveLeft() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    engine.answers(ApiResponse.empty(204).telling(told::add));
    TransportClient client = connect();
    client.say("GET /x HTTP/1.1", "Host: localhost", "");

    assertThat(client.head().status()).isEqualTo(204);
    assertThat(TransportScript.next(told)).isTrue();
  }

  @Test
  void anAnswerToAClientThatIsGoneIsToldToBeLost() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    engine.answers(request -> later);
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 2", "", "");
    TransportScript.next(engine.asked);

    client.vanish();
    later.complete(ApiResponse.text(201, "ok").telling(told::add));

    assertThat(TransportScript.next(told)).isFalse();
    assertThat(told).as("told once").isEmpty();
  }

  @Test
  void anAnswerThatIsCutInTheMiddleIsToldToBeLost() throws Exception {
    BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
    engine.answers(ApiResponse.text(200, "x".repeat(20_000_000)).telling(told::add));
    TransportClient client = TransportClient.narrow(port());
    client.say("GET /x HTTP/1.1", "Host: localhost", "");
    client.head();

    client.vanish();

    assertThat(TransportScript.next(told)).isFalse();
  }

  @Test
  void aClientThatGoesWhileItsBodyIsReadLeavesNothingBehind() throws Exception {
    TransportClient client = connect();
    client.say("POST /x HTTP/1.1", "Host: localhost", "Content-Length: 100", "", "half");
    client.vanish();

    TransportClient next = connect();
    next.say("GET /x HTTP/1.1", "Host: localhost", "");
    assertThat(next.answer().status()).isEqualTo(200);
    assertThat(engine.asked.take().method()).isEqualTo("GET");
  }
}
