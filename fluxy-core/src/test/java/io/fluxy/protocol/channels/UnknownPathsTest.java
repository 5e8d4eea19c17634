package io.fluxy.protocol.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.protocol.FakeServer;
import io.fluxy.store.Store;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * FluxyChat and plain channels share {@code /events} and {@code /ws}: who answers there, and what
 * nobody does, which is the host's.
 */
class UnknownPathsTest {
  private final PlainServer both = PlainServer.start();
  private final FakeServer chat = new FakeServer(Store.inMemory(), builder -> {}) {};

  private static String posted(FakeServer server, String path) {
    return FakeServer.shown(server.answers("POST", path, Map.of(), "{}"));
  }

  private static String opened(FakeServer server, String path) {
    var refusal = server.shakes(path, Map.of()).refusal();
    return refusal == null ? "accepted" : FakeServer.shown(refusal);
  }

  @ParameterizedTest
  @CsvSource({"/events/other", "/events/publish/x", "/ws", "/ws/", "/ws/a/b", "/ws/rooms/a"})
  void whatNobodyServesIsLeftToTheHost(String path) {
    assertThat(both.fluxy.serves(path)).isFalse();
    assertThat(chat.fluxy.serves(path)).isFalse();
    assertThat(posted(both, path)).isEqualTo("404 Not Found");
    assertThat(opened(both, path)).isEqualTo("404 Not Found");
    assertThat(opened(chat, path)).isEqualTo("404 Not Found");
  }

  @ParameterizedTest
  @CsvSource({"/events/publish", "/ws/a", "/ws/room"})
  void whatIsPlainChannelsIsNobodysWithoutThem(String path) {
    assertThat(both.fluxy.serves(path)).isTrue();
    assertThat(chat.fluxy.serves(path)).isFalse();
    assertThat(posted(chat, path)).isEqualTo("404 Not Found");
    assertThat(opened(chat, path)).isEqualTo("404 Not Found");
  }

  @Test
  void eachAnswersInItsOwnWords() {
    for (FakeServer server : new FakeServer[] {both, chat}) {
      assertThat(posted(server, "/events"))
          .matches("401 \\{\"traceId\":\"[^\"]+\",\"error\":\"unauthorized\"}");
      assertThat(opened(server, "/ws/room/lobby")).isEqualTo("401 Unauthorized");
      assertThat(opened(server, "/ws/user/ann")).isEqualTo("401 Unauthorized");
      assertThat(opened(server, "/ws/room/lobby/more"))
          .matches("401 \\{\"traceId\":\"[^\"]+\",\"error\":\"unauthorized\"}");
    }
    assertThat(opened(both, "/ws/a")).isEqualTo("accepted");
    assertThat(opened(both, "/ws/room")).as("a channel of that name").isEqualTo("accepted");
    assertThat(posted(both, "/events/publish")).startsWith("401 ").doesNotContain("traceId");
  }
}
