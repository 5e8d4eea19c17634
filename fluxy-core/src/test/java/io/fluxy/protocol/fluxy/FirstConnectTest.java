package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The traffic of the stock SDK's first connect, in its order (contract 10), and what it makes of
 * the answers (contract 2.6). The SDK is in no package registry, so a stand-in says what it says.
 */
class FirstConnectTest {
  private final ChatServer server = ChatServer.withLobby();

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private static Map<String, @Nullable Object> object(String frame) {
    return Json.object(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theSdkConnectsReadsAndSends() {
    server.says("bob", "lobby", "welcome");
    Client bob = server.joins("bob", "lobby");
    Reply minted =
        server
            .call("POST", "/auth/token")
            .key(ChatServer.ACME_KEY)
            .json("{'userId':'ann','roles':['member'],'ttlSeconds':3600}")
            .now();
    String token = minted.token();
    assertThat((Long) minted.get("expiresIn"))
        .as("with five minutes or less it would reconnect every half minute")
        .isGreaterThan(300);

    // 1. The socket, with the snapshot in it.
    Client sdk =
        server.connect(
            "/ws/room/lobby?token=" + token + "&userId=ann&replay=connect&replayLimit=50&cache=1");
    List<String> frames = sdk.hears();
    assertThat(
            frames.stream()
                .map(FirstConnectTest::object)
                .map(frame -> String.valueOf(frame.get("type"))))
        .containsExactly(
            "cache_snapshot", "replay", "subscription_succeeded", "presence", "subscription_count");
    List<?> snapshot = (List<?>) Objects.requireNonNull(object(frames.get(1)).get("messages"));
    Map<?, ?> first = (Map<?, ?>) snapshot.get(0);
    assertThat(first)
        .extracting("id", "roomId", "userId", "content", "createdAt", "deletedAt", "kind")
        .containsExactly(
            134217731L, "lobby", "bob", "welcome", "2026-01-31T12:00:01.000Z", null, "text");

    // 2. History by REST.
    Reply history = server.get(token, "/api/messages?roomId=lobby&limit=50");
    assertThat(history.get("messages")).isEqualTo(List.of(first));
    assertThat(history.get("reactions")).isEqualTo(Map.of());

    // 3. and 4. What it asks for and can do without.
    assertThat(server.get(null, "/client/feature-flags").status()).isEqualTo(200);
    assertThat(server.get(token, "/api/rooms/lobby/messages/crdt-snapshot").status())
        .isEqualTo(404);

    // 5. A send by REST; its echo matches the optimistic row by the client message id.
    String cmsg = "cmsg_0b7e3f52-6f0c-4f7e-9f3d-0a8e3a5b9c11";
    Reply sent =
        server.post(
            token,
            "/messages",
            "{'roomId':'lobby','content':'hello','replyTo':null,'clientMessageId':'" + cmsg + "'}");
    Map<String, @Nullable Object> echo = object(sdk.last());
    assertThat(sent.message().get("clientMessageId")).isEqualTo(cmsg);
    assertThat(echo)
        .containsEntry("type", "message")
        .containsEntry("clientMessageId", cmsg)
        .containsEntry("id", sent.message().get("id"));
    assertThat(object(bob.last())).isEqualTo(echo);

    // Edits and deletes come by the socket and are matched by ===, so the id is the same number.
    server.patch(token, "/messages/" + sent.messageId(), "{'content':'hello!'}");
    assertThat(object(sdk.hears().get(0)))
        .containsEntry("type", "edit")
        .containsEntry("id", sent.messageId());
    server.delete(token, "/messages/" + sent.messageId());
    assertThat(object(sdk.hears().get(0)))
        .containsEntry("type", "delete")
        .containsEntry("id", sent.messageId())
        .containsEntry("hard", false);

    // The heartbeat.
    server.time.pass(25_000);
    assertThat(object(sdk.says("{'type':'ping'}").last())).containsEntry("type", "pong");

    // A refused REST send goes out again by the socket, and is one message in the end.
    sdk.says(
        "{'type':'message','userId':'ann','content':'hello','clientMessageId':'"
            + cmsg
            + "','parentId':null,'attachments':[]}");
    assertThat(object(sdk.last())).containsEntry("id", sent.messageId());
    assertThat(bob.hears("message")).isEmpty();
  }

  @Test
  void theSdkWithAnApiKeyAloneGetsAnAnonymousToken() {
    server.room("plaza", "public", "ann");
    assertThat(
            server
                .call("GET", "/api/messages?roomId=plaza&limit=50")
                .key(ChatServer.ACME_KEY)
                .now())
        .hasToString("401 Unauthorized");
    Reply minted =
        server.call("POST", "/tokens/anonymous").key(ChatServer.ACME_KEY).json("{}").now();

    Client sdk =
        server.connect(
            "/ws/room/plaza?token="
                + minted.token()
                + "&userId="
                + minted.text("userId")
                + "&replay=connect&replayLimit=50&cache=1&apiKey="
                + ChatServer.ACME_KEY);
    assertThat(sdk.hears()).hasSize(4);
    assertThat(server.get(minted.token(), "/api/messages?roomId=plaza&limit=50").status())
        .isEqualTo(200);
  }

  @Test
  void theSdkThatCannotHaveASocketStreamsAndThenPolls() {
    String token = server.token("ann");
    Client stream = server.streams(token, "lobby");
    assertThat(object(stream.hears().get(0))).containsEntry("type", "history");
    server.says("bob", "lobby", "streamed");
    assertThat(object(stream.last())).containsEntry("content", "streamed");

    stream.leaves();
    server.says("bob", "lobby", "polled");
    assertThat(server.get(token, "/api/messages?roomId=lobby&limit=50").toString())
        .contains("polled")
        .contains("streamed");
  }
}
