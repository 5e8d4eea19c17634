package io.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.auth.Access.Verdict;
import io.fluxy.auth.Project;
import io.fluxy.chat.RoomId;
import io.fluxy.chat.RoomType;
import io.fluxy.chat.User;
import io.fluxy.http.ApiRequest;
import io.fluxy.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The host's own say in who may do what: ann owns the room, bob is nobody in it. */
class AccessTest {
  private static final RoomId LOBBY = new RoomId("shop", "lobby");

  private Verdict verdict = Verdict.BY_MEMBERSHIP;
  private final Fluxy fluxy =
      Fluxy.builder()
          .project(Project.named("shop"))
          .access((who, room, command) -> CompletableFuture.completedStage(verdict))
          .start();

  AccessTest() {
    of(fluxy.createRoom(LOBBY, RoomType.GROUP, "Lobby", "ann"));
  }

  @AfterEach
  void stop() {
    fluxy.close();
  }

  @Test
  void whereTheHostLeavesItToTheRoomMembershipDecides() {
    assertThat(read("ann")).isEqualTo(200);
    assertThat(read("bob")).isEqualTo(403);
    assertThat(send("bob")).isEqualTo(403);
  }

  @Test
  void aMemberWhomTheHostDeniesNeitherReadsNorSends() {
    verdict = Verdict.NO;

    assertThat(read("ann")).isEqualTo(403);
    assertThat(send("ann")).isEqualTo(403);
  }

  @Test
  void whomTheHostLetsInBecomesAMember() {
    verdict = Verdict.YES;
    assertThat(send("bob")).isEqualTo(200);
    assertThat(read("bob")).isEqualTo(200);

    verdict = Verdict.BY_MEMBERSHIP;
    assertThat(read("bob")).isEqualTo(200);
  }

  private int read(String userId) {
    return answer("GET", "/api/messages?roomId=lobby", userId, "");
  }

  private int send(String userId) {
    return answer("POST", "/messages", userId, "{\"roomId\":\"lobby\",\"content\":\"hi\"}");
  }

  private int answer(String method, String target, String userId, String body) {
    String token = of(fluxy.mintToken("shop", User.named(userId), 60));
    ApiResponse response =
        of(
            fluxy.answer(
                ApiRequest.of(
                    method,
                    target,
                    Map.of("Authorization", "Bearer " + token),
                    body.getBytes(StandardCharsets.UTF_8),
                    "127.0.0.1")));
    return response.status();
  }

  private static <T> T of(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
