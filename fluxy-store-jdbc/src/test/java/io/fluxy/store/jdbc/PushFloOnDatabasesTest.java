package io.fluxy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.Fluxy;
import io.fluxy.auth.Project;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import io.fluxy.protocol.pushflo.PushFlo;
import io.fluxy.protocol.pushflo.PushFloApp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PushFlo's channels over a database: what was answered with 201 is there after a restart. */
@Timeout(60)
class PushFloOnDatabasesTest {
  private static final String MESSAGES = "/api/v1/channels/orders/messages";

  @TempDir Path folder;

  private static Fluxy engine(JdbcStore store) {
    PushFlo pushFlo = new PushFlo(PushFloApp.of("shop").key("sec_0123456789abcdef"));
    return Fluxy.builder().store(store).project(Project.named("shop")).protocol(pushFlo).start();
  }

  private static String ask(Fluxy fluxy, String method, String path, String body) {
    Map<String, String> headers = Map.of("Authorization", "Bearer sec_0123456789abcdef");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    ApiResponse answer =
        fluxy
            .answer(ApiRequest.of(method, path, headers, bytes, "192.0.2.1"))
            .toCompletableFuture()
            .orTimeout(30, TimeUnit.SECONDS)
            .join();
    return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String publish(int n) {
    return "{\"content\":{\"n\":%d,\"ü\":\"👋\"},\"eventType\":\"order.new\",\"clientId\":\"c %d\",\"id\":\"order #%d\"}"
        .formatted(n, n, n);
  }

  @ParameterizedTest
  @EnumSource
  void channelsAndWhatWasPublishedToThemSurviveARestart(TestDatabase kind) {
    String url = kind.url(folder, "pushflo");
    String channel;
    String history;
    String first;
    try (Fluxy fluxy = engine(kind.open(url))) {
      String made =
          "{\"name\":\"Orders\",\"slug\":\"orders\",\"description\":\"ä\",\"metadata\":{\"a\":[1]},\"isPrivate\":true}";
      assertThat(ask(fluxy, "POST", "/api/v1/channels", made)).startsWith("201 ");
      first = ask(fluxy, "POST", MESSAGES, publish(1));
      assertThat(first).startsWith("201 ");
      assertThat(ask(fluxy, "POST", MESSAGES, publish(2))).startsWith("201 ");
      channel = ask(fluxy, "GET", "/api/v1/channels/orders", "");
      history = ask(fluxy, "GET", MESSAGES, "");
    }
    assertThat(channel)
        .contains("\"description\":\"ä\"", "\"metadata\":{\"a\":[1]}", "\"messageCount\":2");
    assertThat(history)
        .contains(
            "\"eventType\":\"order.new\",\"clientId\":\"c 2\",\"content\":{\"n\":2,\"ü\":\"👋\"}",
            "\"total\":2");

    try (Fluxy fluxy = engine(kind.open(url))) {
      assertThat(ask(fluxy, "GET", "/api/v1/channels/orders", "")).isEqualTo(channel);
      assertThat(ask(fluxy, "GET", MESSAGES, "")).isEqualTo(history);
      assertThat(ask(fluxy, "POST", MESSAGES, publish(1)))
          .as("what is sent again is the same message")
          .isEqualTo(first.replace("}}", ",\"repeated\":true}}"));
      assertThat(ask(fluxy, "GET", "/api/v1/channels", "")).contains("\"total\":1");
      assertThat(ask(fluxy, "DELETE", "/api/v1/channels/orders", "")).isEqualTo("204 ");
      assertThat(ask(fluxy, "GET", MESSAGES, "")).startsWith("404 ");
    }
  }
}
