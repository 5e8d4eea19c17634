package io.fluxy.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.chat.Draft;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.pushflo.PushFloApp.Option;
import io.fluxy.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Publishes that the stock SDK sends again, byte for byte, and others that are meant (6.3). */
class RetriesTest {
  private static final String PATH = "/api/v1/channels/room/messages";
  private static final String TICK = "{\"content\":{\"n\":1},\"eventType\":\"message\"}";

  /** What the host's interceptor waits for. */
  private CompletableFuture<Void> mayPass = CompletableFuture.completedFuture(null);

  private FloServer server = started(PushFloLimits.defaults());
  private FloWire ann = server.connects().subscribes("room").quiet();

  private FloServer started(PushFloLimits limits) {
    return FloServer.start(
        app -> app.without(Option.NESTED_FRAMES).limits(limits),
        Store.inMemory(),
        builder ->
            builder.interceptor(
                (who, room, draft) -> {
                  CompletableFuture<Draft> passed = mayPass.thenApply(now -> draft);
                  return passed;
                }));
  }

  private void start(PushFloLimits limits) {
    server = started(limits);
    ann = server.connects().subscribes("room").quiet();
  }

  private ApiResponse publish() {
    return server.ask("POST", PATH, FloServer.SEC, TICK, Map.of());
  }

  /** Publishes, and its answer never arrives. */
  private ApiResponse publishAndLoseTheAnswer() {
    ApiResponse answer = publish();
    tell(answer, false);
    return answer;
  }

  private ApiResponse publishAndGetTheAnswer() {
    ApiResponse answer = publish();
    tell(answer, true);
    return answer;
  }

  /** What a transport does. */
  private static void tell(ApiResponse answer, boolean left) {
    Objects.requireNonNull(answer.sent()).sent(left);
  }

  private CompletionStage<ApiResponse> begin() {
    byte[] body = TICK.getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = Map.of("Authorization", "Bearer " + FloServer.SEC);
    return server.fluxy.answer(ApiRequest.of("POST", PATH, headers, body, "192.0.2.1"));
  }

  private static String id(ApiResponse answer) {
    return FloServer.id(FloServer.shown(answer));
  }

  private static boolean isRepeated(ApiResponse answer) {
    return FloServer.shown(answer).contains("\"repeated\":true");
  }

  @Test
  void whoHasGotAnAnswerMeansAnotherMessage() {
    assertThat(id(publishAndGetTheAnswer())).isNotEqualTo(id(publishAndGetTheAnswer()));
    assertThat(ann.data()).containsExactly("{\"n\":1}", "{\"n\":1}");
  }

  @Test
  void whoHasNotGotItMeansTheSameOneUntilItHas() {
    ApiResponse first = publishAndLoseTheAnswer();
    ApiResponse second = publishAndLoseTheAnswer();
    ApiResponse third = publishAndGetTheAnswer();
    assertThat(id(second)).isEqualTo(id(first));
    assertThat(id(third)).isEqualTo(id(first));
    assertThat(isRepeated(third)).isTrue();
    assertThat(ann.data()).containsExactly("{\"n\":1}");

    assertThat(id(publishAndGetTheAnswer())).isNotEqualTo(id(first));
    assertThat(ann.data()).containsExactly("{\"n\":1}");
  }

  @Test
  void otherBytesAnotherChannelAndAnotherKeyAreAnotherMessage() {
    ApiResponse first = publishAndLoseTheAnswer();
    String other = TICK.replace("1", "2");
    ApiResponse otherBytes = server.ask("POST", PATH, FloServer.SEC, other, Map.of());
    ApiResponse otherKey = server.ask("POST", PATH, FloServer.MGMT, TICK, Map.of());
    server.connects().subscribes("other");
    ApiResponse otherChannel =
        server.ask("POST", PATH.replace("room", "other"), FloServer.SEC, TICK, Map.of());
    assertThat(id(first)).isNotIn(id(otherBytes), id(otherKey), id(otherChannel));
    assertThat(ann.data()).hasSize(3);
  }

  @Test
  void afterTenSecondsNobodyIsTakenForARetry() {
    ApiResponse first = publishAndLoseTheAnswer();
    server.time.advance(9_999);
    assertThat(id(publishAndLoseTheAnswer())).isEqualTo(id(first));
    server.time.advance(10_000);
    assertThat(id(publishAndLoseTheAnswer())).isNotEqualTo(id(first));
  }

  @Test
  void aTransportThatTellsNothingIsBelievedToDeliver() {
    assertThat(id(publish())).isNotEqualTo(id(publish()));
  }

  @Test
  void theSameBytesAreTheSameMessageAsLongAsThereIsNoAnswer() {
    mayPass = new CompletableFuture<>();
    var first = begin().toCompletableFuture();
    var second = begin().toCompletableFuture();
    server.time.runUntilIdle();
    mayPass.complete(null);
    server.time.runUntilIdle();
    assertThat(id(first.join())).isEqualTo(id(second.join()));
    assertThat(ann.data()).containsExactly("{\"n\":1}");
    assertThat(id(publish())).as("after the answer").isNotEqualTo(id(first.join()));
  }

  @Test
  void whoIsToldToTryAgainMeansTheSameMessage() {
    mayPass = new CompletableFuture<>();
    var first = begin().toCompletableFuture();
    server.time.advance(5_000);
    assertThat(first.join().status()).isEqualTo(503);
    mayPass.complete(null);

    ApiResponse second = publishAndLoseTheAnswer();
    ApiResponse third = publishAndGetTheAnswer();
    assertThat(second.status()).isEqualTo(201);
    assertThat(id(third)).isEqualTo(id(second));
    assertThat(ann.data()).containsExactly("{\"n\":1}");
  }

  @Test
  void anAnswerThatComesLateMayHaveComeTooLate() {
    start(PushFloLimits.builder().dedupLateMs(1_000).build());
    for (int waitMs : new int[] {1_000, 1_001}) {
      mayPass = new CompletableFuture<>();
      var slow = begin().toCompletableFuture();
      server.time.advance(waitMs);
      mayPass.complete(null);
      server.time.runUntilIdle();
      assertThat(id(publish()).equals(id(slow.join()))).isEqualTo(waitMs > 1_000);
    }
  }

  @Test
  void noMoreAreRememberedThanTheLimitSays() {
    start(PushFloLimits.builder().dedupMax(1).build());
    ApiResponse first = publishAndLoseTheAnswer();
    ApiResponse other = server.ask("POST", PATH, FloServer.SEC, TICK.replace("1", "2"), Map.of());
    tell(other, false);
    assertThat(id(publish())).isNotEqualTo(id(first));
  }

  @Test
  void nothingIsRecognisedIfTheAppDoesNotWantIt() {
    start(PushFloLimits.builder().dedupMs(0).build());
    ApiResponse first = publish();
    assertThat(first.sent()).isNull();
    assertThat(id(publish())).isNotEqualTo(id(first));
  }
}
